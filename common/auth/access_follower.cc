#include "common/auth/access_follower.h"

#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace teraju::auth {

struct AccessFollower::Impl {
  void Run() {
    bool failing = false;
    do {
      const absl::Status read = ReadAll();
      if (!read.ok() && !failing) {
        logger.Warning("role bindings not refreshed", {{"cause", logging::Describe(read)}});
      }
      if (read.ok() && failing) logger.Info("role bindings refreshed again");
      failing = !read.ok();
    } while (!stop.WaitForNotificationWithTimeout(interval));
  }

  // One at a time: an older answer must not take the place of a newer one.
  absl::Status ReadAll() {
    absl::MutexLock lock(&mutex);
    while (!stop.HasBeenNotified()) {
      // The lease began after this moment, so it ends here before it ends there.
      const absl::Time asked = lease_clock.Now();
      absl::StatusOr<AccessUpdate> update = source(known);
      if (!update.ok()) return update.status();
      bindings.Revoke(update->revocations, clock.Now());
      if (update->bindings.has_value()) {
        bindings.Replace(*std::move(update->bindings));
        bindings.SetMandates(std::move(update->mandates));
      }
      bindings.HoldUntil(asked + update->lease);
      if (std::exchange(known, update->version).changes == known.changes) break;
    }
    return absl::OkStatus();
  }

  const Source source;
  InMemoryBindings& bindings;
  const time::Clock& lease_clock;
  const time::Clock& clock;
  logging::Logger& logger;
  const absl::Duration interval;
  absl::Mutex mutex;
  AccessVersion known ABSL_GUARDED_BY(mutex);
  absl::Notification stop;
  std::thread thread;
};

AccessFollower::AccessFollower(Source source,
                               InMemoryBindings& bindings,
                               const time::Clock& lease_clock,
                               const time::Clock& clock,
                               logging::Logger& logger,
                               absl::Duration interval)
    : impl_(new Impl{
          std::move(source), bindings, lease_clock, clock, logger, interval, {}, {}, {}, {}}) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
}

void AccessFollower::Refresh() { impl_->ReadAll().IgnoreError(); }

AccessFollower::~AccessFollower() {
  impl_->stop.Notify();
  impl_->thread.join();
}

}  // namespace teraju::auth
