#include "common/postgres/idempotency.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"
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

std::string LockAndFindRequest(const CallContext& call, Session& session) {
  session.Prepare(kLock);
  session.Prepare(kFind);
  pqxx::connection_base& connection = session.connection();
  const std::string key = absl::StrJoin({connection.quote(call.principal().agency.value()),
                                         connection.quote(std::string(call.actor())),
                                         connection.quote(std::string(call.method())),
                                         connection.quote(std::string(call.request_id()))},
                                        ", ");
  return absl::StrCat("; EXECUTE request_lock(", key, "); EXECUTE request_find(", key, ")");
}

absl::StatusOr<std::optional<std::string>> StoredResponse(const CallContext& call,
                                                          const pqxx::result& found) {
  if (found.empty()) return std::nullopt;
  if (FromBytes(found[0][0]) != call.request_hash()) {
    return errors::InvalidArgument(errors::reasons::REQUEST_ID_REUSED,
                                   "This request_id was used for another request.");
  }
  return FromBytes(found[0][1]);
}

}  // namespace teraju::postgres
