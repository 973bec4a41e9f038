#include "common/postgres/pool.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/errors/error.h"

namespace teraju::postgres {

Pool::Lease::~Lease() {
  if (session_ != nullptr) pool_->Return(std::move(session_), discard_);
}

Pool::Pool(std::string dsn, int size, metrics::PostgresMetrics& metrics)
    : dsn_(std::move(dsn)), metrics_(metrics), free_(size), size_(size), watch_([this] {
        WatchOverdue();
      }) {}

Pool::~Pool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  watch_.join();
}

absl::StatusOr<Pool::Lease> Pool::Acquire(absl::Time wait_until, absl::Time cut_off) {
  std::unique_ptr<Session> session;
  std::vector<std::unique_ptr<Session>> closed;  // destroyed without the lock
  {
    absl::MutexLock lock(&mutex_);
    metrics_.SetPoolWaiting(++waiting_);
    const auto is_free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return free_ > 0; };
    const bool got = mutex_.AwaitWithDeadline(absl::Condition(&is_free), wait_until);
    metrics_.SetPoolWaiting(--waiting_);
    if (!got) {
      return errors::ResourceExhausted(errors::reasons::OVERLOADED,
                                       "No database connection became free in time.")
          .RetryAfter(absl::Seconds(1));
    }
    --free_;
    metrics_.SetPoolInUse(size_ - free_);
    while (session == nullptr && !idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
      if (!session->Usable()) closed.push_back(std::move(session));
    }
  }
  if (session == nullptr) {
    auto opened = Session::Open(dsn_, metrics_);
    if (!opened.ok()) {
      Return(nullptr, true);
      return std::move(opened).status();
    }
    session = *std::move(opened);
  }
  absl::MutexLock lock(&mutex_);
  held_[session.get()] = cut_off;
  return Lease(*this, std::move(session));
}

void Pool::Return(std::unique_ptr<Session> session, bool discard) {
  absl::MutexLock lock(&mutex_);
  held_.erase(session.get());
  ++free_;
  metrics_.SetPoolInUse(size_ - free_);
  if (!discard) idle_.push_back(std::move(session));
}

void Pool::WatchOverdue() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), absl::Milliseconds(250))) {
    const absl::Time now = absl::Now();
    for (auto& [session, cut_off] : held_) {
      if (now < cut_off) continue;
      session->CutOff();
      cut_off = absl::InfiniteFuture();
    }
  }
}

}  // namespace teraju::postgres
