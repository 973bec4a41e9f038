// Signs tree heads with Ed25519 (RFC 8032) and checks them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "teraju/audit/v1/audit_events.pb.h"

struct evp_pkey_st;

namespace teraju::audit {

// What the signature of a head covers: a line each for the form's version, agency, size, root in
// hexadecimal and time.
std::string CanonicalHead(const v1::TreeHead& head);

// `public_key` has 32 bytes, `signature` 64; anything else is false.
bool VerifySignature(std::string_view public_key,
                     std::string_view message,
                     std::string_view signature);
// Whether `public_key` signed this head: signature and key id.
bool VerifyHead(std::string_view public_key, const v1::TreeHead& head);

// The first 16 hexadecimal digits of SHA-256 over the public key.
std::string KeyId(std::string_view public_key);

// The key in PEM (SubjectPublicKeyInfo), as tools take it.
std::string PublicKeyPem(std::string_view public_key);

// Thread-safe.
class Signer {
 public:
  // A key of 32 bytes (RFC 8032's seed). INVALID_ARGUMENT (FIELD_INVALID).
  static absl::StatusOr<Signer> FromPrivateKey(std::string_view private_key);
  // The key of a file in PEM, as `openssl genpkey -algorithm ed25519` writes it. INVALID_ARGUMENT
  // (FIELD_INVALID) for anything else.
  static absl::StatusOr<Signer> FromPemFile(const std::string& path);
  // A new key.
  static absl::StatusOr<Signer> Generate();

  // 64 bytes.
  absl::StatusOr<std::string> Sign(std::string_view message) const;
  // Sets the head's signature and key id.
  absl::Status SignHead(v1::TreeHead& head) const;

  const std::string& public_key() const { return public_key_; }
  // To be stored; never logged.
  std::string private_key() const;

 private:
  explicit Signer(evp_pkey_st* key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string public_key_;
};

}  // namespace teraju::audit
