// S01: signatures that RFC 7518, 8017 and 8032 allow or forbid, through the verifier that ships.
// The list is our own, written from the standards.
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/auth/encoding.h"
#include "common/auth/verification_key.h"
#include "common/testing/check_line.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using testing::IsOk;

constexpr char kText[] = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0";
using Key = std::shared_ptr<EVP_PKEY>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

struct Vector {
  std::string name;
  std::string text;
  std::string signature;
  bool valid;
};

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* Bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key Own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

// Signs as OpenSSL does; `digest` null where the algorithm has its own.
std::string Sign(const Key& key, const std::string& text, const EVP_MD* digest, int padding = 0) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(context.get(), &options, digest, nullptr, key.get());
  if (padding != 0) EVP_PKEY_CTX_set_rsa_padding(options, padding);
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, Bytes(text), text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(text), text.size());
  signature.resize(size);
  return signature;
}

std::string Param(const Key& key, const char* name, std::size_t size) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  const Number owned(number, BN_free);
  std::string bytes(size, '\0');
  BN_bn2binpad(number, Bytes(bytes), static_cast<int>(size));
  return bytes;
}

// a + b as big-endian bytes of the length of `a`; empty where it does not fit.
std::string Sum(const std::string& a, const std::string& b) {
  const Number x(BN_bin2bn(Bytes(a), static_cast<int>(a.size()), nullptr), BN_free);
  const Number y(BN_bin2bn(Bytes(b), static_cast<int>(b.size()), nullptr), BN_free);
  BN_add(x.get(), x.get(), y.get());
  std::string bytes(a.size(), '\0');
  return BN_bn2binpad(x.get(), Bytes(bytes), static_cast<int>(bytes.size())) < 0 ? "" : bytes;
}

std::string Reversed(std::string text) {
  std::reverse(text.begin(), text.end());
  return text;
}

std::shared_ptr<const VerificationKey> Load(const std::string& members) {
  const auto set = ParseKeySet(R"({"keys":[{"kid":"k",)" + members + "}]}");
  EXPECT_THAT(set, IsOk());
  return set->at("k");
}

// Wrong for every algorithm.
std::vector<Vector> Common(const std::string& good, const std::string& of_another_key) {
  std::string flipped = good;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  return {{"good", kText, good, true},
          {"empty", kText, "", false},
          {"one byte short", kText, good.substr(0, good.size() - 1), false},
          {"first byte missing", kText, good.substr(1), false},
          {"one byte long", kText, good + '\0', false},
          {"leading zero", kText, '\0' + good, false},
          {"twice", kText, good + good, false},
          {"half", kText, good.substr(0, good.size() / 2), false},
          {"zeros", kText, std::string(good.size(), '\0'), false},
          {"ones", kText, std::string(good.size(), '\xff'), false},
          {"last bit", kText, flipped, false},
          {"reversed", kText, Reversed(good), false},
          {"another key", kText, of_another_key, false},
          {"no text", "", good, false},
          {"text cut", std::string(kText).substr(1), good, false},
          {"text with NUL behind", kText + std::string(1, '\0'), good, false},
          {"text in capitals", "EYJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0", good, false}};
}

