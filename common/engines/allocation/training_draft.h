// A training plan being made, exact to the last currency unit: what the solver's answer becomes,
// and what is made where it has none. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "common/engines/allocation/payments.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_model.h"

namespace teraju::allocation {

// Every limit holds at any time, minima but while Seed and Restore run.
class TrainingDraft {
 public:
  TrainingDraft(const TrainingProblem& problem,
                const TrainingArcs& arcs,
                const ChargeClasses& classes)
      : problem_(problem),
        arcs_(arcs),
        classes_(classes),
        payments_(problem.budgets, classes.budgets),
        chosen_(arcs.arcs.size(), false),
        participants_(problem.offerings.size(), 0),
        times_met_(problem.needs.size(), 0) {}

  // A first plan, quickly: courses that must be decided about by what they meet for their money,
  // then what else fits.
  void Seed();
  // Takes over what the solver chose; its tolerances are not ours, so that everything is checked
  // again.
  void Restore(std::vector<bool> wanted);
  // Adds what still fits, heaviest needs first.
  void Complete();
  // Without bounds.
  TrainingPlan Finish() const;

  const std::vector<bool>& chosen() const { return chosen_; }  // of each arc
  bool IsHeld(int offering) const { return participants_[offering] > 0; }
  Decimal Objective() const;

 private:
  bool IsMet(int need) const { return times_met_[need] > 0; }
  std::int64_t Left() const;
  // What taking the arc would add.
  Decimal GainOf(int arc) const;
  // The arcs of an offering that add most, as many as there are seats.
  std::vector<int> BestArcs(int offering) const;
  // Gain per currency unit of holding the offering with its best arcs.
  double WorthOf(int offering) const;
  // What keeps the arc out, the hardest to remove first; kNone when it fits.
  Refusal BlockerOf(const Arc& arc);
  bool BusyWithAnother(const Arc& arc) const;
  bool CanAfford(const Arc& arc);
  // Charges and counts; false when the money is not there.
  bool Take(int arc);
  void Drop(int arc);
  void DropOffering(int offering);
  void DropRepetitions(std::vector<bool>& wanted) const;
  TrainingDecision Decide(int need);
  std::vector<int> CheapestFirst(const std::vector<int>& arcs) const;
  const Offering& OfferingOf(const Arc& arc) const { return problem_.offerings[arc.offering]; }

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const ChargeClasses& classes_;
  Payments payments_;
  std::vector<bool> chosen_;
  std::vector<int> participants_;
  std::vector<int> times_met_;
  std::vector<TrainingDecision> decisions_;
};

}  // namespace teraju::allocation
