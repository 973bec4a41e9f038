// What happens when an allocation plan is approved.
#pragma once

#include "absl/status/status.h"
#include "common/postgres/transaction.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// Enrols everybody whom the approved plan gives a seat, and commits its money. A repair takes over
// the seats of the plan before, withdraws those that it does not give, and supersedes it.
// FAILED_PRECONDITION: PLAN_STALE when a need was decided in the meantime; PLAN_WRONG_STATE when
// the plan before is not approved.
absl::Status Enact(postgres::Transaction& tx, const PlanKey& key, const v1::AllocationPlan& plan);

}  // namespace teraju::training
