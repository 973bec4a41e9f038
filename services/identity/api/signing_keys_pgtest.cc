#include <set>

#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

class SigningKeysTest : public AccessTest {
 protected:
  absl::StatusOr<v1::ListSigningKeysResponse> List(const Caller& caller = kOperator) {
    return Call<v1::SigningKeys>(
        caller, &v1::SigningKeys::StubInterface::ListSigningKeys, v1::ListSigningKeysRequest());
  }
  std::vector<v1::SigningKey::State> States() {
    std::vector<v1::SigningKey::State> states;
    const auto list = List();
    EXPECT_THAT(list, IsOk());
    for (const v1::SigningKey& key : list->signing_keys()) states.push_back(key.state());
    return states;
  }
  absl::StatusOr<v1::SigningKey> Rotate(const Caller& caller = kOperator) {
    return Call<v1::SigningKeys>(
        caller, &v1::SigningKeys::StubInterface::RotateSigningKey, v1::RotateSigningKeyRequest());
  }
  absl::StatusOr<v1::SigningKey> Withdraw(const std::string& name,
                                          const Caller& caller = kOperator) {
    v1::WithdrawSigningKeyRequest request;
    request.set_name(name);
    return Call<v1::SigningKeys>(
        caller, &v1::SigningKeys::StubInterface::WithdrawSigningKey, request);
  }
  // The ids that the key set shows.
  std::set<std::string> Published() {
    const auto body =
        Call<v1::OAuth>(Caller{}, &v1::OAuth::StubInterface::GetJwks, v1::GetJwksRequest());
    EXPECT_THAT(body, IsOk());
    std::set<std::string> ids;
    const auto keys = auth::ParseKeySet(body->data());
    for (const auto& [id, key] : *keys) ids.insert("signingKeys/" + id);
    return ids;
  }
  std::string NewToken() {
    const auto body =
        Token("grant_type=client_credentials&client_id=evaluation&client_secret=service-secret");
    EXPECT_THAT(body, IsOk());
    return body->data().substr(17, body->data().find('"', 17) - 17);
  }
  static std::string KeyOf(const std::string& token) {
    const std::string header = *auth::Base64UrlDecode(token.substr(0, token.find('.')));
    const std::size_t at = header.find(R"("kid":")") + 7;
    return "signingKeys/" + header.substr(at, header.find('"', at) - at);
  }
};

TEST_F(SigningKeysTest, AKeyIsPublishedBeforeItSignsAndUntilItsTokensHaveExpired) {
  const std::string old_token = NewToken();
  EXPECT_THAT(States(), ElementsAre(v1::SigningKey::WAITING, v1::SigningKey::SIGNING));
  const auto next = Rotate();
  ASSERT_THAT(next, IsOk());
  EXPECT_TRUE(Published().contains(next->name()));
  // Nobody who read the keys a moment ago meets a token of a key he does not know.
  EXPECT_EQ(KeyOf(NewToken()), KeyOf(old_token));
  host_.clock().Advance(kKeySchedule.lead - absl::Minutes(1));
  EXPECT_EQ(KeyOf(NewToken()), KeyOf(old_token));
  const std::string last_token = NewToken();
  host_.clock().Advance(absl::Minutes(1));
  const std::string token = NewToken();
  EXPECT_EQ(KeyOf(token), next->name());
  EXPECT_THAT(Verify(token), IsOk());
  EXPECT_THAT(Verify(last_token), IsOk());
  EXPECT_THAT(
      States(),
      ElementsAre(v1::SigningKey::WAITING, v1::SigningKey::SIGNING, v1::SigningKey::RETIRED));
  host_.clock().Advance(kAccessTokenLife - absl::Minutes(1));
  EXPECT_THAT(Verify(last_token), IsOk());
  host_.clock().Advance(kKeySchedule.keep);
  EXPECT_FALSE(Published().contains(KeyOf(last_token)));
}

TEST_F(SigningKeysTest, KeysChangeByThemselvesWithTheirAge) {
  const std::string first = KeyOf(NewToken());
  const std::set<std::string> early = Published();
  host_.clock().Advance(kKeySchedule.age - absl::Minutes(2));
  EXPECT_EQ(KeyOf(NewToken()), first);
  host_.clock().Advance(absl::Minutes(2));
  const std::string second = KeyOf(NewToken());
  EXPECT_NE(second, first);
  EXPECT_TRUE(early.contains(second));
  EXPECT_EQ(Published().size(), 3u);  // retired, signing, waiting
}

TEST_F(SigningKeysTest, RotatingTwiceIsRotatingOnce) {
  NewToken();
  const auto next = Rotate();
  ASSERT_THAT(next, IsOk());
  host_.clock().Advance(absl::Minutes(2));
  const auto again = Rotate();
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), next->name());
  EXPECT_EQ(again->sign_time().seconds(), next->sign_time().seconds());
}

TEST_F(SigningKeysTest, AWithdrawnKeyIsNoLongerPublishedAndTheWaitingOneSignsAtOnce) {
  const std::string stolen = NewToken();
  const std::set<std::string> before = Published();
  host_.clock().Advance(absl::Minutes(1));
  ASSERT_THAT(Withdraw(KeyOf(stolen)), IsOk());
  EXPECT_FALSE(Published().contains(KeyOf(stolen)));
  EXPECT_THAT(Verify(stolen), HasReason(errors::reasons::TOKEN_INVALID));
  const std::string token = NewToken();
  EXPECT_TRUE(before.contains(KeyOf(token)));
  EXPECT_THAT(Verify(token), IsOk());
  EXPECT_THAT(
      States(),
      ElementsAre(v1::SigningKey::WAITING, v1::SigningKey::SIGNING, v1::SigningKey::WITHDRAWN));
  EXPECT_THAT(Query("SELECT key FROM access_revocations"), ElementsAre(KeyOf(stolen)));
  EXPECT_THAT(Withdraw(KeyOf(stolen)), IsOk());
  EXPECT_THAT(Withdraw("signingKeys/nobody"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Query("SELECT type FROM audit_events WHERE type LIKE 'signingKey.%' AND agency_id = "
                    "'' ORDER BY event_number"),
              ElementsAre("signingKey.created",
                          "signingKey.created",
                          "signingKey.withdrawn",
                          "signingKey.created"));
}

TEST_F(SigningKeysTest, AreTheOperatorsOnly) {
  for (const Caller& caller : {kAdmin, kEvaluation, As(person_)}) {
    EXPECT_THAT(List(caller), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Rotate(caller), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Withdraw("signingKeys/x", caller), HasReason(PERMISSION_DENIED));
  }
}

TEST_F(SigningKeysTest, ReplicasAgreeOnTheFirstKeys) {
  TokenIssuer other("https://identity.test", database());
  const testing::TestCall call;
  EXPECT_EQ(*issuer_->KeySet(call), *other.KeySet(call));
  EXPECT_THAT(Query("SELECT count(*) FROM signing_keys"), ElementsAre("2"));
}

}  // namespace
}  // namespace teraju::identity
