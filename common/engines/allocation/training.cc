#include "common/engines/allocation/training.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>

#include "common/decimal/rounding.h"
#include "common/engines/allocation/payments.h"
#include "common/engines/allocation/training_model.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::allocation {
namespace {

constexpr int kBoundDigits = 6;
constexpr int kMarginalDigits = 12;

absl::Status Check(const TrainingProblem& problem) {
  const auto exist = [](const std::vector<int>& positions, std::size_t size) {
    return std::all_of(positions.begin(), positions.end(), [&](int position) {
      return position >= 0 && position < static_cast<int>(size);
    });
  };
  bool good = std::all_of(problem.budgets.begin(), problem.budgets.end(), [](std::int64_t amount) {
    return amount >= 0;
  });
  for (const TrainingPerson& person : problem.persons) {
    good = good && exist(person.budgets, problem.budgets.size());
  }
  for (const TrainingNeed& need : problem.needs) {
    good = good && exist({need.person}, problem.persons.size()) && need.weight.sign() > 0;
  }
  for (const Offering& offering : problem.offerings) {
    good = good && exist(offering.budgets, problem.budgets.size()) && offering.seats >= 0 &&
           offering.minimum_participants >= 0 && offering.cost_per_seat >= 0 &&
           offering.fixed_cost >= 0 && offering.days.first <= offering.days.last;
  }
  if (good) return absl::OkStatus();
  return errors::InvalidArgument(
      errors::reasons::FIELD_INVALID,
      "A training problem has weights above 0, amounts of at least 0 and positions that exist.");
}

// A plan being made: exact, and within every limit at any time but for minima while Restore runs.
class Draft {
 public:
  Draft(const TrainingProblem& problem, const TrainingArcs& arcs, const ChargeClasses& classes)
      : problem_(problem),
        arcs_(arcs),
        classes_(classes),
        payments_(problem.budgets, classes.budgets),
        chosen_(arcs.arcs.size(), false),
        participants_(problem.offerings.size(), 0),
        times_met_(problem.needs.size(), 0) {}

  // Takes over what the solver chose; its tolerances are not ours, so that everything is checked
  // again.
  void Restore(std::vector<bool> wanted);
  // Adds what still fits, heaviest needs first.
  void Complete();
  TrainingPlan Finish() const;

 private:
  bool IsMet(int need) const { return times_met_[need] > 0; }
  bool IsHeld(int offering) const { return participants_[offering] > 0; }
  std::int64_t Left() const;
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

std::int64_t Draft::Left() const {
  const std::vector<std::int64_t> spent = payments_.Spent();
  return std::accumulate(problem_.budgets.begin(), problem_.budgets.end(), std::int64_t{0}) -
         std::accumulate(spent.begin(), spent.end(), std::int64_t{0});
}

bool Draft::Take(int index) {
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

void Draft::Drop(int index) {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = OfferingOf(arc);
  chosen_[index] = false;
  payments_.Refund(classes_.of_person[arc.person], offering.cost_per_seat);
  if (--participants_[arc.offering] == 0) {
    payments_.Refund(classes_.of_offering[arc.offering], offering.fixed_cost);
  }
  for (const int need : arc.needs) --times_met_[need];
}

void Draft::DropOffering(int offering) {
  for (const int arc : arcs_.of_offering[offering]) {
    if (chosen_[arc]) Drop(arc);
  }
}

// A seat that meets nothing new, in an offering that takes place without it.
void Draft::DropRepetitions(std::vector<bool>& wanted) const {
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

void Draft::Restore(std::vector<bool> wanted) {
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

bool Draft::BusyWithAnother(const Arc& arc) const {
  const auto& others = arcs_.of_person[arc.person];
  return std::any_of(others.begin(), others.end(), [&](int other) {
    return chosen_[other] && OfferingOf(arcs_.arcs[other]).days.Clashes(OfferingOf(arc).days);
  });
}

bool Draft::CanAfford(const Arc& arc) {
  const int index = static_cast<int>(&arc - arcs_.arcs.data());
  if (!Take(index)) return false;
  Drop(index);
  return true;
}

Refusal Draft::BlockerOf(const Arc& arc) {
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

std::vector<int> Draft::CheapestFirst(const std::vector<int>& arcs) const {
  std::vector<int> sorted = arcs;
  std::stable_sort(sorted.begin(), sorted.end(), [&](int a, int b) {
    return OfferingOf(arcs_.arcs[a]).cost_per_seat < OfferingOf(arcs_.arcs[b]).cost_per_seat;
  });
  return sorted;
}

// Meets the need if anything still can; otherwise says why not.
TrainingDecision Draft::Decide(int need) {
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

void Draft::Complete() {
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

TrainingPlan Draft::Finish() const {
  TrainingPlan plan;
  plan.decisions = decisions_;
  plan.participants.resize(problem_.offerings.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    if (chosen_[i]) plan.participants[arcs_.arcs[i].offering].push_back(arcs_.arcs[i].person);
  }
  plan.spent = payments_.Spent();
  for (std::size_t need = 0; need < problem_.needs.size(); ++need) {
    if (IsMet(static_cast<int>(need))) plan.objective += problem_.needs[need].weight;
  }
  return plan;
}

Decimal ToDecimal(double value, int digits, Rounding rounding) {
  return Round(Rational(value), digits, rounding);
}

void AddBounds(const TrainingModel& model,
               const Mip::Relaxation& relaxation,
               double bound,
               TrainingPlan& plan) {
  bound = std::min(bound, relaxation.bound);
  plan.bound = std::max(plan.objective, ToDecimal(bound, kBoundDigits, Rounding::kCeiling));
  if (plan.bound.sign() > 0) {
    const Rational gap = ToRational(plan.bound - plan.objective) / ToRational(plan.bound);
    plan.gap_percent = Round(gap * 100, 2, Rounding::kHalfUp);
  }
  for (const int row : model.budget_rows) {
    const double price = std::max(relaxation.row_prices[row], 0.0) / model.money_unit;
    plan.marginal_values.push_back(ToDecimal(price, kMarginalDigits, Rounding::kHalfUp));
  }
}

}  // namespace

std::string RefusalCode(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "";
    case Refusal::kBudget:
      return "BUDGET";
    case Refusal::kSeats:
      return "SEATS";
    case Refusal::kClash:
      return "CLASH";
    case Refusal::kMinimumNotReached:
      return "MINIMUM_NOT_REACHED";
    case Refusal::kNoOffering:
      return "NO_OFFERING";
  }
  return "";
}

absl::StatusOr<TrainingPlan> PlanTraining(const TrainingProblem& problem, const MipLimits& limits) {
  RETURN_IF_ERROR(Check(problem));
  const TrainingArcs arcs(problem);
  const ChargeClasses classes(problem);
  const TrainingModel model(problem, arcs, classes);
  ASSIGN_OR_RETURN(const Mip::Relaxation relaxation, model.mip.Relax());
  ASSIGN_OR_RETURN(const Mip::Solution solution, model.mip.Solve(limits));
  std::vector<bool> wanted(arcs.arcs.size(), false);
  for (std::size_t i = 0; i < wanted.size() && !solution.columns.empty(); ++i) {
    wanted[i] = solution.columns[model.arc_columns[i]] > 0.5;
  }
  Draft draft(problem, arcs, classes);
  draft.Restore(std::move(wanted));
  draft.Complete();
  TrainingPlan plan = draft.Finish();
  AddBounds(model, relaxation, solution.bound, plan);
  return plan;
}

}  // namespace teraju::allocation
