// Public keys that tokens are verified with, each bound to one algorithm when it is loaded, and the
// documents they come in.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace teraju::auth {

enum class Algorithm { kEs256, kEdDsa, kRs256 };

class VerificationKey {
 public:
  VerificationKey(std::string id,
                  Algorithm algorithm,
                  std::string public_key,
                  std::shared_ptr<void> handle);

  const std::string& id() const { return id_; }
  // As in a token's header: `ES256`, `EdDSA`, `RS256`.
  std::string_view algorithm_name() const;
  // Whether `signature` in JWS form (RFC 7518, 8037) is this key's over `signed_text`. Its length
  // must be exact.
  bool Verify(std::string_view signed_text, std::string_view signature) const;

  friend bool operator==(const VerificationKey& a, const VerificationKey& b) {
    return a.id_ == b.id_ && a.algorithm_ == b.algorithm_ && a.public_key_ == b.public_key_;
  }

 private:
  std::string id_;
  Algorithm algorithm_;
  std::string public_key_;        // SubjectPublicKeyInfo
  std::shared_ptr<void> handle_;  // EVP_PKEY
};

using KeySet = std::map<std::string, std::shared_ptr<const VerificationKey>, std::less<>>;

// A key's id in a header or document: 1 to 64 of [A-Za-z0-9._-]. It is only ever looked up.
bool IsKeyId(std::string_view text);

// The signing keys of a JSON Web Key Set (RFC 7517): P-256, Ed25519, RSA of 2,048 to 4,096 bits.
// Keys of other kinds, uses or algorithms are left out, as the RFC says, and so is one that carries
// its private part. INVALID_ARGUMENT for what is no key set, has an id twice, or more than 64 KiB;
// NOT_FOUND when no key is left.
absl::StatusOr<KeySet> ParseKeySet(std::string_view document);

// Where verifiers take keys from.
class KeySource {
 public:
  virtual ~KeySource() = default;
  // NOT_FOUND for an id that is not in use; UNAVAILABLE while there are no keys at all. May wait
  // for one fetch.
  virtual absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) = 0;
  // The key if it is known now, without waiting for anything; null otherwise.
  virtual std::shared_ptr<const VerificationKey> Peek(std::string_view id) {
    auto key = Find(id);
    return key.ok() ? *std::move(key) : nullptr;
  }
};

// Keys that do not change, for tests and for identity's own.
class FixedKeys final : public KeySource {
 public:
  explicit FixedKeys(KeySet keys) : keys_(std::move(keys)) {}
  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) override;

 private:
  const KeySet keys_;
};

}  // namespace teraju::auth
