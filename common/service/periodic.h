// Work that a service does now and then by itself.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/logging/logger.h"

namespace teraju::service {

class Periodic {
 public:
  // Runs `work` in a thread of its own, the first time after `interval`, then with `interval`
  // between end and beginning. A failure is logged as `<name>_failed`; the next time is as usual.
  Periodic(std::string name,
           absl::Duration interval,
           std::function<absl::Status()> work,
           logging::Logger& logger);
  // Waits for work that has begun.
  ~Periodic();

 private:
  void Loop();

  const std::string name_;
  const absl::Duration interval_;
  const std::function<absl::Status()> work_;
  logging::Logger& logger_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace teraju::service
