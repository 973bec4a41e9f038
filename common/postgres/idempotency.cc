#include "common/postgres/idempotency.h"

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"

namespace teraju::postgres {

std::string LockAndFindRequest(const CallContext& call, pqxx::transaction_base& tx) {
  const std::string agency = tx.quote(call.principal().agency.value());
  const std::string caller = tx.quote(call.actor());
  const std::string method = tx.quote(call.method());
  const std::string id = tx.quote(call.request_id());
  // Two requests whose hashes collide wait for one another and are otherwise right.
  return absl::StrCat("; SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), ",
                      agency,
                      ",",
                      caller,
                      ",",
                      method,
                      ",",
                      id,
                      "), 0)); SELECT request_hash, response FROM requests WHERE agency_id=",
                      agency,
                      " AND caller=",
                      caller,
                      " AND method=",
                      method,
                      " AND request_id=",
                      id);
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
