#include "services/gateway/proxy/admission.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>
#include <utility>

#include "common/errors/error.h"

namespace teraju::gateway {
namespace {

namespace reasons = errors::reasons;

constexpr int kThreads = 2;
constexpr int kMaxWaiting = 10000;

}  // namespace

struct Admission::Workers {
  boost::asio::thread_pool pool{kThreads};
  std::atomic<int> waiting = 0;
  std::atomic<bool> closed = false;
};

Admission::Admission(const auth::TokenVerifier& verifier, const time::Clock& clock, Options options)
    : verifier_(verifier),
      clock_(clock),
      per_principal_(options.per_principal),
      per_agency_(options.per_agency),
      workers_(std::make_unique<Workers>()) {}

Admission::~Admission() { Close(); }

void Admission::Close() {
  workers_->closed = true;
  workers_->pool.join();
}

std::optional<absl::Status> Admission::AdmitNow(const rpc::MethodRule& rule,
                                                const CallHeaders& headers) {
  if (rule.access != rpc::MethodRule::Access::kPermission) return absl::OkStatus();
  if (headers.authorization.empty()) {
    return errors::Unauthenticated(reasons::TOKEN_MISSING, "A bearer token is required.");
  }
  const auto known = verifier_.Known(headers.bearer_token());
  if (!known) return std::nullopt;
  return TakeFromBuckets(*known);
}

void Admission::AdmitLater(const CallHeaders& headers, std::function<void(absl::Status)> done) {
  if (workers_->waiting.fetch_add(1) >= kMaxWaiting || workers_->closed) {
    --workers_->waiting;
    return done(
        errors::ResourceExhausted(reasons::OVERLOADED, "Too many tokens wait for verification.")
            .RetryAfter(absl::Seconds(1)));
  }
  boost::asio::post(workers_->pool,
                    [this, token = std::string(headers.bearer_token()), done = std::move(done)] {
                      --workers_->waiting;
                      const absl::StatusOr<auth::Principal> principal = verifier_.Verify(token);
                      done(principal.ok() ? TakeFromBuckets(*principal) : principal.status());
                    });
}

absl::Status Admission::TakeFromBuckets(const auth::Principal& principal) {
  const absl::Time now = clock_.Now();
  const std::string agency(principal.agency.value());
  std::optional<absl::Duration> wait = per_principal_.Take(agency + "/" + principal.subject, now);
  if (!wait && !agency.empty()) wait = per_agency_.Take(agency, now);
  if (!wait) return absl::OkStatus();
  return errors::ResourceExhausted(reasons::RATE_LIMITED, "Too many requests.").RetryAfter(*wait);
}

}  // namespace teraju::gateway
