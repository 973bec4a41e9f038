#include "services/training/api/plan_basis.h"

#include <limits>
#include <set>
#include <utility>

#include "common/errors/status_macros.h"
#include "services/training/store/budget_store.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/need_store.h"
#include "services/training/store/plan_store.h"

namespace teraju::training {
namespace {

constexpr int kAllBudgets = std::numeric_limits<int>::max();

// The plan whose seats and money are to be used again; none for a plan of its own.
absl::StatusOr<std::optional<PlanKey>> ReplacedPlan(postgres::Transaction& tx,
                                                    const PlanKey& key,
                                                    const v1::AllocationPlan& plan) {
  if (plan.state() == v1::AllocationPlan::APPROVED) return key;
  if (plan.repaired_plan().empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const PlanKey repaired, PlanKey::Parse(plan.repaired_plan(), "repairedPlan"));
  ASSIGN_OR_RETURN(const v1::AllocationPlan approved, PlanStore(tx).Get(repaired));
  RETURN_IF_ERROR(domain::RepairPlan(approved).status());
  return repaired;
}

}  // namespace

std::vector<domain::Place> StandingPlaces(postgres::Transaction& tx, const PlanKey& plan) {
  std::set<std::pair<std::string, std::string>> opened;
  for (const domain::Place& place : PlanStore(tx).Places(plan)) {
    if (place.opens) opened.emplace(place.employee, place.offering);
  }
  std::vector<domain::Place> places;
  for (const v1::Enrollment& enrollment : EnrollmentStore(tx).ListStanding(plan)) {
    places.push_back({.employee = enrollment.employee(),
                      .offering = enrollment.offering(),
                      .need = enrollment.need(),
                      .opens = opened.contains({enrollment.employee(), enrollment.offering()}),
                      .completed = enrollment.state() == v1::Enrollment::COMPLETED});
  }
  return places;
}

absl::StatusOr<PlanBasis> ReadPlanBasis(postgres::Transaction& tx, const PlanKey& key) {
  PlanBasis read;
  ASSIGN_OR_RETURN(read.plan, PlanStore(tx).Get(key));
  ASSIGN_OR_RETURN(const std::optional<PlanKey> replaced, ReplacedPlan(tx, key, read.plan));
  const int year = read.plan.fiscal_year();
  read.digest = PlanStore(tx).BasisNow(key.agency, year);
  read.basis.needs = NeedStore(tx).ListUndecided(key.agency, year);
  read.basis.offerings = CourseStore(tx).ListOpen(key.agency, year);
  read.basis.busy =
      EnrollmentStore(tx).BusyDays(key.agency, year, replaced ? replaced->id.value() : "");
  ASSIGN_OR_RETURN(read.basis.budgets, BudgetStore(tx).List(key.agency, year, "", kAllBudgets));
  if (!replaced) return read;
  const std::vector<domain::Place> standing = StandingPlaces(tx, *replaced);
  domain::GiveBack(NeedStore(tx).ListPlannedBy(*replaced),
                   standing,
                   PlanStore(tx).Payments(*replaced),
                   read.basis);
  if (replaced->id != key.id) read.basis.kept = standing;
  return read;
}

}  // namespace teraju::training
