// Makes access tokens with the newest signing key, and publishes all of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/auth/token_signer.h"
#include "common/postgres/database.h"

namespace teraju::identity {

inline constexpr absl::Duration kAccessTokenLife = absl::Minutes(10);

// Thread-safe. The keys are read from the database when they are first needed and once a minute
// after that, so that every replica learns of a new key while tokens of the old one are still good.
// The first key is made by whoever comes first.
class TokenIssuer {
 public:
  TokenIssuer(std::string issuer, postgres::Database& database)
      : issuer_(std::move(issuer)), database_(database) {}

  // A token that lives kAccessTokenLife from `call.time()`.
  absl::StatusOr<std::string> Issue(const CallContext& call, const auth::Principal& principal);
  // The key set document (RFC 7517).
  absl::StatusOr<std::string> KeySet(const CallContext& call);
  const std::string& issuer() const { return issuer_; }

 private:
  using Keys = std::vector<auth::TokenSigner>;

  absl::StatusOr<std::shared_ptr<const Keys>> Load(const CallContext& call);

  const std::string issuer_;
  postgres::Database& database_;
  absl::Mutex mutex_;
  std::shared_ptr<const Keys> keys_ ABSL_GUARDED_BY(mutex_);  // newest first
  absl::Time loaded_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace teraju::identity
