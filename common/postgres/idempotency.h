// A write with a request id is done once; its repetition within 24 hours gets the first answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/session.h"

namespace teraju::postgres {

inline constexpr absl::Duration kRequestsKept = absl::Hours(24);

// Queries that wait for a concurrent duplicate and then read the stored answer. READ COMMITTED
// gives each a snapshot of its own, so the second sees what the duplicate committed.
std::vector<Query> LockAndFindRequest(const CallContext& call);

// The stored answer from the answer to the last of them; nothing when the request is new.
// INVALID_ARGUMENT (REQUEST_ID_REUSED) when the id stands for another request.
absl::StatusOr<std::optional<std::string>> StoredResponse(const CallContext& call,
                                                          const Answer& found);

}  // namespace teraju::postgres
