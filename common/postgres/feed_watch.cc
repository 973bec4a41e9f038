#include "common/postgres/feed_watch.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace teraju::postgres {

FeedWatch::FeedWatch(Database& database,
                     const auth::Authorizer& authorizer,
                     absl::Duration interval)
    : database_(database),
      authorizer_(authorizer),
      interval_(interval),
      thread_([this] { Loop(); }) {}

FeedWatch::~FeedWatch() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
  const auto nobody_waits = [this]()
                                ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waiting_ == 0; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&nobody_waits));
}

FeedPosition FeedWatch::WaitBeyond(const FeedPosition& position,
                                   absl::Time until,
                                   absl::FunctionRef<bool()> give_up) {
  absl::MutexLock lock(&mutex_);
  ++waiting_;
  const auto woken = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || head_ > position;
  };
  // In slices, because nobody reports that a caller has gone.
  while (!woken() && absl::Now() < until && !give_up()) {
    mutex_.AwaitWithDeadline(absl::Condition(&woken),
                             std::min(until, absl::Now() + absl::Milliseconds(500)));
  }
  --waiting_;
  return head_;
}

void FeedWatch::Loop() {
  const auto needed = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || waiting_ > 0;
  };
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&needed));
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval_)) return;
    }
    const CallContext call({.principal = {.subject = "services/self"},
                            .method = "changes/watch",
                            .time = absl::Now(),
                            .deadline = absl::Now() + absl::Seconds(5)},
                           authorizer_);
    const auto head = database_.Read(
        call, [](Transaction& tx) -> absl::StatusOr<FeedPosition> { return FeedHead(tx); });
    if (!head.ok()) continue;  // they wait on, and ask the database themselves in the end
    absl::MutexLock lock(&mutex_);
    head_ = *head;
  }
}

}  // namespace teraju::postgres
