// One external issuer of identities: where its endpoints are, which keys it signs with, and who has
// signed in there (OpenID Connect Core and Discovery 1.0, RFC 7636).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/jwks_source.h"
#include "common/logging/logger.h"
#include "common/logging/secret.h"

namespace teraju::identity {

struct OidcSettings {
  std::string id;            // of the provider within its agency, as clients name it
  std::string display_name;  // for the button
  std::string agency;
  std::string issuer;  // https
  std::string client_id;
  logging::Secret client_secret;  // empty: a public client
  std::string redirect_uri;       // of the portal
  std::string claim;              // which claim says who it is
  std::string attribute;          // and by which attribute of an employee: externalId, nip, email
};

// Reads a JSON list of objects with exactly the members above, in camel case;
// `client_secret` from the first line of `clientSecretFile`. INVALID_ARGUMENT names provider and
// member. An empty path: none.
absl::StatusOr<std::vector<OidcSettings>> ReadOidcSettings(const std::string& path);

// Thread-safe.
class OidcProvider {
 public:
  OidcProvider(OidcSettings settings, logging::Logger& logger);
  ~OidcProvider();

  const OidcSettings& settings() const { return settings_; }

  // Where the person is sent. `challenge` is S256 of the verifier.
  absl::StatusOr<std::string> AuthorizationUri(const std::string& state,
                                               const std::string& nonce,
                                               const std::string& challenge);
  // The value of the configured claim in the ID token that the code is good for. UNAUTHENTICATED
  // for a token that is not; PERMISSION_DENIED where the issuer refuses the code; UNAVAILABLE where
  // it does not answer.
  absl::StatusOr<std::string> Redeem(const std::string& code,
                                     const std::string& verifier,
                                     const std::string& nonce,
                                     absl::Time now,
                                     absl::Time deadline);

 private:
  struct Endpoints {
    std::string authorization;
    std::string token;
    std::string keys;
  };
  // Reads the issuer's configuration where it is not known. Those who come while it is read wait;
  // when it did not come, nobody is asked for a while, so that a hanging issuer holds up one
  // caller.
  absl::StatusOr<Endpoints> Discover();
  absl::Status ReadConfiguration() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const OidcSettings settings_;
  logging::Logger& logger_;
  absl::Mutex mutex_;
  Endpoints endpoints_ ABSL_GUARDED_BY(mutex_);
  absl::Time discovered_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time silent_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::unique_ptr<auth::JwksSource> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teraju::identity
