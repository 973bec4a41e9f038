// What would be different in a plan with other means.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "services/training/domain/allocation.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training::domain {

// One problem as it is and as it would be; persons, needs, budgets and offerings numbered alike,
// added offerings last.
struct Simulation {
  v1::AllocationPlan plan;
  AllocationBasis basis;  // with the added offerings
  allocation::TrainingProblem before;
  allocation::TrainingProblem after;
};

// `added`: the request's new offerings with their courses, already named. FAILED_PRECONDITION
// (SIMULATION_UNKNOWN) for a budget, an offering or a day outside the plan's year;
// INVALID_ARGUMENT (FIELD_INVALID) for an amount below what is committed.
absl::StatusOr<Simulation> MakeSimulation(v1::AllocationPlan plan,
                                          AllocationBasis basis,
                                          const v1::SimulateAllocationPlanRequest& request,
                                          std::vector<OpenOffering> added);

// Both solutions of the simulation's problems, side by side.
v1::AllocationDifference Compare(const Simulation& simulation,
                                 const allocation::TrainingPlan& before,
                                 const allocation::TrainingPlan& after);

}  // namespace teraju::training::domain
