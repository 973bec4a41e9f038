// Removes what a service's database need not keep: answers of request ids after a day, ended
// operations after a month.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/postgres/database.h"

namespace teraju::postgres {

inline constexpr absl::Duration kOperationsKept = absl::Hours(24 * 30);

// Removes what is older than `now` allows, in small batches, and returns how many rows.
absl::StatusOr<int> RemoveExpired(Database& database,
                                  const auth::Authorizer& authorizer,
                                  absl::Time now);

}  // namespace teraju::postgres
