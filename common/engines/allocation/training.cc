#include "common/engines/allocation/training.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "common/decimal/rounding.h"
#include "common/engines/allocation/training_arcs.h"
#include "common/engines/allocation/training_check.h"
#include "common/engines/allocation/training_decisions.h"
#include "common/engines/allocation/training_draft.h"
#include "common/engines/allocation/training_model.h"
#include "common/engines/allocation/training_relaxation.h"
#include "common/errors/status_macros.h"

namespace teraju::allocation {
namespace {

constexpr int kBoundDigits = 6;
constexpr int kMarginalDigits = 12;
// Less than this of an arc in the relaxation is none.
constexpr double kSomething = 1e-6;

Decimal ToDecimal(double value, int digits, Rounding rounding) {
  return Round(Rational(value), digits, rounding);
}

// An arc that costs so much more than it is worth is not tried.
constexpr double kWorthTrying = 0.5;

// Looks for the best plan: what the relaxation suggests, then what the solver makes of it.
class Search {
 public:
  Search(const TrainingProblem& problem, const TrainingArcs& arcs, const MipLimits& limits)
      : problem_(problem),
        arcs_(arcs),
        limits_(limits),
        best_(std::make_unique<TrainingDraft>(problem, arcs)),
        uses_(arcs.arcs.size(), ArcUse::kFree) {}

  absl::Status Run() {
    best_->AdoptKept();
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      if (best_->Stays(static_cast<int>(i))) uses_[i] = ArcUse::kIn;
    }
    best_->Complete();
    relaxation_ = RelaxTraining(problem_, arcs_, uses_, limits_.seconds / 2);
    bound_ = relaxation_.bound;
    Offer(FromAmounts(relaxation_.amounts));
    if (GoodEnough()) return absl::OkStatus();
    double seconds = limits_.seconds / 2;
    if (arcs_.arcs.size() <= kArcsAtOnce) {
      seconds /= 2;
      RETURN_IF_ERROR(DecideClasses(seconds));
      if (GoodEnough()) return absl::OkStatus();
    }
    return Improve(seconds);
  }

  const TrainingDraft& best() const { return *best_; }
  double bound() const { return bound_; }
  const TrainingPrices& prices() const { return relaxation_.prices; }

 private:
  void Offer(std::unique_ptr<TrainingDraft> draft) {
    if (draft->Value() > best_->Value()) best_ = std::move(draft);
  }

  // The largest amounts first, as far as they fit: amounts are in part fractions, and the solver's
  // tolerances are not ours.
  std::unique_ptr<TrainingDraft> FromAmounts(const std::vector<double>& amounts) const {
    std::vector<int> order;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if (amounts[i] > kSomething) order.push_back(static_cast<int>(i));
    }
    std::stable_sort(
        order.begin(), order.end(), [&](int a, int b) { return amounts[a] > amounts[b]; });
    auto draft = std::make_unique<TrainingDraft>(problem_, arcs_);
    draft->AdoptKept();
    draft->Adopt(order);
    draft->CloseShort();
    draft->DropUseless();
    draft->Complete();
    return draft;
  }

