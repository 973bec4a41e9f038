// What an allocation plan is made from, as of one moment.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/keys.h"

namespace teraju::training {

struct PlanBasis {
  v1::AllocationPlan plan;
  domain::AllocationBasis basis;
  std::string digest;
};

// A plan that repairs another has that one's seats and money to plan with, and keeps its seats; so
// has an approved plan its own, to be compared with what else could be done. FAILED_PRECONDITION
// (PLAN_WRONG_STATE) when the repaired plan is not the approved one any more; NOT_FOUND.
absl::StatusOr<PlanBasis> ReadPlanBasis(postgres::Transaction& tx, const PlanKey& key);

// The seats that a plan gave and that stand.
std::vector<domain::Place> StandingPlaces(postgres::Transaction& tx, const PlanKey& plan);

}  // namespace teraju::training