std::vector<Vector> Es256(std::shared_ptr<const VerificationKey>& key) {
  const Key secret = Own(EVP_EC_gen("P-256"));
  key = Load(R"("kty":"EC","crv":"P-256","x":")" +
             Base64UrlEncode(Param(secret, OSSL_PKEY_PARAM_EC_PUB_X, 32)) + R"(","y":")" +
             Base64UrlEncode(Param(secret, OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + "\"");
  const auto raw = [](const std::string& der) {
    const unsigned char* at = Bytes(der);
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> parts(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string both(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), Bytes(both), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), Bytes(both) + 32, 32);
    return both;
  };
  const std::string der = Sign(secret, kText, EVP_sha256());
  const std::string good = raw(der);
  const std::string r = good.substr(0, 32);
  const std::string s = good.substr(32);
  const std::string order = Param(secret, OSSL_PKEY_PARAM_EC_ORDER, 32);
  const std::string zero(32, '\0');
  const std::string one = std::string(31, '\0') + '\1';
  std::vector<Vector> vectors =
      Common(good, raw(Sign(Own(EVP_EC_gen("P-256")), kText, EVP_sha256())));
  for (const Vector& more :
       std::vector<Vector>{{"ASN.1", kText, der, false},
                           {"r zero", kText, zero + s, false},
                           {"s zero", kText, r + zero, false},
                           {"r one", kText, one + s, false},
                           {"s one", kText, r + one, false},
                           {"both one", kText, one + one, false},
                           {"r the order", kText, order + s, false},
                           {"s the order", kText, r + order, false},
                           {"both the order", kText, order + order, false},
                           {"r above the order", kText, Sum(order, one) + s, false},
                           {"s above the order", kText, r + Sum(order, one), false},
                           {"r as s", kText, r + r, false},
                           {"swapped", kText, s + r, false},
                           {"SHA-1", kText, raw(Sign(secret, kText, EVP_sha1())), false},
                           {"SHA-384", kText, raw(Sign(secret, kText, EVP_sha384())), false},
                           {"SHA-512", kText, raw(Sign(secret, kText, EVP_sha512())), false},
                           {"SHA3-256", kText, raw(Sign(secret, kText, EVP_sha3_256())), false}}) {
    vectors.push_back(more);
  }
  // Each number plus the order is the same number to arithmetic, and must not be to the verifier.
  if (const std::string sum = Sum(r, order); !sum.empty())
    vectors.push_back({"r plus the order", kText, sum + s, false});
  if (const std::string sum = Sum(s, order); !sum.empty())
    vectors.push_back({"s plus the order", kText, r + sum, false});
  return vectors;
}

std::vector<Vector> EdDsa(std::shared_ptr<const VerificationKey>& key) {
  const Key secret = Own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  std::string point(32, '\0');
  std::size_t size = point.size();
  EVP_PKEY_get_raw_public_key(secret.get(), Bytes(point), &size);
  key = Load(R"("kty":"OKP","crv":"Ed25519","x":")" + Base64UrlEncode(point) + "\"");
  const std::string good = Sign(secret, kText, nullptr);
  const std::string r = good.substr(0, 32);
  const std::string s = good.substr(32);
  const std::string zero(32, '\0');
  // The order of the group, RFC 8032 section 5.1, big-endian.
  const std::string order(
      "\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14\xde\xf9\xde\xa2\xf7\x9c\xd6\x58\x12"
      "\x63\x1a\x5c\xf5\xd3\xed",
      32);
  std::string high = s;
  high.back() = static_cast<char>(high.back() | 0x80);
  std::string sign = r;
  sign.back() = static_cast<char>(sign.back() ^ 0x80);
  std::vector<Vector> vectors =
      Common(good, Sign(Own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), kText, nullptr));
  for (const Vector& more : std::vector<Vector>{
           {"R zero", kText, zero + s, false},
           {"S zero", kText, r + zero, false},
           {"S the order", kText, r + Reversed(order), false},
           {"S plus the order", kText, r + Reversed(Sum(Reversed(s), order)), false},
           {"high bit of S", kText, r + high, false},
           {"sign of R", kText, sign + s, false},
           {"R not on the curve", kText, std::string("\x02") + std::string(31, '\0') + s, false},
           {"R not reduced",
            kText,
            std::string("\xee") + std::string(30, '\xff') + '\x7f' + s,
            false},
           {"key as R", kText, point + s, false},
           {"swapped", kText, s + r, false}}) {
    vectors.push_back(more);
  }
  return vectors;
}

