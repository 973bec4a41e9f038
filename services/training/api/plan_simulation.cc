#include "services/training/api/plan_simulation.h"

#include "common/errors/status_macros.h"
#include "services/training/api/plan_basis.h"
#include "services/training/api/plan_solver.h"
#include "services/training/domain/course.h"
#include "services/training/store/course_store.h"
#include "services/training/store/plan_store.h"

namespace teraju::training {

absl::StatusOr<domain::Simulation> PlanSimulation::Prepare(
    postgres::Transaction& tx, const v1::SimulateAllocationPlanRequest& request) {
  ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request.name(), "name"));
  ASSIGN_OR_RETURN(PlanBasis read, ReadPlanBasis(tx, key));
  RETURN_IF_ERROR(domain::CheckSimulable(read.plan));
  std::vector<domain::OpenOffering> added;
  for (const v1::SimulatedOffering& one : request.added_offerings()) {
    ASSIGN_OR_RETURN(const CourseKey course,
                     CourseKey::Parse(one.course(), "addedOfferings.course"));
    domain::OpenOffering& open = added.emplace_back();
    ASSIGN_OR_RETURN(open.course, CourseStore(tx).Get({key.agency, course.id}));
    RETURN_IF_ERROR(domain::CheckOffering(one.offering(), open.course));
    open.offering = one.offering();
    open.offering.set_name("added/" + std::to_string(added.size()));
  }
  return domain::MakeSimulation(
      std::move(read.plan), std::move(read.basis), request, std::move(added));
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> PlanSimulation::Run(
    operations::Work& work) const {
  v1::SimulateAllocationPlanRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const domain::Simulation simulation,
                   database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
                     return Prepare(tx, request);
                   }));
  const allocation::MipLimits limits = LimitsOf(simulation.plan);
  ASSIGN_OR_RETURN(const auto before, allocation::PlanTraining(simulation.before, limits));
  RETURN_IF_ERROR(
      work.Step("before", 1, 2, [](postgres::Transaction&) { return absl::OkStatus(); }));
  ASSIGN_OR_RETURN(const auto after, allocation::PlanTraining(simulation.after, limits));
  return std::make_unique<v1::AllocationDifference>(domain::Compare(simulation, before, after));
}

}  // namespace teraju::training
