// Makes access tokens (RFC 9068) with an ES256 key. Identity has one; tests have their own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/logging/secret.h"

namespace teraju::auth {

inline constexpr char kAudience[] = "teraju";

struct Claims {
  std::string issuer;
  std::string audience = kAudience;
  Principal principal;  // subject, agency (empty: none), client, session, scope
  absl::Time issue_time;
  absl::Time expire_time;
  std::string token_id;  // `jti`
};

class TokenSigner {
 public:
  static TokenSigner Generate();
  // A P-256 private key as PEM (PKCS #8). INVALID_ARGUMENT for anything else.
  static absl::StatusOr<TokenSigner> FromPem(const logging::Secret& pem);

  // The key's id: its thumbprint (RFC 7638).
  const std::string& key_id() const { return key_id_; }
  logging::Secret PrivateKeyPem() const;
  // The public half as a JSON Web Key; `{"keys":[…]}` around such makes a key set.
  std::string PublicJwk() const;
  std::string Sign(const Claims& claims) const;
  // Signs a header and payload as given, so that tests can make tokens that must be refused.
  std::string SignRaw(std::string_view header, std::string_view payload) const;

 private:
  explicit TokenSigner(std::shared_ptr<void> handle);

  std::shared_ptr<void> handle_;  // EVP_PKEY
  std::string x_;
  std::string y_;
  std::string key_id_;
};

// The document that publishes the public halves of these signers' keys.
std::string MakeKeySetDocument(const std::vector<const TokenSigner*>& signers);

}  // namespace teraju::auth
