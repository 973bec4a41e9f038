#include "common/rpc/executor.h"

#include <utility>

#include "absl/time/clock.h"

namespace teraju::rpc {

Executor::Executor(Options options, metrics::Registry& registry)
    : options_(std::move(options)), metrics_(registry, options_.name) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void Executor::Submit(absl::Time deadline, Job job) {
  if (Enqueue(deadline, job)) return;
  metrics_.CountRefused();
  job(Turn::kRefused);
}

bool Executor::Enqueue(absl::Time deadline, Job& job) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || waiting_.size() >= static_cast<std::size_t>(options_.queue)) return false;
  waiting_.push_back({deadline, std::move(job)});
  metrics_.SetDepth(static_cast<int>(waiting_.size()));
  return true;
}

void Executor::Run() {
  while (true) {
    Waiting next;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !waiting_.empty();
      };
      mutex_.Await(absl::Condition(&ready));
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      metrics_.SetDepth(static_cast<int>(waiting_.size()));
    }
    next.job(absl::Now() < next.deadline ? Turn::kRun : Turn::kExpired);
  }
}

}  // namespace teraju::rpc
