// Removes what a service's database need not keep: answers of request ids after a day, ended
// operations after a month.
#pragma once

#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/postgres/database.h"

namespace teraju::postgres {

inline constexpr absl::Duration kOperationsKept = absl::Hours(24 * 30);

// Removes what is older than `now` allows, in small batches, and returns how many rows.
absl::StatusOr<int> RemoveExpired(Database& database,
                                  const auth::Authorizer& authorizer,
                                  absl::Time now);

// Does so now and then in a thread of its own. Any number of replicas may.
class Housekeeping {
 public:
  Housekeeping(Database& database,
               const auth::Authorizer& authorizer,
               logging::Logger& logger,
               absl::Duration interval = absl::Minutes(10));
  ~Housekeeping();

 private:
  void Loop();

  Database& database_;
  const auth::Authorizer& authorizer_;
  logging::Logger& logger_;
  const absl::Duration interval_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace teraju::postgres
