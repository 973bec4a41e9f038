#include "common/auth/bindings_follower.h"

#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"

namespace teraju::auth {

struct BindingsFollower::Impl {
  void Run() {
    bool failing = false;
    do {
      // What the source answers was true at some time after this one.
      const absl::Time asked = clock.Now();
      absl::StatusOr<std::vector<RoleBinding>> all = source();
      if (all.ok()) bindings.Replace(*std::move(all), asked);
      if (!all.ok() && !failing) {
        logger.Warning("role bindings not refreshed", {{"cause", logging::Describe(all.status())}});
      }
      if (all.ok() && failing) logger.Info("role bindings refreshed again");
      failing = !all.ok();
    } while (!stop.WaitForNotificationWithTimeout(interval));
  }

  const Source source;
  InMemoryBindings& bindings;
  const time::Clock& clock;
  logging::Logger& logger;
  const absl::Duration interval;
  absl::Notification stop;
  std::thread thread;
};

BindingsFollower::BindingsFollower(Source source,
                                   InMemoryBindings& bindings,
                                   const time::Clock& clock,
                                   logging::Logger& logger,
                                   absl::Duration interval)
    : impl_(new Impl{std::move(source), bindings, clock, logger, interval, {}, {}}) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
}

BindingsFollower::~BindingsFollower() {
  impl_->stop.Notify();
  impl_->thread.join();
}

}  // namespace teraju::auth
