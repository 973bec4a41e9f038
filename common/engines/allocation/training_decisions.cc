#include "common/engines/allocation/training_decisions.h"

#include <algorithm>
#include <map>
#include <utility>

namespace teraju::allocation {
namespace {

class Decider {
 public:
  Decider(const TrainingProblem& problem, const TrainingArcs& arcs, const TrainingDraft& draft)
      : problem_(problem), arcs_(arcs), draft_(draft) {}

  TrainingDecision Decide(int need) const {
    for (const int arc : arcs_.of_need[need]) {
      if (!draft_.Has(arc)) continue;
      return {.offering = arcs_.arcs[arc].offering,
              .closed = Decimal(Integer(draft_.ClosedOf(need)), 3).Normalized()};
    }
    TrainingDecision decision{.refusal = Refusal::kNoOffering};
    for (const auto& [offering, refusal] : arcs_.blocked[need]) {
      if (refusal < decision.refusal) decision = {.offering = offering, .refusal = refusal};
    }
    for (const int arc : CheapestFirst(arcs_.of_need[need])) {
      const Refusal blocker = BlockerOf(arc);
      if (blocker < decision.refusal) {
        decision = {.offering = arcs_.arcs[arc].offering, .refusal = blocker};
        AddFigures(arc, decision);
      }
    }
    return decision;
  }

 private:
  const Offering& OfferingOf(int arc) const { return problem_.offerings[arcs_.arcs[arc].offering]; }

  std::vector<int> CheapestFirst(const std::vector<int>& arcs) const {
    std::vector<int> sorted = arcs;
    std::stable_sort(sorted.begin(), sorted.end(), [&](int a, int b) {
      return OfferingOf(a).cost_per_seat < OfferingOf(b).cost_per_seat;
    });
    return sorted;
  }

  const std::vector<int>& CandidatesOf(int offering) const {
    const auto [at, added] = candidates_.try_emplace(offering);
    if (added) at->second = draft_.CandidatesFor(offering);
    return at->second;
  }

  // What keeps the arc out, the hardest to remove first.
  Refusal BlockerOf(int index) const {
    const Arc& arc = arcs_.arcs[index];
    const Offering& offering = OfferingOf(index);
    const bool opens = draft_.OpensClass(arc.offering) && draft_.HasSeat(index);
    if (opens && offering.minimum_participants > 1) {
      if (offering.seats < offering.minimum_participants) return Refusal::kMinimumNotReached;
      const std::vector<int>& candidates = CandidatesOf(arc.offering);
      if (static_cast<int>(candidates.size()) < offering.minimum_participants) {
        const bool ever = static_cast<int>(arcs_.of_offering[arc.offering].size()) >=
                          offering.minimum_participants;
        return ever && Lacking(index) > 0 ? Refusal::kBudget : Refusal::kMinimumNotReached;
      }
      return Lacking(index) > 0 ? Refusal::kBudget : Refusal::kLowerPriority;
    }
    const Refusal obstacle = draft_.ObstacleOf(index);
    if (obstacle != Refusal::kNone) return obstacle;
    if (!draft_.HasSeat(index)) return Refusal::kSeats;
    return Lacking(index) > 0 ? Refusal::kBudget : Refusal::kLowerPriority;
  }

  // What the money that is left lacks for the seat, with what opening a class would cost.
  std::int64_t Lacking(int index) const {
    const Arc& arc = arcs_.arcs[index];
    const Offering& offering = OfferingOf(index);
    Payments payments = draft_.payments();
    const int payers = arcs_.classes.of_offering[arc.offering];
    const bool opens = draft_.OpensClass(arc.offering);
    std::int64_t lacking = opens ? payments.PayWhatThereIs(payers, offering.fixed_cost) : 0;
    lacking += payments.PayWhatThereIs(arc.charge_class, offering.cost_per_seat);
    if (!opens) return lacking;
    int others = offering.minimum_participants - 1;
    for (const int other : CandidatesOf(arc.offering)) {
      if (other == index || others-- <= 0) continue;
      lacking += payments.PayWhatThereIs(arcs_.arcs[other].charge_class, offering.cost_per_seat);
    }
    return lacking;
  }

  void AddFigures(int index, TrainingDecision& decision) const {
    const Arc& arc = arcs_.arcs[index];
    if (decision.refusal == Refusal::kBudget) {
      decision.missing = Lacking(index);
      const bool seat = OfferingOf(index).cost_per_seat > 0;
      const auto& payers =
          arcs_.classes.budgets[seat ? arc.charge_class : arcs_.classes.of_offering[arc.offering]];
      for (const int budget : payers) {
        const bool more = decision.budget < 0 || draft_.payments().LeftOf(budget) >
                                                     draft_.payments().LeftOf(decision.budget);
        if (more) decision.budget = budget;
      }
    }
    if (decision.refusal != Refusal::kSeats) return;
    const Decimal* lowest = nullptr;
    for (const int other : arcs_.of_offering[arc.offering]) {
      if (!draft_.Has(other)) continue;
      for (const int need : arcs_.arcs[other].needs) {
        const Decimal& weight = problem_.needs[need].weight;
        if (lowest == nullptr || weight < *lowest) lowest = &weight;
      }
    }
    if (lowest != nullptr) decision.lowest_served = *lowest;
  }

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const TrainingDraft& draft_;
  mutable std::map<int, std::vector<int>> candidates_;  // of offerings that were asked about
};

}  // namespace

std::vector<TrainingDecision> DecideNeeds(const TrainingProblem& problem,
                                          const TrainingArcs& arcs,
                                          const TrainingDraft& draft) {
  const Decider decider(problem, arcs, draft);
  std::vector<TrainingDecision> decisions;
  for (std::size_t need = 0; need < problem.needs.size(); ++need) {
    decisions.push_back(decider.Decide(static_cast<int>(need)));
  }
  return decisions;
}

}  // namespace teraju::allocation
