// Holds people to deadlines, and the service to what it promises for the time before them.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "common/service/host.h"
#include "services/evaluation/store/deadline_store.h"

namespace teraju::evaluation {

// What the record of a deadline says.
std::string DetailsOf(const DeadlineRow& row);

// FAILED_PRECONDITION (HANDED_IN_TOO_LATE) where the call came in after the deadline, the days
// included by which the service has to move it, and `binds` says that it holds here. OK where there
// is none.
absl::Status CheckDeadline(
    postgres::Transaction& tx,
    const DeadlineKey& key,
    const std::function<bool(absl::Time due_time)>& binds = [](absl::Time) { return true; });

class DeadlineKeeping {
 public:
  // `own_call` makes a call of this service's own; `calls` says what the process has counted.
  DeadlineKeeping(postgres::Database& database,
                  std::function<CallContext()> own_call,
                  std::function<rpc::CallCounts()> calls);

  // Writes down that this replica is there, and how its calls went since the last time.
  absl::Status CountMinute();
  // Moves what has passed by the days that the service owes, and ends the others, each on record;
  // how many. Any number of replicas may.
  absl::StatusOr<int> EndPassed();

 private:
  postgres::Database& database_;
  const std::function<CallContext()> own_call_;
  const std::function<rpc::CallCounts()> calls_;
  const std::string replica_;
  rpc::CallCounts written_;
};

// Does both as long as the host runs.
void KeepDeadlines(service::Host& host);

}  // namespace teraju::evaluation
