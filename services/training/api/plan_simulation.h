// The operation that says what would be different with other means.
#pragma once

#include <memory>

#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/training/domain/simulation.h"

namespace teraju::training {

class PlanSimulation {
 public:
  static constexpr char kKind[] = "allocationPlan.simulate";

  explicit PlanSimulation(postgres::Database& database) : database_(database) {}

  // The plan's problem as it is now, and as it would be. FAILED_PRECONDITION: PLAN_WRONG_STATE,
  // SIMULATION_UNKNOWN, COURSE_NOT_PUBLISHED; INVALID_ARGUMENT for offerings and amounts.
  static absl::StatusOr<domain::Simulation> Prepare(
      postgres::Transaction& tx, const v1::SimulateAllocationPlanRequest& request);

  // Solves both and compares them; stores nothing.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
};

}  // namespace teraju::training
