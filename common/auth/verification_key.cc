#include "common/auth/verification_key.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "common/auth/encoding.h"
#include "common/auth/strict_json.h"
#include "common/errors/status_macros.h"

namespace teraju::auth {
namespace {

constexpr std::size_t kMaxDocument = 64 * 1024;
constexpr std::size_t kCoordinate = 32;  // bytes of a P-256 coordinate and of an Ed25519 key
constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 4096;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using Handle = std::shared_ptr<EVP_PKEY>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber ToBigNumber(std::string_view bytes) {
  return BigNumber(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

Handle MakeKey(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return Handle(key, EVP_PKEY_free);
}

// A member that is base64url text, decoded; nullopt when absent or not.
std::optional<std::string> Octets(const boost::json::object& jwk, const char* name) {
  const boost::json::value* member = jwk.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return Base64UrlDecode({member->get_string().data(), member->get_string().size()});
}

Handle MakeEcKey(const boost::json::object& jwk) {
  const auto x = Octets(jwk, "x");
  const auto y = Octets(jwk, "y");
  if (!x || !y || x->size() != kCoordinate || y->size() != kCoordinate) return nullptr;
  const std::string point = '\x04' + *x + *y;
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(
      builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return MakeKey("EC", builder.get());
}

Handle MakeRsaKey(const boost::json::object& jwk) {
  const auto modulus = Octets(jwk, "n");
  const auto exponent = Octets(jwk, "e");
  if (!modulus || !exponent || exponent->empty() || exponent->size() > 4 || modulus->empty())
    return nullptr;
  const BigNumber n = ToBigNumber(*modulus);
  const BigNumber e = ToBigNumber(*exponent);
  if (BN_num_bits(n.get()) < kMinRsaBits || BN_num_bits(n.get()) > kMaxRsaBits ||
      !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return nullptr;
  }
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return MakeKey("RSA", builder.get());
}

Handle MakeEd25519Key(const boost::json::object& jwk) {
  const auto x = Octets(jwk, "x");
  if (!x || x->size() != kCoordinate) return nullptr;
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(*x), x->size());
  return key == nullptr ? nullptr : Handle(key, EVP_PKEY_free);
}

std::string_view Text(const boost::json::object& jwk, const char* name) {
  const boost::json::value* member = jwk.if_contains(name);
  if (member == nullptr || !member->is_string()) return {};
  return {member->get_string().data(), member->get_string().size()};
}

bool ForVerification(const boost::json::object& jwk) {
  if (jwk.contains("d")) return false;
  if (jwk.contains("use") && Text(jwk, "use") != "sig") return false;
  const boost::json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return true;
  return operations->is_array() &&
         std::any_of(operations->get_array().begin(),
                     operations->get_array().end(),
                     [](const auto& operation) { return operation == "verify"; });
}

// Nothing for a key that is not ours to use.
std::shared_ptr<const VerificationKey> ToKey(const boost::json::object& jwk) {
  const std::string_view id = Text(jwk, "kid");
  if (!IsKeyId(id) || !ForVerification(jwk)) return nullptr;
  const std::string_view type = Text(jwk, "kty");
  const std::string_view curve = Text(jwk, "crv");
  Handle handle;
  Algorithm algorithm = Algorithm::kEs256;
  if (type == "EC" && curve == "P-256") {
    handle = MakeEcKey(jwk);
  } else if (type == "OKP" && curve == "Ed25519") {
    algorithm = Algorithm::kEdDsa;
    handle = MakeEd25519Key(jwk);
  } else if (type == "RSA") {
    algorithm = Algorithm::kRs256;
    handle = MakeRsaKey(jwk);
  }
  if (!handle) return nullptr;
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(handle.get(), &der);
  if (length <= 0) return nullptr;
  std::string public_key(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  auto key =
      std::make_shared<VerificationKey>(std::string(id), algorithm, std::move(public_key), handle);
  if (jwk.contains("alg") && Text(jwk, "alg") != key->algorithm_name()) return nullptr;
  return key;
}

// The ASN.1 form that OpenSSL verifies, from the fixed-length r || s of RFC 7518.
std::string ToDer(std::string_view signature) {
  BigNumber r = ToBigNumber(signature.substr(0, kCoordinate));
  BigNumber s = ToBigNumber(signature.substr(kCoordinate));
  const EcSignature parts(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(parts.get(), &der);
  if (length <= 0) return {};
  std::string result(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return result;
}

}  // namespace

VerificationKey::VerificationKey(std::string id,
                                 Algorithm algorithm,
                                 std::string public_key,
                                 std::shared_ptr<void> handle)
    : id_(std::move(id)),
      algorithm_(algorithm),
      public_key_(std::move(public_key)),
      handle_(std::move(handle)) {}

std::string_view VerificationKey::algorithm_name() const {
  switch (algorithm_) {
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      return "EdDSA";
    case Algorithm::kRs256:
      return "RS256";
  }
  return "";
}

bool VerificationKey::Verify(std::string_view signed_text, std::string_view signature) const {
  auto* key = static_cast<EVP_PKEY*>(handle_.get());
  const std::size_t expected = algorithm_ == Algorithm::kRs256
                                   ? static_cast<std::size_t>(EVP_PKEY_get_size(key))
                                   : 2 * kCoordinate;
  if (signature.size() != expected) return false;
  std::string der;
  if (algorithm_ == Algorithm::kEs256) {
    der = ToDer(signature);
    signature = der;
  }
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm_ == Algorithm::kEdDsa ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(),
                          Bytes(signature),
                          signature.size(),
                          Bytes(signed_text),
                          signed_text.size()) == 1;
}

bool IsKeyId(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

absl::StatusOr<KeySet> ParseKeySet(std::string_view document) {
  if (document.size() > kMaxDocument)
    return absl::InvalidArgumentError("key set: larger than 64 KiB");
  ASSIGN_OR_RETURN(const boost::json::value value, ParseStrictJson(document));
  const boost::json::value* keys =
      value.is_object() ? value.get_object().if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array())
    return absl::InvalidArgumentError("key set: no array 'keys'");
  KeySet set;
  for (const boost::json::value& element : keys->get_array()) {
    if (!element.is_object()) return absl::InvalidArgumentError("key set: a key is not an object");
    const std::shared_ptr<const VerificationKey> key = ToKey(element.get_object());
    if (key == nullptr) continue;
    if (!set.emplace(key->id(), key).second)
      return absl::InvalidArgumentError("key set: an id occurs twice");
  }
  if (set.empty()) return absl::NotFoundError("key set: no key that can be used");
  return set;
}

absl::StatusOr<std::shared_ptr<const VerificationKey>> FixedKeys::Find(std::string_view id) {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return absl::NotFoundError("unknown key");
  return found->second;
}

}  // namespace teraju::auth
