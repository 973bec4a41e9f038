// Runs the work of calls on threads of its own, behind a bounded queue: gRPC's callback threads are
// two and must never block.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/metrics/rpc_metrics.h"

namespace teraju::rpc {

// Thread-safe. Work in flight is bounded by `threads`, waiting work by `queue`: that is the
// overload control.
class Executor {
 public:
  struct Options {
    std::string name;  // in metrics
    int threads = 16;
    int queue = 256;
  };
  enum class Turn {
    kRun,      // on a thread of the executor
    kExpired,  // its deadline passed while it waited; on a thread of the executor
    kRefused,  // the queue is full or the executor is being destroyed; on the caller's thread
  };
  using Job = absl::AnyInvocable<void(Turn)>;

  Executor(Options options, metrics::Registry& registry);
  // Runs what is waiting and joins the threads.
  ~Executor();

  // Calls `job` exactly once.
  void Submit(absl::Time deadline, Job job);

 private:
  struct Waiting {
    absl::Time deadline;
    Job job;
  };

  void Run();
  bool Enqueue(absl::Time deadline, Job& job);

  const Options options_;
  metrics::QueueMetrics metrics_;
  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace teraju::rpc
