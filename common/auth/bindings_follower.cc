#include "common/auth/bindings_follower.h"

#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace teraju::auth {

struct BindingsFollower::Impl {
  void Run() {
    bool failing = false;
    do {
      const absl::Status read = ReadOnce();
      if (!read.ok() && !failing) {
        logger.Warning("role bindings not refreshed", {{"cause", logging::Describe(read)}});
      }
      if (read.ok() && failing) logger.Info("role bindings refreshed again");
      failing = !read.ok();
    } while (!stop.WaitForNotificationWithTimeout(interval));
  }

  // One at a time: an older answer must not take the place of a newer one.
  absl::Status ReadOnce() {
    absl::MutexLock lock(&mutex);
    // What the source answers was true at some time after this one.
    const absl::Time asked = clock.Now();
    absl::StatusOr<std::vector<RoleBinding>> all = source();
    if (all.ok()) bindings.Replace(*std::move(all), asked);
    return all.status();
  }

  const Source source;
  InMemoryBindings& bindings;
  const time::Clock& clock;
  logging::Logger& logger;
  const absl::Duration interval;
  absl::Mutex mutex;
  absl::Notification stop;
  std::thread thread;
};

BindingsFollower::BindingsFollower(Source source,
                                   InMemoryBindings& bindings,
                                   const time::Clock& clock,
                                   logging::Logger& logger,
                                   absl::Duration interval)
    : impl_(new Impl{std::move(source), bindings, clock, logger, interval, {}, {}, {}}) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
}

void BindingsFollower::Refresh() { impl_->ReadOnce().IgnoreError(); }

BindingsFollower::~BindingsFollower() {
  impl_->stop.Notify();
  impl_->thread.join();
}

}  // namespace teraju::auth
