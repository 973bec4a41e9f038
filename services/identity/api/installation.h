// How this service tells its own process what others ask it for over gRPC: keys, role bindings, its
// own token.
#pragma once

#include "common/service/host.h"
#include "services/identity/api/bootstrap.h"
#include "services/identity/api/oauth_service.h"
#include "services/identity/api/password_hasher.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/clients/oidc_provider.h"

namespace teraju::identity {

class Installation {
 public:
  // Settings: TOKEN_ISSUER, BOOTSTRAP_FILE, SERVICE_SECRETS_FILE, PASSWORD_HASHES (computed at
  // once), SIGNING_KEY_DAYS, SIGNING_KEY_LEAD_SECONDS,
  // SIGN_IN_PROVIDERS_FILE.
  explicit Installation(service::Host& host);

  PasswordHasher& hasher() { return hasher_; }
  TokenIssuer& issuer() { return issuer_; }
  const ServiceSecrets& secrets() const { return secrets_; }
  // The external issuers, for the one who asks first.
  std::vector<OidcSettings> providers() { return std::move(providers_); }

 private:
  PasswordHasher hasher_;
  TokenIssuer issuer_;
  Bootstrap bootstrap_;
  ServiceSecrets secrets_;
  std::vector<OidcSettings> providers_;
};

}  // namespace teraju::identity
