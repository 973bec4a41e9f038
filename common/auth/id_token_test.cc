#include "common/auth/id_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/token_signer.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

constexpr std::int64_t kNow = 1'790'000'000;

class IdTokenTest : public ::testing::Test {
 protected:
  absl::StatusOr<boost::json::object> Verify(const std::string& payload,
                                             const std::string& header_more = "",
                                             std::int64_t at = kNow) {
    const std::string header =
        R"({"alg":"ES256","kid":")" + signer_.key_id() + "\"" + header_more + "}";
    return VerifyIdToken(signer_.SignRaw(header, payload),
                         {.issuer = "https://sso.test", .client_id = "teraju", .nonce = "n1"},
                         keys_,
                         absl::FromUnixSeconds(at));
  }
  static std::string Payload(const std::string& aud = R"("teraju")",
                             const std::string& more = "",
                             const std::string& nonce = "n1",
                             const std::string& iss = "https://sso.test") {
    return R"({"iss":")" + iss + R"(","aud":)" + aud + R"(,"sub":"u1","nonce":")" + nonce +
           R"(","iat":1790000000,"exp":1790000300)" + more + "}";
  }

  const TokenSigner signer_ = TokenSigner::Generate();
  FixedKeys keys_{*ParseKeySet(MakeKeySetDocument({&signer_}))};
};

TEST_F(IdTokenTest, OfThisIssuerForThisClientAndThisSignInIsBelieved) {
  const auto claims = Verify(Payload(R"("teraju")", R"(,"nip":"196608011988031101")"));
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->at("sub").as_string(), "u1");
  EXPECT_EQ(claims->at("nip").as_string(), "196608011988031101");
  EXPECT_THAT(Verify(Payload(), R"(,"typ":"JWT")"), IsOk());
  EXPECT_THAT(Verify(Payload(R"(["teraju"])")), IsOk());
  EXPECT_THAT(Verify(Payload(R"(["teraju","other"])", R"(,"azp":"teraju")")), IsOk());
  EXPECT_THAT(Verify(Payload(), "", kNow + 359), IsOk());
}

TEST_F(IdTokenTest, AnyOtherIsRefused) {
  const auto refused = HasReason(errors::reasons::TOKEN_INVALID);
  EXPECT_THAT(Verify(Payload(R"("other")")), refused);
  EXPECT_THAT(Verify(Payload(R"(["teraju","other"])")), refused);
  EXPECT_THAT(Verify(Payload(R"([])")), refused);
  EXPECT_THAT(Verify(Payload(R"([1])")), refused);
  EXPECT_THAT(Verify(Payload(R"("teraju")", "", "n2")), refused);
  EXPECT_THAT(Verify(Payload(R"("teraju")", "", "")), refused);
  EXPECT_THAT(Verify(Payload(R"("teraju")", "", "n1", "https://sso.test/")), refused);
  EXPECT_THAT(Verify("{}"), refused);
  EXPECT_THAT(Verify(Payload(), R"(,"typ":"at+jwt")"), refused);
  EXPECT_THAT(Verify(Payload(), R"(,"crit":["exp"])"), refused);
  EXPECT_THAT(Verify(Payload(), R"(,"jku":"https://sso.test/keys")"), refused);
  EXPECT_THAT(Verify(Payload(), "", kNow - 61), refused);
  EXPECT_THAT(Verify(Payload(), "", kNow + 360), HasReason(errors::reasons::TOKEN_EXPIRED));
  const TokenSigner stranger = TokenSigner::Generate();
  const std::string forged =
      stranger.SignRaw(R"({"alg":"ES256","kid":")" + signer_.key_id() + "\"}", Payload());
  EXPECT_THAT(VerifyIdToken(forged,
                            {.issuer = "https://sso.test", .client_id = "teraju", .nonce = "n1"},
                            keys_,
                            absl::FromUnixSeconds(kNow)),
              refused);
}

// A nonce that nobody has made must not fit one that is not there.
TEST_F(IdTokenTest, WithoutANonceNothingIsBelieved) {
  const std::string header = R"({"alg":"ES256","kid":")" + signer_.key_id() + "\"}";
  EXPECT_THAT(VerifyIdToken(signer_.SignRaw(header, Payload(R"("teraju")", "", "")),
                            {.issuer = "https://sso.test", .client_id = "teraju", .nonce = ""},
                            keys_,
                            absl::FromUnixSeconds(kNow)),
              HasReason(errors::reasons::TOKEN_INVALID));
}

}  // namespace
}  // namespace teraju::auth
