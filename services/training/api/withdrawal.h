// Taking a place away from somebody.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// The seat is free again and the needs it was for are open; what was paid for it stays committed
// until the plan is repaired. FAILED_PRECONDITION (ENROLLMENT_WRONG_STATE), ABORTED, NOT_FOUND.
absl::StatusOr<v1::Enrollment> Withdraw(postgres::Transaction& tx,
                                        const EnrollmentKey& key,
                                        const api::Precondition& precondition,
                                        const std::string& comment);

}  // namespace teraju::training
