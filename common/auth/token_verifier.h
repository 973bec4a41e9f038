// Says who a bearer token belongs to, or refuses it: a strict verifier of signed access tokens (RFC
// 7515, 7519, 8725, 9068).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/auth/token_signer.h"
#include "common/auth/verification_key.h"
#include "common/time/clock.h"

namespace teraju::auth {

// Thread-safe. A token is accepted when
// * it has at most 4 KiB and three parts of strict base64url, both documents are strict JSON
// objects of at most 8 levels;
// * its header has `alg`, `kid` and `typ` and nothing else, `typ` is `at+jwt`, `alg` is the one
// that the key is bound to;
// * its signature is right;
// * `iss` and `aud` (one text) are the configured ones, `sub` is a subject as in principal.h,
// `iat`, `exp` and, if present,
//   `nbf` are whole seconds; it is not older than an hour by its own word; 60 s of leeway.
class TokenVerifier {
 public:
  struct Options {
    std::string issuer;  // required: with an empty one every token is refused
    std::string audience = kAudience;
    std::size_t cached_tokens = 65536;
  };

  TokenVerifier(Options options, KeySource& keys, const time::Clock& clock);
  ~TokenVerifier();

  // UNAUTHENTICATED with TOKEN_INVALID whatever is wrong, or TOKEN_EXPIRED for a good token past
  // its time; UNAVAILABLE while there are no keys. A token that was accepted is known by its
  // SHA-256 until it expires or its key is withdrawn.
  absl::StatusOr<Principal> Verify(std::string_view token) const;

  // The owner of a token that was accepted before and still holds; never waits. Nullopt says
  // nothing about the token: ask Verify.
  std::optional<Principal> Known(std::string_view token) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::auth
