#include "common/engines/allocation/training_draft.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/decimal/rounding.h"

namespace teraju::allocation {

std::int64_t TrainingDraft::Left() const {
  const std::vector<std::int64_t> spent = payments_.Spent();
  return std::accumulate(problem_.budgets.begin(), problem_.budgets.end(), std::int64_t{0}) -
         std::accumulate(spent.begin(), spent.end(), std::int64_t{0});
}

bool TrainingDraft::Take(int index) {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = OfferingOf(arc);
  const bool first = !IsHeld(arc.offering);
  const int offering_class = classes_.of_offering[arc.offering];
  if (first && !payments_.Pay(offering_class, offering.fixed_cost)) return false;
  if (!payments_.Pay(classes_.of_person[arc.person], offering.cost_per_seat)) {
    if (first) payments_.Refund(offering_class, offering.fixed_cost);
    return false;
  }
  chosen_[index] = true;
  ++participants_[arc.offering];
  for (const int need : arc.needs) ++times_met_[need];
  return true;
}

void TrainingDraft::Drop(int index) {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = OfferingOf(arc);
  chosen_[index] = false;
  payments_.Refund(classes_.of_person[arc.person], offering.cost_per_seat);
  if (--participants_[arc.offering] == 0) {
    payments_.Refund(classes_.of_offering[arc.offering], offering.fixed_cost);
  }
  for (const int need : arc.needs) --times_met_[need];
}

void TrainingDraft::DropOffering(int offering) {
  for (const int arc : arcs_.of_offering[offering]) {
    if (chosen_[arc]) Drop(arc);
  }
}

Decimal TrainingDraft::GainOf(int index) const {
  Decimal gain;
  for (const int need : arcs_.arcs[index].needs) {
    if (!IsMet(need)) gain += problem_.needs[need].weight;
  }
  return gain;
}

std::vector<int> TrainingDraft::BestArcs(int offering) const {
  std::vector<std::pair<Decimal, int>> gains;
  for (const int arc : arcs_.of_offering[offering]) gains.emplace_back(GainOf(arc), arc);
  std::stable_sort(
      gains.begin(), gains.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const auto seats = static_cast<std::size_t>(problem_.offerings[offering].seats);
  std::vector<int> best;
  for (std::size_t i = 0; i < std::min(seats, gains.size()); ++i) best.push_back(gains[i].second);
  return best;
}

double TrainingDraft::WorthOf(int index) const {
  const Offering& offering = problem_.offerings[index];
  const std::vector<int> arcs = BestArcs(index);
  Decimal gain;
  for (const int arc : arcs) gain += GainOf(arc);
  const auto cost =
      offering.fixed_cost + static_cast<std::int64_t>(arcs.size()) * offering.cost_per_seat;
  return static_cast<double>(ToRational(gain)) / static_cast<double>(cost + 1);
}

void TrainingDraft::Seed() {
  std::vector<std::pair<double, int>> order;
  for (int i = 0; i < static_cast<int>(problem_.offerings.size()); ++i) {
    if (NeedsDecision(problem_.offerings[i])) order.emplace_back(WorthOf(i), i);
  }
  std::stable_sort(
      order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [worth, offering] : order) {
    for (const int arc : BestArcs(offering)) {
      if (GainOf(arc).sign() > 0 && !BusyWithAnother(arcs_.arcs[arc])) Take(arc);
    }
    if (participants_[offering] < problem_.offerings[offering].minimum_participants) {
      DropOffering(offering);
    }
  }
  Complete();
}

// A seat that meets nothing new, in an offering that takes place without it.
void TrainingDraft::DropRepetitions(std::vector<bool>& wanted) const {
  std::vector<int> times(problem_.needs.size(), 0);
  std::vector<int> seats(problem_.offerings.size(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i]) continue;
    ++seats[arcs_.arcs[i].offering];
    for (const int need : arcs_.arcs[i].needs) ++times[need];
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Arc& arc = arcs_.arcs[i];
    const bool repeats =
        std::all_of(arc.needs.begin(), arc.needs.end(), [&](int need) { return times[need] > 1; });
    const int minimum = problem_.offerings[arc.offering].minimum_participants;
    const bool spare = minimum <= 1 || seats[arc.offering] > minimum;
    if (!wanted[i] || !repeats || !spare) continue;
    wanted[i] = false;
    --seats[arc.offering];
    for (const int need : arc.needs) --times[need];
  }
}

void TrainingDraft::Restore(std::vector<bool> wanted) {
  DropRepetitions(wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Arc& arc = arcs_.arcs[i];
    const bool fits = participants_[arc.offering] < OfferingOf(arc).seats && !BusyWithAnother(arc);
    if (wanted[i] && fits) Take(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < problem_.offerings.size(); ++i) {
    if (participants_[i] < problem_.offerings[i].minimum_participants) {
      DropOffering(static_cast<int>(i));
    }
  }
}

bool TrainingDraft::BusyWithAnother(const Arc& arc) const {
  const auto& others = arcs_.of_person[arc.person];
  return std::any_of(others.begin(), others.end(), [&](int other) {
    return chosen_[other] && OfferingOf(arcs_.arcs[other]).days.Clashes(OfferingOf(arc).days);
  });
}

bool TrainingDraft::CanAfford(const Arc& arc) {
  const int index = static_cast<int>(&arc - arcs_.arcs.data());
  if (!Take(index)) return false;
  Drop(index);
  return true;
}

Refusal TrainingDraft::BlockerOf(const Arc& arc) {
  const Offering& offering = OfferingOf(arc);
  if (!IsHeld(arc.offering) && offering.minimum_participants > 1) {
    const auto candidates = static_cast<std::int64_t>(arcs_.of_offering[arc.offering].size());
    const std::int64_t cost =
        offering.fixed_cost + offering.minimum_participants * offering.cost_per_seat;
    const bool too_dear = candidates >= offering.minimum_participants && cost > Left();
    return too_dear ? Refusal::kBudget : Refusal::kMinimumNotReached;
  }
  if (BusyWithAnother(arc)) return Refusal::kClash;
  if (participants_[arc.offering] >= offering.seats) return Refusal::kSeats;
  return CanAfford(arc) ? Refusal::kNone : Refusal::kBudget;
}

std::vector<int> TrainingDraft::CheapestFirst(const std::vector<int>& arcs) const {
  std::vector<int> sorted = arcs;
  std::stable_sort(sorted.begin(), sorted.end(), [&](int a, int b) {
    return OfferingOf(arcs_.arcs[a]).cost_per_seat < OfferingOf(arcs_.arcs[b]).cost_per_seat;
  });
  return sorted;
}

// Meets the need if anything still can; otherwise says why not.
TrainingDecision TrainingDraft::Decide(int need) {
  TrainingDecision decision{-1, Refusal::kNoOffering};
  for (const int offering : arcs_.clashing[need]) decision = {offering, Refusal::kClash};
  for (const int index : CheapestFirst(arcs_.of_need[need])) {
    const Arc& arc = arcs_.arcs[index];
    const Refusal blocker = BlockerOf(arc);
    if (blocker == Refusal::kNone) {
      Take(index);
      return {arc.offering, Refusal::kNone};
    }
    if (blocker < decision.refusal) decision = {arc.offering, blocker};
  }
  return decision;
}

void TrainingDraft::Complete() {
  std::vector<int> order(problem_.needs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return problem_.needs[a].weight > problem_.needs[b].weight;
  });
  decisions_.assign(problem_.needs.size(), {});
  for (const int need : order) {
    if (!IsMet(need)) Decide(need);
  }
  // What was added may have taken the last seat from a need that was looked at before: the reasons
  // come from the end.
  for (const int need : order) {
    if (!IsMet(need)) decisions_[need] = Decide(need);
  }
  for (const int need : order) {
    for (const int arc : arcs_.of_need[need]) {
      if (chosen_[arc]) decisions_[need] = {arcs_.arcs[arc].offering, Refusal::kNone};
    }
  }
}

TrainingPlan TrainingDraft::Finish() const {
  TrainingPlan plan;
  plan.decisions = decisions_;
  plan.participants.resize(problem_.offerings.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    if (chosen_[i]) plan.participants[arcs_.arcs[i].offering].push_back(arcs_.arcs[i].person);
  }
  plan.spent = payments_.Spent();
  plan.objective = Objective();
  return plan;
}

Decimal TrainingDraft::Objective() const {
  Decimal objective;
  for (std::size_t need = 0; need < problem_.needs.size(); ++need) {
    if (IsMet(static_cast<int>(need))) objective += problem_.needs[need].weight;
  }
  return objective;
}

}  // namespace teraju::allocation
