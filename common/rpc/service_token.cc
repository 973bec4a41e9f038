#include "common/rpc/service_token.h"

#include <utility>

#include "absl/synchronization/mutex.h"

namespace teraju::rpc {

struct ServiceToken::Impl {
  const Fetch fetch;
  const time::Clock& clock;
  absl::Mutex mutex;
  Token token ABSL_GUARDED_BY(mutex);
  absl::Time renew_time ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
};

ServiceToken::ServiceToken(Fetch fetch, const time::Clock& clock)
    : impl_(new Impl{std::move(fetch), clock}) {}
ServiceToken::~ServiceToken() = default;

absl::StatusOr<std::string> ServiceToken::Get() {
  absl::MutexLock lock(&impl_->mutex);
  const absl::Time now = impl_->clock.Now();
  if (now < impl_->renew_time) return impl_->token.access_token;
  absl::StatusOr<Token> fetched = impl_->fetch();
  if (fetched.ok()) {
    impl_->token = *std::move(fetched);
    impl_->renew_time = now + (impl_->token.expire_time - now) * 0.8;
  } else if (now >= impl_->token.expire_time) {
    return fetched.status();
  }
  return impl_->token.access_token;
}

}  // namespace teraju::rpc
