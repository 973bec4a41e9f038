#include "common/auth/jwks_source.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::auth {

struct JwksSource::Impl {
  Impl(Fetch fetch, logging::Logger& logger, Options options)
      : fetch(std::move(fetch)), logger(logger), options(options), thread([this] { Run(); }) {}

  ~Impl() {
    {
      absl::MutexLock lock(&mutex);
      stopping = true;
    }
    thread.join();
  }

  void Run() {
    absl::Duration pause = absl::ZeroDuration();
    while (WaitForWork(pause)) {
      pause = FetchOnce() ? options.refresh
                          : std::clamp(pause * 2, options.first_retry, LongestRetry());
    }
  }

  // False when the source is being destroyed.
  bool WaitForWork(absl::Duration pause) {
    absl::MutexLock lock(&mutex);
    const auto work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) { return stopping || wanted; };
    mutex.AwaitWithTimeout(absl::Condition(&work), pause);
    return !stopping;
  }

  // Without any key nobody can be served, so the issuer's start is not waited for long.
  absl::Duration LongestRetry() {
    absl::MutexLock lock(&mutex);
    return keys.empty() ? std::min(4 * options.first_retry, options.pause) : options.pause;
  }

  bool FetchOnce() {
    absl::StatusOr<KeySet> fetched = Fetched();
    // Once for a row of failures: they may come every second for an hour.
    const bool good = fetched.ok();
    if (std::exchange(failing, !good) == good) {
      if (good) {
        logger.Info("keys refreshed again");
      } else {
        logger.Warning("keys not refreshed", {{"cause", logging::Describe(fetched.status())}});
      }
    }
    absl::MutexLock lock(&mutex);
    if (good) keys = *std::move(fetched);
    wanted = false;
    ++fetches;
    return good;
  }

  absl::StatusOr<KeySet> Fetched() {
    ASSIGN_OR_RETURN(const std::string document, fetch());
    return ParseKeySet(document);
  }

  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) {
    absl::MutexLock lock(&mutex);
    if (const auto found = keys.find(id); found != keys.end()) return found->second;
    if (keys.empty()) {
      return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE,
                                 "The issuer's keys are not known yet.")
          .With("dependency", "identity");
    }
    const absl::Time now = absl::Now();
    if (!wanted && now - last_wanted >= options.pause) {
      wanted = true;
      last_wanted = now;
    }
    if (wanted) {
      const std::int64_t before = fetches;
      const auto fetched = [this, before]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
        return fetches > before || stopping;
      };
      mutex.AwaitWithTimeout(absl::Condition(&fetched), options.wait);
    }
    if (const auto found = keys.find(id); found != keys.end()) return found->second;
    return absl::NotFoundError("unknown key");
  }

  const Fetch fetch;
  logging::Logger& logger;
  const Options options;
  bool failing = false;  // of the thread
  absl::Mutex mutex;
  KeySet keys ABSL_GUARDED_BY(mutex);
  bool wanted ABSL_GUARDED_BY(mutex) = false;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::int64_t fetches ABSL_GUARDED_BY(mutex) = 0;
  absl::Time last_wanted ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  std::thread thread;  // last: it uses the others
};

JwksSource::JwksSource(Fetch fetch, logging::Logger& logger, Options options)
    : impl_(std::make_unique<Impl>(std::move(fetch), logger, options)) {}
JwksSource::~JwksSource() = default;

absl::StatusOr<std::shared_ptr<const VerificationKey>> JwksSource::Find(std::string_view id) {
  return impl_->Find(id);
}

std::shared_ptr<const VerificationKey> JwksSource::Peek(std::string_view id) {
  absl::MutexLock lock(&impl_->mutex);
  const auto found = impl_->keys.find(id);
  return found == impl_->keys.end() ? nullptr : found->second;
}

bool JwksSource::HasKeys() const {
  absl::MutexLock lock(&impl_->mutex);
  return !impl_->keys.empty();
}

}  // namespace teraju::auth
