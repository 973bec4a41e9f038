#include "common/service/health.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace teraju::service {
namespace {

constexpr absl::Duration kFirstInterval = absl::Milliseconds(50);

}  // namespace

struct Readiness::Impl {
  void Run() {
    absl::Duration pause = std::min(interval, kFirstInterval);
    do {
      const absl::Status answer = check();
      Set(answer.ok(), answer);
      if (answer.ok()) pause = interval;
    } while (!stop.WaitForNotificationWithTimeout(pause));
  }

  void Set(bool now, const absl::Status& why) {
    absl::MutexLock lock(&mutex);
    if (stopped || ready == now) return;
    ready = now;
    changed(now);
    if (now) {
      logger.Info("ready");
    } else {
      logger.Warning("not ready", {{"cause", logging::Describe(why)}});
    }
  }

  const std::function<absl::Status()> check;
  const std::function<void(bool)> changed;
  logging::Logger& logger;
  const absl::Duration interval;
  absl::Mutex mutex;
  std::optional<bool> ready ABSL_GUARDED_BY(mutex);
  bool stopped ABSL_GUARDED_BY(mutex) = false;
  absl::Notification stop;
  std::thread thread;
};

Readiness::Readiness(std::function<absl::Status()> check,
                     std::function<void(bool)> changed,
                     logging::Logger& logger,
                     absl::Duration interval)
    : impl_(
          new Impl{std::move(check), std::move(changed), logger, interval, {}, {}, false, {}, {}}) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
}

Readiness::~Readiness() {
  Stop();
  impl_->thread.join();
}

bool Readiness::ready() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->ready.value_or(false);
}

void Readiness::Stop() {
  absl::MutexLock lock(&impl_->mutex);
  if (std::exchange(impl_->stopped, true)) return;
  if (impl_->ready != false) impl_->changed(false);
  impl_->ready = false;
  impl_->stop.Notify();
}

}  // namespace teraju::service
