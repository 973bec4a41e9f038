// A write with a request id is done once; its repetition within 24 hours gets the first answer.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/session.h"

namespace teraju::postgres {

inline constexpr absl::Duration kRequestsKept = absl::Hours(24);

// SQL that waits for a concurrent duplicate and then reads the stored answer. Part of the text that
// opens a transaction: it costs no round trip of its own, and as it runs prepared statements, no
// planning either. READ COMMITTED gives each of its statements a snapshot of its own, so the read
// sees what the duplicate committed.
std::string LockAndFindRequest(const CallContext& call, Session& session);

// The stored answer from the result of that SQL; nothing when the request is new. INVALID_ARGUMENT
// (REQUEST_ID_REUSED) when the id stands for another request.
absl::StatusOr<std::optional<std::string>> StoredResponse(const CallContext& call,
                                                          const pqxx::result& found);

}  // namespace teraju::postgres
