#include "common/auth/token_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/token_attacks.h"
#include "common/testing/check_line.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::TOKEN_EXPIRED;
using errors::reasons::TOKEN_INVALID;
using testing::HasReason;
using testing::IsOk;

constexpr char kIssuer[] = "https://identity.example";
constexpr std::int64_t kNow = 1750000000;

class TokenVerifierTest : public ::testing::Test {
 protected:
  std::string Token(const TokenDraft& draft = {}) const { return attacks_.Token(draft); }
  std::string TokenWith(std::string TokenDraft::*field, std::string value) const {
    return attacks_.With(field, std::move(value));
  }

  const TokenSigner signer_ = TokenSigner::Generate();
  const TokenAttacks attacks_{signer_, kIssuer, kNow};
  FixedKeys keys_{*ParseKeySet(MakeKeySetDocument({&signer_}))};
  testing::FakeClock clock_{absl::FromUnixSeconds(kNow)};
  const TokenVerifier verifier_{{.issuer = kIssuer}, keys_, clock_};
};

TEST_F(TokenVerifierTest, AcceptsWhatIdentityIssuesAndReadsIt) {
  const Principal principal{.subject = "employees/0191d6a0-0000-7000-8000-000000000001",
                            .agency = AgencyId("kota-dumai"),
                            .client = "apiClients/portal",
                            .session = "s1"};
  const auto read = verifier_.Verify(signer_.Sign({.issuer = kIssuer,
                                                   .principal = principal,
                                                   .issue_time = clock_.Now(),
                                                   .expire_time = clock_.Now() + absl::Minutes(10),
                                                   .token_id = "t1"}));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->subject, principal.subject);
  EXPECT_EQ(read->agency, principal.agency);
  EXPECT_EQ(read->client, principal.client);
  EXPECT_EQ(read->session, principal.session);
}

TEST_F(TokenVerifierTest, AcceptsTheEdges) {
  EXPECT_THAT(verifier_.Verify(Token()), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&TokenDraft::exp, std::to_string(kNow + 3600))), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&TokenDraft::iat, std::to_string(kNow + 60))), IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&TokenDraft::payload_more, R"(,"nbf":1750000060)")),
              IsOk());
  EXPECT_THAT(verifier_.Verify(TokenWith(&TokenDraft::payload_more, R"(,"realm":{"roles":["x"]})")),
              IsOk());
  TokenDraft operators;
  operators.sub = R"("accounts/root")";
  operators.agency = R"("kota-dumai","other":null)";
  EXPECT_THAT(verifier_.Verify(Token(operators)), IsOk());
  TokenDraft last_second;
  last_second.iat = std::to_string(kNow - 659);
  last_second.exp = std::to_string(kNow - 59);
  EXPECT_THAT(verifier_.Verify(Token(last_second)), IsOk());
}

// S02 on the verifier itself; tests/security sends the same list to the running suite.
TEST_F(TokenVerifierTest, RefusesEveryHostileToken) {
  testing::CheckLine line("S02", "hostile tokens believed by the verifier", "0");
  const TokenAttacks::List hostile = attacks_.All();
  EXPECT_GE(hostile.size(), 150u);
  const std::string words = verifier_.Verify("").status().ToString();
  int accepted = 0;
  for (const auto& [name, text] : hostile) {
    const auto result = verifier_.Verify(text);
    EXPECT_THAT(result, HasReason(TOKEN_INVALID)) << name;
    EXPECT_EQ(result.status().ToString(), words) << name;
    accepted += result.ok() ? 1 : 0;
  }
  // The control: the draft that all of them were made from is good.
  EXPECT_THAT(verifier_.Verify(attacks_.Good()), IsOk());
  line.Set(accepted, static_cast<std::int64_t>(hostile.size()));
}

TEST_F(TokenVerifierTest, SaysExpiredOnlyOfAGoodTokenPastItsTime) {
  TokenDraft past;
  past.iat = std::to_string(kNow - 660);
  past.exp = std::to_string(kNow - 60);
  EXPECT_THAT(verifier_.Verify(Token(past)), HasReason(TOKEN_EXPIRED));
  past.aud = R"("other")";
  EXPECT_THAT(verifier_.Verify(Token(past)), HasReason(TOKEN_INVALID));
}

TEST_F(TokenVerifierTest, ARememberedTokenExpiresToo) {
  const std::string token = Token();
  EXPECT_THAT(verifier_.Verify(token), IsOk());
  clock_.Advance(absl::Seconds(659));
  EXPECT_THAT(verifier_.Verify(token), IsOk());
  EXPECT_TRUE(verifier_.Known(token));
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(verifier_.Known(token));
  EXPECT_THAT(verifier_.Verify(token), HasReason(TOKEN_EXPIRED));
}

class ChangingKeys final : public KeySource {
 public:
  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) override {
    return FixedKeys(keys).Find(id);
  }
  KeySet keys;
};

TEST_F(TokenVerifierTest, AWithdrawnOrReplacedKeyTakesRememberedTokensWithIt) {
  ChangingKeys keys;
  keys.keys = *ParseKeySet(MakeKeySetDocument({&signer_}));
  const TokenVerifier verifier({.issuer = kIssuer}, keys, clock_);
  const std::string token = Token();
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), IsOk());
  EXPECT_TRUE(verifier.Known(token));
  const TokenSigner other = TokenSigner::Generate();
  std::string same_id = MakeKeySetDocument({&other});
  same_id.replace(same_id.find(other.key_id()), other.key_id().size(), signer_.key_id());
  keys.keys = *ParseKeySet(same_id);
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), HasReason(TOKEN_INVALID));
  keys.keys.clear();
  EXPECT_FALSE(verifier.Known(token));
  EXPECT_THAT(verifier.Verify(token), HasReason(TOKEN_INVALID));
}

TEST_F(TokenVerifierTest, RemembersABoundedNumber) {
  const TokenVerifier verifier({.issuer = kIssuer, .cached_tokens = 4}, keys_, clock_);
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(verifier.Verify(
                    TokenWith(&TokenDraft::payload_more, R"(,"jti":")" + std::to_string(i) + "\"")),
                IsOk());
  }
}

TEST_F(TokenVerifierTest, WithoutAnIssuerNothingIsAccepted) {
  const TokenVerifier verifier({.issuer = ""}, keys_, clock_);
  EXPECT_THAT(verifier.Verify(TokenWith(&TokenDraft::iss, R"("")")), HasReason(TOKEN_INVALID));
}

class NoKeysYet final : public KeySource {
 public:
  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view) override {
    return errors::Unavailable(DEPENDENCY_UNAVAILABLE, "not yet").With("dependency", "identity");
  }
};

TEST_F(TokenVerifierTest, WithoutKeysItIsUnavailableAndNotWrong) {
  NoKeysYet keys;
  const TokenVerifier verifier({.issuer = kIssuer}, keys, clock_);
  EXPECT_THAT(verifier.Verify(Token()), HasReason(DEPENDENCY_UNAVAILABLE));
}

}  // namespace
}  // namespace teraju::auth