  // What the solver still decides: everything where it is little. Else what the relaxation and the
  // best plan so far agree on for a person stays, and what costs more than it is worth stays out.
  std::vector<ArcUse> Undecided() const {
    std::vector<ArcUse> uses = uses_;
    if (uses.size() <= kArcsAtOnce) return uses;
    std::vector<bool> agreed(problem_.persons.size(), true);
    for (std::size_t i = 0; i < uses.size(); ++i) {
      const double classes = relaxation_.classes[arcs_.arcs[i].offering];
      const double has = best_->Has(static_cast<int>(i)) ? 1 : 0;
      const bool used = relaxation_.amounts[i] > kSomething || has > 0;
      const bool settled = std::abs(classes - std::round(classes)) < kSomething;
      const bool same = std::abs(relaxation_.amounts[i] - has) < kSomething;
      if (!same || (used && !settled)) agreed[arcs_.arcs[i].person] = false;
    }
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (uses[i] == ArcUse::kIn) continue;
      const bool has = best_->Has(static_cast<int>(i));
      if (agreed[arcs_.arcs[i].person]) {
        uses[i] = has ? ArcUse::kIn : ArcUse::kOut;
      } else if (!has && relaxation_.losses[i] > kWorthTrying) {
        uses[i] = ArcUse::kOut;
      }
    }
    return uses;
  }

  bool GoodEnough() const { return best_->Value() >= bound_ * (1 - limits_.relative_gap); }

  // Which classes take place, with seats in fractions: fixed costs and minima are most of what the
  // relaxation's bound is too high by, and there are few of them.
  absl::Status DecideClasses(double seconds) {
    const TrainingModel model(problem_, arcs_, uses_, /*whole_seats=*/false);
    const std::vector<Mip::Term> start = ClassesOf(model);
    if (start.empty()) return absl::OkStatus();
    const MipLimits limits = {.seconds = seconds, .relative_gap = limits_.relative_gap / 4};
    ASSIGN_OR_RETURN(const Mip::Solution solution, model.mip.Solve(limits, start));
    Learn(model, uses_, solution);
    return absl::OkStatus();
  }

  // The bound that the solver proves, and its amounts as a plan.
  void Learn(const TrainingModel& model,
             const std::vector<ArcUse>& uses,
             const Mip::Solution& solution) {
    // Of a part of the arcs the solver proves nothing about the others.
    const bool all =
        std::all_of(uses.begin(), uses.end(), [](ArcUse use) { return use == ArcUse::kFree; });
    if (all) bound_ = std::min(bound_, solution.bound);
    if (solution.columns.empty()) return;
    std::vector<double> amounts;
    for (const int column : model.arc_columns) {
      amounts.push_back(column < 0 ? 0 : solution.columns[column]);
    }
    Offer(FromAmounts(amounts));
  }

  absl::Status Improve(double seconds) {
    const std::vector<ArcUse> uses = Undecided();
    const TrainingModel model(problem_, arcs_, uses);
    const MipLimits limits = {.seconds = seconds, .relative_gap = limits_.relative_gap};
    ASSIGN_OR_RETURN(const Mip::Solution solution, model.mip.Solve(limits, StartOf(model)));
    Learn(model, uses, solution);
    return absl::OkStatus();
  }

  // The best plan so far as the solver's first solution: all its decisions.
  std::vector<Mip::Term> StartOf(const TrainingModel& model) const {
    std::vector<Mip::Term> start;
    for (std::size_t i = 0; i < model.arc_columns.size(); ++i) {
      const bool has = best_->Has(static_cast<int>(i));
      if (model.arc_columns[i] >= 0) start.push_back({model.arc_columns[i], has ? 1.0 : 0.0});
    }
    const std::vector<Mip::Term> classes = ClassesOf(model);
    start.insert(start.end(), classes.begin(), classes.end());
    return start;
  }

  std::vector<Mip::Term> ClassesOf(const TrainingModel& model) const {
    std::vector<Mip::Term> start;
    for (std::size_t i = 0; i < model.class_columns.size(); ++i) {
      if (model.class_columns[i] < 0) continue;
      const double classes = best_->ClassesOf(static_cast<int>(i));
      start.push_back({model.class_columns[i], classes});
    }
    return start;
  }

  static constexpr std::size_t kArcsAtOnce = 15'000;

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const MipLimits& limits_;
  TrainingRelaxation relaxation_;
  std::unique_ptr<TrainingDraft> best_;
  std::vector<ArcUse> uses_;  // what stays of an earlier plan is in, the rest free
  double bound_ = 0;
};

void AddBounds(const Search& search, TrainingPlan& plan) {
  plan.bound =
      std::max(plan.objective, ToDecimal(search.bound(), kBoundDigits, Rounding::kCeiling));
  if (plan.bound.sign() > 0) {
    const Rational gap = ToRational(plan.bound - plan.objective) / ToRational(plan.bound);
    plan.gap_percent = Round(gap * 100, 2, Rounding::kHalfUp);
  }
  for (const double price : search.prices().budgets) {
    plan.marginal_values.push_back(ToDecimal(price, kMarginalDigits, Rounding::kHalfUp));
  }
  for (const double price : search.prices().seats) {
    plan.seat_values.push_back(ToDecimal(price, kBoundDigits, Rounding::kHalfUp));
  }
}

}  // namespace

std::string RefusalCode(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "";
    case Refusal::kLowerPriority:
      return "LOWER_PRIORITY";
    case Refusal::kBudget:
      return "BUDGET";
    case Refusal::kSeats:
      return "SEATS";
    case Refusal::kClash:
      return "CLASH";
    case Refusal::kHoursLimit:
      return "HOURS_LIMIT";
    case Refusal::kPrerequisite:
      return "PREREQUISITE";
    case Refusal::kMinimumNotReached:
      return "MINIMUM_NOT_REACHED";
    case Refusal::kNotOpen:
      return "NOT_OPEN";
    case Refusal::kNoOffering:
      return "NO_OFFERING";
  }
  return "";
}

std::vector<Seat> SeatsOf(const TrainingPlan& plan) {
  std::vector<Seat> seats;
  for (std::size_t i = 0; i < plan.participants.size(); ++i) {
    for (const int person : plan.participants[i]) {
      seats.push_back({.person = person, .offering = static_cast<int>(i)});
    }
  }
  return seats;
}

absl::StatusOr<TrainingPlan> PlanTraining(const TrainingProblem& problem, const MipLimits& limits) {
  RETURN_IF_ERROR(CheckTraining(problem));
  const TrainingArcs arcs(problem);
  Search search(problem, arcs, limits);
  RETURN_IF_ERROR(search.Run());
  TrainingPlan plan = search.best().Finish();
  plan.decisions = DecideNeeds(problem, arcs, search.best());
  AddBounds(search, plan);
  return plan;
}

}  // namespace teraju::allocation
