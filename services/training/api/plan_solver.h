// The operation that finds an allocation plan.
#pragma once

#include <memory>

#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/training/domain/allocation.h"

namespace teraju::training {

// What the plan allows the solver; a minute unless it says otherwise.
allocation::MipLimits LimitsOf(const v1::AllocationPlan& plan);

class PlanSolver {
 public:
  static constexpr char kKind[] = "allocationPlan.solve";

  explicit PlanSolver(postgres::Database& database) : database_(database) {}

  // Reads needs, offerings and budgets as of one moment, solves without holding a transaction, and
  // stores the plan with its decisions in one step.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
};

}  // namespace teraju::training
