#include "common/postgres/housekeeping.h"

#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/idempotency.h"

namespace teraju::postgres {
namespace {

constexpr int kBatch = 1000;

// SKIP LOCKED: replicas that clean at the same time take different rows.
constexpr Statement kDeleteRequests{
    "request_delete_expired",
    "DELETE FROM requests WHERE ctid = ANY(ARRAY(SELECT ctid FROM requests WHERE create_time < $1 "
    "LIMIT $2 FOR UPDATE SKIP LOCKED))"};
constexpr Statement kDeleteOperations{
    "operation_delete_expired",
    "DELETE FROM operations WHERE ctid = ANY(ARRAY(SELECT ctid FROM operations WHERE end_time < $1 "
    "LIMIT $2 FOR UPDATE SKIP LOCKED))"};

}  // namespace

absl::StatusOr<int> RemoveExpired(Database& database,
                                  const auth::Authorizer& authorizer,
                                  absl::Time now) {
  int removed = 0;
  struct Deletion {
    Statement statement;
    absl::Time before;
  };
  const Deletion deletions[] = {{kDeleteRequests, now - kRequestsKept},
                                {kDeleteOperations, now - kOperationsKept}};
  for (const Deletion& deletion : deletions) {
    for (int batch = kBatch; batch == kBatch; removed += batch) {
      const CallContext call({.principal = {.subject = "services/self"},
                              .method = "housekeeping",
                              .time = absl::Now(),
                              .deadline = absl::Now() + absl::Seconds(30)},
                             authorizer);
      ASSIGN_OR_RETURN(batch, database.Write(call, [&](Transaction& tx) -> absl::StatusOr<int> {
        return static_cast<int>(
            tx.Exec(deletion.statement, ToText(deletion.before), kBatch).affected_rows());
      }));
    }
  }
  return removed;
}

}  // namespace teraju::postgres
