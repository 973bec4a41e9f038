#include "services/training/api/plan_approval.h"

#include <limits>
#include <map>
#include <set>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/api/withdrawal.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/budget_store.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/need_store.h"
#include "services/training/store/plan_store.h"

namespace teraju::training {
namespace {

using SeatKeys = std::set<std::pair<std::string, std::string>>;  // employee, offering

struct Inherited {
  SeatKeys seats;
  std::set<std::string> needs;
  std::vector<domain::Payment> payments;
};

// Supersedes the repaired plan; what of it is in `places` becomes the new one's, the rest is
// withdrawn.
absl::StatusOr<Inherited> TakeOver(postgres::Transaction& tx,
                                   const PlanKey& key,
                                   const std::string& repaired_plan,
                                   const std::vector<domain::Place>& places) {
  ASSIGN_OR_RETURN(const PlanKey repaired, PlanKey::Parse(repaired_plan, "repairedPlan"));
  RETURN_IF_ERROR(
      PlanStore(tx).Update(repaired, api::Precondition::None(), domain::SupersedePlan).status());
  RecordChange(tx, repaired.Name(), "allocationPlan.superseded");
  SeatKeys wanted;
  for (const domain::Place& place : places) wanted.emplace(place.employee, place.offering);
  Inherited inherited;
  for (const v1::Enrollment& place : EnrollmentStore(tx).ListStanding(repaired)) {
    const auto seat = std::pair(place.employee(), place.offering());
    if (place.state() == v1::Enrollment::COMPLETED || wanted.contains(seat)) {
      inherited.seats.insert(seat);
      continue;
    }
    ASSIGN_OR_RETURN(const EnrollmentKey enrollment, EnrollmentKey::Parse(place.name(), "name"));
    RETURN_IF_ERROR(
        Withdraw(tx, enrollment, api::Precondition::None(), "Rencana diperbaiki.").status());
  }
  for (const v1::Need& need : NeedStore(tx).ListPlannedBy(repaired))
    inherited.needs.insert(need.name());
  EnrollmentStore(tx).Hand(repaired, key);
  inherited.payments = PlanStore(tx).Payments(repaired);
  return inherited;
}

// What the budgets owe more, or less, than before.
std::vector<domain::Payment> Difference(const std::vector<domain::Payment>& after,
                                        const std::vector<domain::Payment>& before) {
  std::map<std::string, std::int64_t> amounts;
  for (const domain::Payment& payment : after) amounts[payment.budget] += payment.amount;
  for (const domain::Payment& payment : before) amounts[payment.budget] -= payment.amount;
  std::vector<domain::Payment> difference;
  for (const auto& [budget, amount] : amounts)
    difference.push_back({.budget = budget, .amount = amount});
  return difference;
}

}  // namespace

absl::Status Enact(postgres::Transaction& tx, const PlanKey& key, const v1::AllocationPlan& plan) {
  PlanStore plans(tx);
  const std::vector<domain::Place> places = plans.Places(key);
  Inherited inherited;
  if (!plan.repaired_plan().empty()) {
    ASSIGN_OR_RETURN(inherited, TakeOver(tx, key, plan.repaired_plan(), places));
  }
  constexpr int kAll = std::numeric_limits<int>::max();
  ASSIGN_OR_RETURN(const auto decisions, plans.ListDecisions(key, false, 0, kAll));
  std::vector<std::string> needs, offerings;
  for (const v1::AllocationDecision& decision : decisions) {
    if (decision.offering().empty() || inherited.needs.contains(decision.need())) continue;
    needs.push_back(api::IdOf(decision.need()));
    offerings.push_back(decision.offering());
  }
  if (!NeedStore(tx).Plan(key.agency, needs, offerings)) return domain::PlanStale();
  std::vector<v1::Enrollment> enrollments;
  std::map<std::string, int> seats;
  for (const domain::Place& place : places) {
    if (inherited.seats.contains({place.employee, place.offering})) continue;
    v1::Enrollment& enrollment = enrollments.emplace_back();
    enrollment.set_name(NameOf<EnrollmentKey>(key.agency, NewUuid7(tx.call().time())));
    enrollment.set_offering(place.offering);
    enrollment.set_need(place.need);
    ++seats[place.offering];
    RecordChange(tx, enrollment.name(), "enrollment.created");
  }
  EnrollmentStore(tx).Insert(key, enrollments);
  for (const auto& [offering, taken] : seats) CourseStore(tx).TakeSeats(offering, taken);
  BudgetStore(tx).Commit(Difference(plans.Payments(key), inherited.payments));
  return absl::OkStatus();
}

}  // namespace teraju::training
