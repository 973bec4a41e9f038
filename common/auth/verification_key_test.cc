#include "common/auth/verification_key.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/encoding.h"
#include "common/auth/token_signer.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using testing::IsOk;

TEST(TokenSigner, KeepsItsKeyThroughPem) {
  const TokenSigner signer = TokenSigner::Generate();
  const auto again = TokenSigner::FromPem(signer.PrivateKeyPem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->key_id(), signer.key_id());
  EXPECT_EQ(again->PublicJwk(), signer.PublicJwk());
  EXPECT_EQ(TokenSigner::FromPem(logging::Secret("no key")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseKeySet, LeavesOutWhatIsNotForVerifying) {
  const std::string ec =
      R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
  const auto count = [&](const std::string& more) {
    const auto set = ParseKeySet("{\"keys\":[{" + ec + "," + more + "}]}");
    return set.ok() ? static_cast<int>(set->size()) : 0;
  };
  EXPECT_EQ(count(R"("kid":"a")"), 1);
  EXPECT_EQ(count(R"("kid":"a","alg":"ES256","use":"sig","key_ops":["verify"])"), 1);
  EXPECT_EQ(count(R"("kid":"a","alg":"ES384")"), 0);
  EXPECT_EQ(count(R"("kid":"a","alg":"RS256")"), 0);
  EXPECT_EQ(count(R"("kid":"a","use":"enc")"), 0);
  EXPECT_EQ(count(R"("kid":"a","key_ops":["sign"])"), 0);
  EXPECT_EQ(count(R"("kid":"a","d":"AAAA")"), 0);
  EXPECT_EQ(count(R"("kid":"a b")"), 0);
  EXPECT_EQ(count(R"("kid":"")"), 0);
  EXPECT_EQ(count(R"("use":"sig")"), 0);
}

TEST(ParseKeySet, RefusesPointsOffTheCurveSmallModuliAndSymmetricKeys) {
  const std::vector<std::string> keys = {
      R"({"kty":"EC","kid":"a","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"})",
      R"({"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"})",
      R"({"kty":"EC","kid":"a","crv":"P-384","x":"AA","y":"AA"})",
      R"({"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"})",
      R"({"kty":"RSA","kid":"a","n":")" + Base64UrlEncode(std::string(256, '\xff')) +
          R"(","e":"AQ"})",
      R"({"kty":"oct","kid":"a","k":"AAAA"})",
      R"({"kty":"OKP","kid":"a","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
      R"({"kty":"OKP","kid":"a","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ"})",
  };
  for (const std::string& key : keys) {
    EXPECT_EQ(ParseKeySet("{\"keys\":[" + key + "]}").status().code(), absl::StatusCode::kNotFound)
        << key;
  }
}

TEST(ParseKeySet, RefusesWhatIsNoKeySet) {
  const std::string key =
      R"({"kty":"OKP","kid":"a","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  EXPECT_THAT(ParseKeySet("{\"keys\":[" + key + "]}"), IsOk());
  for (const std::string& text : {std::string(),
                                  std::string("[]"),
                                  std::string("{}"),
                                  std::string(R"({"keys":{}})"),
                                  std::string(R"({"keys":[1]})"),
                                  absl::StrCat("{\"keys\":[", key, ",", key, "]}"),
                                  absl::StrCat("{\"keys\":[", key, "],\"keys\":[]}"),
                                  std::string(70000, ' ')}) {
    EXPECT_EQ(ParseKeySet(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text.substr(0, 80);
  }
}

struct Example {
  const char* key;
  const char* token;
};

// The examples of RFC 7515, appendix A.3 (ES256), and RFC 8037, appendix A.4 (EdDSA).
constexpr Example kExamples[] = {
    {R"({"kty":"EC","kid":"k","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
     "eyJhbGciOiJFUzI1NiJ9."
     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
     "Q."
     "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
    {R"({"kty":"OKP","kid":"k","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
     "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
     "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
};

TEST(VerificationKey, AgreesWithTheExamplesOfTheStandards) {
  for (const Example& example : kExamples) {
    const auto set = ParseKeySet("{\"keys\":[" + std::string(example.key) + "]}");
    ASSERT_THAT(set, IsOk());
    const std::string_view token = example.token;
    const std::size_t dot = token.rfind('.');
    std::string signature = *Base64UrlDecode(token.substr(dot + 1));
    EXPECT_TRUE(set->at("k")->Verify(token.substr(0, dot), signature));
    EXPECT_FALSE(set->at("k")->Verify(token.substr(0, dot - 1), signature));
    signature[0] = static_cast<char>(signature[0] ^ 1);
    EXPECT_FALSE(set->at("k")->Verify(token.substr(0, dot), signature));
  }
}

TEST(VerificationKey, VerifiesRs256) {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  BIGNUM* modulus = nullptr;
  EVP_PKEY_get_bn_param(key, "n", &modulus);
  std::string n(256, '\0');
  BN_bn2binpad(modulus, reinterpret_cast<unsigned char*>(n.data()), 256);
  std::string signature(256, '\0');
  std::size_t length = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  EVP_DigestSign(context,
                 reinterpret_cast<unsigned char*>(signature.data()),
                 &length,
                 reinterpret_cast<const unsigned char*>("text"),
                 4);
  EVP_MD_CTX_free(context);
  BN_free(modulus);
  EVP_PKEY_free(key);
  const auto set = ParseKeySet(R"({"keys":[{"kty":"RSA","kid":"k","e":"AQAB","n":")" +
                               Base64UrlEncode(n) + "\"}]}");
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->at("k")->algorithm_name(), "RS256");
  EXPECT_TRUE(set->at("k")->Verify("text", signature));
  EXPECT_FALSE(set->at("k")->Verify("text", signature.substr(1)));
  EXPECT_FALSE(set->at("k")->Verify("text", '\0' + signature));
  EXPECT_FALSE(set->at("k")->Verify("tex", signature));
}

}  // namespace
}  // namespace teraju::auth
