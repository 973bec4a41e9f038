// Wakes those who wait for a change: one statement now and then for all of them, and none while
// nobody waits.
#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/postgres/database.h"
#include "common/postgres/feed.h"

namespace teraju::postgres {

// Not LISTEN/NOTIFY: NOTIFY takes a lock that all commits of the database share.
class FeedWatch {
 public:
  FeedWatch(Database& database,
            const auth::Authorizer& authorizer,
            absl::Duration interval = absl::Milliseconds(100));
  // Wakes everybody; nobody may wait any more when it ends.
  ~FeedWatch();

  // Returns the newest position once it is beyond `position`, or what it is at `until`, or when
  // `give_up` says so. Holds no connection.
  FeedPosition WaitBeyond(
      const FeedPosition& position, absl::Time until, absl::FunctionRef<bool()> give_up = [] {
        return false;
      });

 private:
  void Loop();

  Database& database_;
  const auth::Authorizer& authorizer_;
  const absl::Duration interval_;
  absl::Mutex mutex_;
  FeedPosition head_ ABSL_GUARDED_BY(mutex_);
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace teraju::postgres
