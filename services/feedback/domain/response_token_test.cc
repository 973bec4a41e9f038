#include "services/feedback/domain/response_token.h"

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"

namespace teraju::feedback::domain {
namespace {

const std::string kKey(32, 'k');
const std::string kOtherKey(32, 'o');
const CampaignId kCampaign("01890000-0000-7000-8000-00000000000c");

TEST(Pseudonym, DependsOnKeyAndRater) {
  EXPECT_EQ(Pseudonym(kKey, "employees/1").size(), 32U);
  EXPECT_EQ(Pseudonym(kKey, "employees/1"), Pseudonym(kKey, "employees/1"));
  EXPECT_NE(Pseudonym(kKey, "employees/1"), Pseudonym(kKey, "employees/2"));
  EXPECT_NE(Pseudonym(kKey, "employees/1"), Pseudonym(kOtherKey, "employees/1"));
}

// RFC 4231 has no prefix of ours: the value was computed with `openssl dgst -sha256 -hmac`.
TEST(Pseudonym, IsHmacSha256) {
  EXPECT_EQ(absl::BytesToHexString(Pseudonym(kKey, "employees/1")),
            "54b711346794fcc1a533e23a326556cad4a2429ad28943e331b59aa8e6e67145");
}

TEST(ResponseToken, NamesItsCampaignAndNothingElse) {
  const std::string token = ResponseToken(kKey, kCampaign, RequestId("r1"));
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(RoundOfToken(token), kCampaign.value());
  EXPECT_NE(token, ResponseToken(kKey, kCampaign, RequestId("r2")));
  EXPECT_NE(token, ResponseToken(kOtherKey, kCampaign, RequestId("r1")));
}

TEST(RoundOfToken, RefusesWhatWeDidNotWrite) {
  const std::string token = ResponseToken(kKey, kCampaign, RequestId("r1"));
  EXPECT_EQ(RoundOfToken(""), std::nullopt);
  EXPECT_EQ(RoundOfToken("abc"), std::nullopt);
  EXPECT_EQ(RoundOfToken(token + "="), std::nullopt);
  EXPECT_EQ(RoundOfToken(" " + token), std::nullopt);
  EXPECT_EQ(RoundOfToken(token + "A"), std::nullopt);
  EXPECT_EQ(RoundOfToken(token.substr(1)), std::nullopt);
}

TEST(HashToken, IsSha256) {
  EXPECT_EQ(absl::BytesToHexString(HashToken("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SurveyCode, CarriesItsRandomBytes) {
  const SurveyId survey("01890000-0000-7000-8000-0000000000aa");
  const std::string code = SurveyCode(survey, std::string(kTokenSecretBytes, 'x'));
  EXPECT_EQ(RoundOfToken(code), survey.value());
  EXPECT_NE(code, SurveyCode(survey, std::string(kTokenSecretBytes, 'y')));
}

}  // namespace
}  // namespace teraju::feedback::domain
