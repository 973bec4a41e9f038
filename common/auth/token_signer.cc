#include "common/auth/token_signer.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "absl/status/status.h"
#include "common/auth/encoding.h"

namespace teraju::auth {
namespace {

constexpr int kCoordinate = 32;  // bytes, of P-256

EVP_PKEY* Key(const std::shared_ptr<void>& handle) { return static_cast<EVP_PKEY*>(handle.get()); }

std::string Coordinate(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  std::string bytes(kCoordinate, '\0');
  if (EVP_PKEY_get_bn_param(key, name, &number) == 1) {
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), kCoordinate);
    BN_free(number);
  }
  return bytes;
}

bool IsP256(EVP_PKEY* key) {
  char group[64] = {};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group, sizeof(group), nullptr) == 1 &&
         std::string_view(group) == "prime256v1";
}

// r || s (RFC 7518, section 3.4) from OpenSSL's ASN.1 form.
std::string FromDer(const std::string& der) {
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* parts = d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()));
  std::string signature(2 * kCoordinate, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(parts), out, kCoordinate);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts), out + kCoordinate, kCoordinate);
  ECDSA_SIG_free(parts);
  return signature;
}

}  // namespace

TokenSigner::TokenSigner(std::shared_ptr<void> handle) : handle_(std::move(handle)) {
  // EVP keys keep the point; the coordinates as numbers are parameters of it.
  x_ = Base64UrlEncode(Coordinate(Key(handle_), OSSL_PKEY_PARAM_EC_PUB_X));
  y_ = Base64UrlEncode(Coordinate(Key(handle_), OSSL_PKEY_PARAM_EC_PUB_Y));
  key_id_ = Base64UrlEncode(
      Sha256(fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})", x_, y_)));
}

TokenSigner TokenSigner::Generate() {
  return TokenSigner(std::shared_ptr<void>(
      EVP_EC_gen("P-256"), [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); }));
}

absl::StatusOr<TokenSigner> TokenSigner::FromPem(const logging::Secret& pem) {
  BIO* in = BIO_new_mem_buf(pem.Reveal().data(), static_cast<int>(pem.Reveal().size()));
  // An encrypted key must not make OpenSSL ask for its password on the terminal.
  pem_password_cb* no_password = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, no_password, nullptr);
  BIO_free(in);
  if (key == nullptr)
    return absl::InvalidArgumentError("signing key: not a private key in PEM form");
  std::shared_ptr<void> handle(key, [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); });
  if (!IsP256(key)) return absl::InvalidArgumentError("signing key: not on the curve P-256");
  return TokenSigner(std::move(handle));
}

logging::Secret TokenSigner::PrivateKeyPem() const {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(out, Key(handle_), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long length = BIO_get_mem_data(out, &data);
  logging::Secret pem(std::string(data, static_cast<std::size_t>(length)));
  BIO_free(out);
  return pem;
}

std::string TokenSigner::PublicJwk() const {
  return boost::json::serialize(boost::json::object{{"kty", "EC"},
                                                    {"crv", "P-256"},
                                                    {"use", "sig"},
                                                    {"alg", "ES256"},
                                                    {"kid", key_id_},
                                                    {"x", x_},
                                                    {"y", y_}});
}

std::string TokenSigner::Sign(const Claims& claims) const {
  const boost::json::object header{{"alg", "ES256"}, {"kid", key_id_}, {"typ", "at+jwt"}};
  boost::json::object payload{{"iss", claims.issuer},
                              {"aud", claims.audience},
                              {"sub", claims.principal.subject},
                              {"iat", absl::ToUnixSeconds(claims.issue_time)},
                              {"exp", absl::ToUnixSeconds(claims.expire_time)},
                              {"jti", claims.token_id}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) payload[name] = value;
  };
  add("agency", claims.principal.agency.value());
  add("client", claims.principal.client);
  add("sid", claims.principal.session);
  add("scope", claims.principal.scope);
  return SignRaw(boost::json::serialize(header), boost::json::serialize(payload));
}

std::string TokenSigner::SignRaw(std::string_view header, std::string_view payload) const {
  const std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::size_t length = 0;
  std::string der;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, Key(handle_)) == 1 &&
      EVP_DigestSign(context, nullptr, &length, data, text.size()) == 1) {
    der.resize(length);
    EVP_DigestSign(
        context, reinterpret_cast<unsigned char*>(der.data()), &length, data, text.size());
    der.resize(length);
  }
  EVP_MD_CTX_free(context);
  return text + "." + Base64UrlEncode(FromDer(der));
}

std::string MakeKeySetDocument(const std::vector<const TokenSigner*>& signers) {
  std::string document = R"({"keys":[)";
  for (const TokenSigner* signer : signers) {
    if (document.back() == '}') document += ',';
    document += signer->PublicJwk();
  }
  return document + "]}";
}

}  // namespace teraju::auth