// The number that signs `block` without any padding of OpenSSL's.
std::string SignBlock(const Key& key, const std::string& block) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING);
  std::string signature(block.size(), '\0');
  std::size_t size = signature.size();
  EVP_PKEY_sign(context.get(), Bytes(signature), &size, Bytes(block), block.size());
  return signature;
}

std::vector<Vector> Rs256(std::shared_ptr<const VerificationKey>& key) {
  constexpr std::size_t kSize = 256;
  const Key secret = Own(EVP_RSA_gen(2048));
  const std::string modulus = Param(secret, OSSL_PKEY_PARAM_RSA_N, kSize);
  key = Load(R"("kty":"RSA","e":"AQAB","n":")" + Base64UrlEncode(modulus) + "\"");
  const std::string good = Sign(secret, kText, EVP_sha256());
  const std::string hash = Sha256(kText);
  // DigestInfo of SHA-256, RFC 8017 section 9.2, note 1.
  const std::string info(
      "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 19);
  const std::string without_null(
      "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20", 17);
  const auto block = [&](const std::string& start, const std::string& end, char fill = '\xff') {
    return start + std::string(kSize - start.size() - end.size() - 1, fill) + '\0' + end;
  };
  const std::string type1("\x00\x01", 2);
  const std::string short_padding = type1 + std::string(8, '\xff') + '\0' + info + hash;
  std::vector<Vector> vectors = Common(good, Sign(Own(EVP_RSA_gen(2048)), kText, EVP_sha256()));
  std::string one(kSize, '\0');
  one.back() = '\1';
  for (const Vector& more : std::vector<Vector>{
           // The control of what follows: the same construction, done right, is good.
           {"made by hand", kText, SignBlock(secret, block(type1, info + hash)), true},
           {"block type 2",
            kText,
            SignBlock(secret, block(std::string("\0\2", 2), info + hash)),
            false},
           {"block type 0",
            kText,
            SignBlock(secret, block(std::string("\0\0", 2), info + hash, '\0')),
            false},
           {"padding not ff", kText, SignBlock(secret, block(type1, info + hash, '\xfe')), false},
           {"no DigestInfo", kText, SignBlock(secret, block(type1, hash)), false},
           {"no NULL in DigestInfo",
            kText,
            SignBlock(secret, block(type1, without_null + hash)),
            false},
           {"garbage behind the hash",
            kText,
            SignBlock(secret, short_padding + std::string(kSize - short_padding.size(), 'x')),
            false},
           {"hash cut", kText, SignBlock(secret, block(type1, info + hash.substr(1))), false},
           {"one", kText, one, false},
           {"the modulus", kText, modulus, false},
           {"PSS", kText, Sign(secret, kText, EVP_sha256(), RSA_PKCS1_PSS_PADDING), false},
           {"SHA-1", kText, Sign(secret, kText, EVP_sha1()), false},
           {"SHA-384", kText, Sign(secret, kText, EVP_sha384()), false},
           {"SHA-512", kText, Sign(secret, kText, EVP_sha512()), false}}) {
    vectors.push_back(more);
  }
  if (const std::string sum = Sum(good, modulus); !sum.empty())
    vectors.push_back({"plus the modulus", kText, sum, false});
  return vectors;
}

TEST(S01, AcceptsWhatTheStandardsAllowAndNothingElse) {
  testing::CheckLine line("S01", "signatures judged wrongly", "0");
  int count = 0;
  int wrong = 0;
  for (const auto& make : {Es256, EdDsa, Rs256}) {
    std::shared_ptr<const VerificationKey> key;
    for (const Vector& vector : make(key)) {
      ++count;
      const bool valid = key->Verify(vector.text, vector.signature);
      if (valid != vector.valid) ++wrong;
      EXPECT_EQ(valid, vector.valid) << key->algorithm_name() << ": " << vector.name;
    }
  }
  EXPECT_GE(count, 90);
  line.Set(wrong, count);
}

}  // namespace
}  // namespace teraju::auth
