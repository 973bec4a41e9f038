// A training plan being made, exact to the last currency unit: what the solver's answer becomes,
// and what is made where it has none. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "common/engines/allocation/payments.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_arcs.h"

namespace teraju::allocation {

// Every limit holds at any time; minima only after CloseShort.
class TrainingDraft {
 public:
  TrainingDraft(const TrainingProblem& problem, const TrainingArcs& arcs);

  // Takes what can stay of the earlier seats, where they are not priced; it is not given up again.
  void AdoptKept();
  // Takes the arcs, in this order, that still fit.
  void Adopt(const std::vector<int>& arcs);
  // Ends offerings with too few participants.
  void CloseShort();
  // Gives back seats that add nothing, in offerings that take place without them.
  void DropUseless();
  // Adds what still fits, most valuable for its money first, and opens what can be filled.
  void Complete();

  bool Has(int arc) const { return chosen_[arc]; }
  bool Stays(int arc) const { return stays_[arc]; }
  int ParticipantsOf(int offering) const { return participants_[offering]; }
  int ClassesOf(int offering) const;
  const Payments& payments() const { return payments_; }
  // What a need has of its gap closed, in thousandths.
  int ClosedOf(int need) const;
  // The exact value of all that was taken.
  TrainingGain Gain() const;
  double Value() const;
  // What taking the arc of this index would add, or dropping it would lose.
  double MarginalOf(int index) const;
  double LossOf(int index) const;

  // Whether the person is free for it: no clash, no repetition, hours and prerequisites in order.
  bool PersonCan(int arc) const { return ObstacleOf(arc) == Refusal::kNone; }
  Refusal ObstacleOf(int index) const;
  bool HasSeat(int arc) const;
  // Whether one more participant needs one more class.
  bool OpensClass(int offering) const;
  bool Take(int index);  // false when something is in the way
  // Also what it builds on, if need be.
  bool TakeWithPrerequisites(int arc);
  // With what builds on it.
  void Drop(int index);
  // Those who would gain from a class that does not take place yet, the best first, as many as it
  // has seats.
  std::vector<int> CandidatesFor(int offering) const;

  // Without decisions and bounds.
  TrainingPlan Finish() const;

 private:
  bool Enabled(int arc) const;
  bool Depends(int arc, int on) const;
  bool IsBuiltOn(int arc) const;
  // Seats only for what builds on them, which is not there.
  bool DropUnused();
  bool TryToOpen(int offering);
  void AddSingles();
  void DropOffering(int offering);

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  Payments payments_;
  std::vector<bool> chosen_;
  std::vector<bool> stays_;  // chosen, not to be dropped for others
  std::vector<int> participants_;
  std::vector<int> closed_;               // of each need: thousandths, uncapped
  std::vector<int> hours_;                // of each person
  std::vector<std::vector<int>> covers_;  // of each target: seats of each person
  std::vector<int> covered_;              // of each target: persons
};

}  // namespace teraju::allocation
