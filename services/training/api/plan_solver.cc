#include "services/training/api/plan_solver.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/api/plan_basis.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/plan_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {
allocation::MipLimits LimitsOf(const v1::AllocationPlan& plan) {
  constexpr int kDefaultSeconds = 60;
  const int seconds = plan.time_limit_seconds();
  return {.seconds = static_cast<double>(seconds == 0 ? kDefaultSeconds : seconds)};
}

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
  ASSIGN_OR_RETURN(const PlanBasis reading,
                   database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
                     return ReadPlanBasis(tx, key);
                   }));
  const allocation::TrainingProblem problem = domain::MakeProblem(reading.plan, reading.basis);
  ASSIGN_OR_RETURN(const allocation::TrainingPlan solution,
                   allocation::PlanTraining(problem, LimitsOf(reading.plan)));
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
