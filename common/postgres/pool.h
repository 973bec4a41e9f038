// A bounded set of sessions. Waiting for one ends with the caller's deadline.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/metrics/postgres_metrics.h"
#include "common/postgres/session.h"

namespace teraju::postgres {

class Pool {
 public:
  // A session for one transaction; it goes back to the pool when the lease goes.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Session> session)
        : pool_(&pool), session_(std::move(session)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Session& session() { return *session_; }
    // The session is broken or its state unknown: it will be closed instead of reused.
    void Discard() { discard_ = true; }

   private:
    Pool* pool_;
    std::unique_ptr<Session> session_;
    bool discard_ = false;
  };

  // `dsn` is complete (CompleteDsn). Sessions are opened when they are first needed.
  Pool(std::string dsn, int size, metrics::PostgresMetrics& metrics);
  // Every lease must have been returned.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // RESOURCE_EXHAUSTED when all are in use until `wait_until`, UNAVAILABLE when the server cannot
  // be reached. A session held past `cut_off` is cut off, should the server have fallen silent.
  absl::StatusOr<Lease> Acquire(absl::Time wait_until, absl::Time cut_off);

 private:
  void Return(std::unique_ptr<Session> session, bool discard);
  void WatchOverdue();

  const std::string dsn_;
  metrics::PostgresMetrics& metrics_;
  absl::Mutex mutex_;
  int free_ ABSL_GUARDED_BY(mutex_);
  const int size_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const Session*, absl::Time> held_ ABSL_GUARDED_BY(mutex_);
  std::thread watch_;
};

}  // namespace teraju::postgres
