#include "common/engines/allocation/training.h"

#include <algorithm>
#include <utility>

#include "common/decimal/rounding.h"
#include "common/engines/allocation/training_draft.h"
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

// The seed as the solver's first solution: all its decisions.
std::vector<Mip::Term> StartOf(const TrainingDraft& seed, const TrainingModel& model) {
  std::vector<Mip::Term> start;
  for (std::size_t i = 0; i < model.arc_columns.size(); ++i) {
    start.push_back({model.arc_columns[i], seed.chosen()[i] ? 1.0 : 0.0});
  }
  for (std::size_t i = 0; i < model.held_columns.size(); ++i) {
    if (model.held_columns[i] < 0) continue;
    start.push_back({model.held_columns[i], seed.IsHeld(static_cast<int>(i)) ? 1.0 : 0.0});
  }
  return start;
}

std::vector<bool> ChosenBy(const Mip::Solution& solution, const TrainingModel& model) {
  std::vector<bool> chosen(model.arc_columns.size(), false);
  for (std::size_t i = 0; i < chosen.size() && !solution.columns.empty(); ++i) {
    chosen[i] = solution.columns[model.arc_columns[i]] > 0.5;
  }
  return chosen;
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
  TrainingDraft seed(problem, arcs, classes);
  seed.Seed();
  ASSIGN_OR_RETURN(const Mip::Relaxation relaxation, model.mip.Relax());
  ASSIGN_OR_RETURN(const Mip::Solution solution, model.mip.Solve(limits, StartOf(seed, model)));
  TrainingDraft solved(problem, arcs, classes);
  solved.Restore(ChosenBy(solution, model));
  solved.Complete();
  TrainingPlan plan = (seed.Objective() > solved.Objective() ? seed : solved).Finish();
  AddBounds(model, relaxation, solution.bound, plan);
  return plan;
}

}  // namespace teraju::allocation
