// Makes access tokens with the key that signs now, and publishes every key that a token may have.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/auth/token_signer.h"
#include "common/postgres/database.h"
#include "services/identity/api/signing_keys.h"

namespace teraju::identity {

// Thread-safe. The keys are read from the database when they are first needed and once a minute
// after that, and what is missing is made then: so keys change by themselves with their age, and
// every replica learns of a new one long before it signs.
class TokenIssuer {
 public:
  TokenIssuer(std::string issuer,
              postgres::Database& database,
              domain::KeySchedule schedule = kKeySchedule);

  // A token that lives kAccessTokenLife from `call.time()`.
  absl::StatusOr<std::string> Issue(const CallContext& call, const auth::Principal& principal);
  // The key set document (RFC 7517).
  absl::StatusOr<std::string> KeySet(const CallContext& call);
  const std::string& issuer() const { return issuer_; }
  const domain::KeySchedule& schedule() const { return schedule_; }
  // Reads the keys again before the next token.
  void Forget();

 private:
  struct Keys {
    std::vector<domain::SigningKeyTimes> times;
    std::vector<auth::TokenSigner> signers;  // in the same order
  };

  absl::StatusOr<std::shared_ptr<const Keys>> Load(const CallContext& call);
  absl::StatusOr<std::shared_ptr<const Keys>> Read(const CallContext& call);

  const std::string issuer_;
  postgres::Database& database_;
  const domain::KeySchedule schedule_;
  const absl::Duration reload_;
  absl::Mutex mutex_;
  std::shared_ptr<const Keys> keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time loaded_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace teraju::identity
