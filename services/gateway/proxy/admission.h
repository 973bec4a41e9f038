// Who may come in at all: the bearer token, then the rate of its owner. What the caller may do is
// each service's decision.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "common/auth/token_verifier.h"
#include "common/time/clock.h"
#include "services/gateway/limits/rate_limiter.h"
#include "services/gateway/proxy/call_headers.h"

namespace teraju::gateway {

// Thread-safe.
class Admission {
 public:
  struct Options {
    RateLimiter::Options per_principal;
    RateLimiter::Options per_agency;
  };

  Admission(const auth::TokenVerifier& verifier, const time::Clock& clock, Options options);
  ~Admission();

  // OK, UNAUTHENTICATED or RESOURCE_EXHAUSTED (RATE_LIMITED, with RetryInfo); nullopt where the
  // token has to be verified first.
  std::optional<absl::Status> AdmitNow(const rpc::MethodRule& rule, const CallHeaders& headers);
  // Verifies, then decides, in a thread of its own (a verifier may wait for its issuer's keys),
  // which calls `done`.
  void AdmitLater(const CallHeaders& headers, std::function<void(absl::Status)> done);

  // Waits for the decisions under way; later ones are refused.
  void Close();

 private:
  struct Workers;
  absl::Status TakeFromBuckets(const auth::Principal& principal);

  const auth::TokenVerifier& verifier_;
  const time::Clock& clock_;
  RateLimiter per_principal_;
  RateLimiter per_agency_;
  std::unique_ptr<Workers> workers_;
};

}  // namespace teraju::gateway
