#include "services/training/api/plan_solver.h"

#include <limits>
#include <string>

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/budget_store.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/need_store.h"
#include "services/training/store/plan_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {
namespace {

constexpr int kAllBudgets = std::numeric_limits<int>::max();
constexpr int kDefaultSeconds = 60;

struct Reading {
  v1::AllocationPlan plan;
  domain::AllocationBasis basis;
  std::string digest;
};

absl::StatusOr<Reading> Read(postgres::Transaction& tx, const PlanKey& key) {
  Reading reading;
  ASSIGN_OR_RETURN(reading.plan, PlanStore(tx).Get(key));
  const int year = reading.plan.fiscal_year();
  reading.digest = PlanStore(tx).BasisNow(key.agency, year);
  reading.basis.needs = NeedStore(tx).ListUndecided(key.agency, year);
  reading.basis.offerings = CourseStore(tx).ListOpen(key.agency, year);
  reading.basis.busy = EnrollmentStore(tx).BusyDays(key.agency, year);
  ASSIGN_OR_RETURN(reading.basis.budgets, BudgetStore(tx).List(key.agency, year, "", kAllBudgets));
  return reading;
}

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> PlanSolver::Run(
    operations::Work& work) const {
  v1::SolveAllocationPlanRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request.name(), "name"));
  if (!work.checkpoint().empty()) {
    ASSIGN_OR_RETURN(auto stored, database_.Read(work.call(), [&](postgres::Transaction& tx) {
      return PlanStore(tx).Get(key);
    }));
    return std::make_unique<v1::AllocationPlan>(std::move(stored));
  }
  ASSIGN_OR_RETURN(const Reading reading,
                   database_.ReadSnapshot(
                       work.call(), [&](postgres::Transaction& tx) { return Read(tx, key); }));
  const allocation::TrainingProblem problem = domain::MakeProblem(reading.plan, reading.basis);
  const int seconds = reading.plan.time_limit_seconds();
  ASSIGN_OR_RETURN(
      const allocation::TrainingPlan solution,
      allocation::PlanTraining(
          problem, {.seconds = static_cast<double>(seconds == 0 ? kDefaultSeconds : seconds)}));
  auto response = std::make_unique<v1::AllocationPlan>();
  const auto count = static_cast<std::int64_t>(reading.basis.needs.size());
  RETURN_IF_ERROR(work.Step("solved", count, count, [&](postgres::Transaction& tx) -> absl::Status {
    PlanStore plans(tx);
    domain::AllocationOutcome outcome;
    ASSIGN_OR_RETURN(
        *response,
        plans.Update(key, api::Precondition::None(), [&](v1::AllocationPlan& plan) -> absl::Status {
          RETURN_IF_ERROR(domain::CheckSolvable(plan));
          outcome = domain::Conclude(plan, reading.basis, problem, solution);
          return absl::OkStatus();
        }));
    plans.StoreOutcome(key, reading.digest, outcome);
    RecordChange(tx, key.Name(), "allocationPlan.solved");
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace teraju::training
