#include "common/postgres/idempotency.h"

#include "common/errors/error.h"
#include "common/postgres/statement.h"

namespace teraju::postgres {
namespace {

// Two requests whose hashes collide wait for one another and are otherwise right.
constexpr Statement kLock{"request_lock",
                          "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), "
                          "$1::text, $2::text, $3::text, $4::text), 0))"};
constexpr Statement kFind{
    "request_find",
    "SELECT request_hash, response FROM requests "
    "WHERE agency_id = $1 AND caller = $2 AND method = $3 AND request_id = $4"};

}  // namespace

std::vector<Query> LockAndFindRequest(const CallContext& call) {
  const std::vector<std::optional<std::string>> key = {call.principal().agency.value(),
                                                       std::string(call.actor()),
                                                       std::string(call.method()),
                                                       std::string(call.request_id())};
  return {{kLock, key}, {kFind, key}};
}

absl::StatusOr<std::optional<std::string>> StoredResponse(const CallContext& call,
                                                          const Answer& found) {
  if (found.empty()) return std::nullopt;
  if (found.Bytes(0) != call.request_hash()) {
    return errors::InvalidArgument(errors::reasons::REQUEST_ID_REUSED,
                                   "This request_id was used for another request.");
  }
  return found.Bytes(1);
}

}  // namespace teraju::postgres
