#include "common/service/periodic.h"

#include <utility>

namespace teraju::service {

Periodic::Periodic(std::string name,
                   absl::Duration interval,
                   std::function<absl::Status()> work,
                   logging::Logger& logger)
    : name_(std::move(name)),
      interval_(interval),
      work_(std::move(work)),
      logger_(logger),
      thread_([this] { Loop(); }) {}

Periodic::~Periodic() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Periodic::Loop() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval_)) return;
    }
    if (const absl::Status status = work_(); !status.ok())
      logger_.Warning(name_ + "_failed", {{"error", logging::Describe(status)}});
  }
}

}  // namespace teraju::service
