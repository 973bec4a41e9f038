// ID tokens of external issuers: who has signed in there (OpenID Connect Core 1.0,
// section 3.1.3.7).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/verification_key.h"

namespace teraju::auth {

struct IdTokenCheck {
  std::string issuer;
  std::string client_id;  // the audience
  std::string nonce;      // that was sent with the person
};

// The claims of a token that is signed by one of the issuer's keys (RS256, ES256 or EdDSA, as the
// key is bound), is for this client alone (`aud`, and `azp` where there are several), bears the
// nonce, and holds now with 60 s of leeway; `alg` and `kid` are in its header, and nothing that
// changes what is believed. UNAUTHENTICATED (TOKEN_INVALID or TOKEN_EXPIRED), UNAVAILABLE without
// keys.
absl::StatusOr<boost::json::object> VerifyIdToken(std::string_view token,
                                                  const IdTokenCheck& check,
                                                  KeySource& keys,
                                                  absl::Time now);

}  // namespace teraju::auth
