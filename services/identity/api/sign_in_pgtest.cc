// Guessing a password is slow for who guesses, and for nobody else; changing it ends what others
// may have.
#include <atomic>
#include <thread>

#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

constexpr char kLogin[] = "196608011988031101";
constexpr char kWrong[] = "not the password";
constexpr char kAttacker[] = "203.0.113.7";
constexpr char kHome[] = "198.51.100.4";

class SignInTest : public AccessTest {
 protected:
  absl::StatusOr<v1::Session> From(const std::string& source,
                                   const std::string& password,
                                   const std::string& known = "",
                                   const std::string& login = kLogin) {
    v1::SignInRequest request;
    request.set_agency("agencies/dumai");
    request.set_login(login);
    request.set_password(password);
    request.set_known_refresh_token(known);
    return Call<v1::Sessions>(
        Caller{.source = source}, &v1::Sessions::StubInterface::SignIn, request);
  }
  absl::StatusOr<google::protobuf::Empty> ChangePassword(const Caller& caller,
                                                         const std::string& present,
                                                         const std::string& wanted) {
    v1::ChangePasswordRequest request;
    request.set_present_password(present);
    request.set_new_password(wanted);
    return Call<v1::Sessions>(caller, &v1::Sessions::StubInterface::ChangePassword, request);
  }
  Caller With(const v1::Session& session) {
    return {.subject = session.subject(),
            .agency = "dumai",
            .session = Verify(session.access_token())->session};
  }
  void Guess(const std::string& source, const std::string& login = kLogin) {
    for (int i = 0; i < 5; ++i)
      EXPECT_THAT(From(source, kWrong, "", login), HasReason(v1::CREDENTIALS_INVALID));
  }
};

TEST_F(SignInTest, WhoGuessesWaitsAndTheOwnerElsewhereDoesNot) {
  const auto session = Activate(CodeFor(person_), kPassword);
  Guess(kAttacker);
  const auto delayed = From(kAttacker, kWrong);
  EXPECT_THAT(delayed, HasReason(v1::SIGN_IN_DELAYED));
  EXPECT_EQ(errors::GetDetail<google::rpc::RetryInfo>(delayed.status())->retry_delay().seconds(),
            1);
  // Whoever knows the password by now does not get in either.
  EXPECT_THAT(From(kAttacker, kPassword), HasReason(v1::SIGN_IN_DELAYED));
  EXPECT_THAT(From(kHome, kPassword), IsOk());
  // At the attacker's own address: a device that is known does not wait.
  EXPECT_THAT(From(kAttacker, kPassword, session->refresh_token()), IsOk());
  EXPECT_THAT(From(kAttacker, kPassword, "forged"), HasReason(v1::SIGN_IN_DELAYED));
}

TEST_F(SignInTest, WhoBeganBeforeAnotherIsNotDelayedByIt) {
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  host_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(From(kHome, kWrong), HasReason(v1::CREDENTIALS_INVALID));
  host_.clock().Advance(-absl::Milliseconds(1));
  EXPECT_THAT(From(kHome, kPassword), IsOk());
}

TEST_F(SignInTest, TheWaitGrowsAndEndsAndASuccessForgetsIt) {
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  Guess(kAttacker);
  host_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(From(kAttacker, kWrong), HasReason(v1::CREDENTIALS_INVALID));
  host_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(From(kAttacker, kWrong), HasReason(v1::SIGN_IN_DELAYED));
  host_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(From(kAttacker, kPassword), IsOk());
  Guess(kAttacker);
}

TEST_F(SignInTest, AnAddressOfEMailWaitsHoweverItIsWritten) {
  Guess(kAttacker, "nobody@dumai.example");
  EXPECT_THAT(From(kAttacker, kWrong, "", "NoBody@Dumai.example"), HasReason(v1::SIGN_IN_DELAYED));
}

// Many at once are counted one by one, the first of them too.
TEST_F(SignInTest, GuessesAtTheSameTimeDoNotGetBy) {
  std::atomic<int> checked = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const auto answer = From(kAttacker, kWrong);
      if (errors::ReasonOf(answer.status()) == "CREDENTIALS_INVALID") ++checked;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(checked, 5);
}

TEST_F(SignInTest, AnUnknownLoginWaitsLikeAKnownOneAndNothingIsKeptInWords) {
  Guess(kAttacker, "nobody@dumai.example");
  EXPECT_THAT(From(kAttacker, kWrong, "", "nobody@dumai.example"), HasReason(v1::SIGN_IN_DELAYED));
  EXPECT_THAT(Query("SELECT count(*) FROM sign_in_failures WHERE length(key) = 32"),
              ElementsAre("1"));
  for (const std::string& line : host_.log_lines())
    EXPECT_EQ(line.find(kAttacker), std::string::npos) << line;
}

TEST_F(SignInTest, APasswordIsChangedByWhoKnowsItAndOtherSessionsEnd) {
  const auto here = Activate(CodeFor(person_), kPassword);
  const auto there = From(kHome, kPassword);
  const Caller caller = With(*here);
  EXPECT_THAT(ChangePassword(caller, kWrong, "malam-hari di dumai"),
              HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(ChangePassword(caller, "", "malam-hari di dumai"),
              HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(ChangePassword(caller, kPassword, "pendek"), HasReason(v1::PASSWORD_WEAK));
  ASSERT_THAT(ChangePassword(caller, kPassword, "malam-hari di dumai"), IsOk());
  EXPECT_THAT(From(kHome, kPassword), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(From(kHome, "malam-hari di dumai"), IsOk());
  EXPECT_THAT(Refresh(here->refresh_token()), IsOk());
  EXPECT_THAT(Refresh(there->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Query("SELECT key FROM access_revocations"),
              ElementsAre("sessions/" + Verify(there->access_token())->session));
}

TEST_F(SignInTest, WhoHasNoPasswordSetsTheFirstAndASessionGuessesSlowlyToo) {
  const auto session = Activate(CodeFor(person_));
  ASSERT_THAT(ChangePassword(With(*session), "", kPassword), IsOk());
  EXPECT_THAT(From(kHome, kPassword), IsOk());
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(ChangePassword(With(*session), kWrong, kPassword),
                HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(ChangePassword(With(*session), kWrong, kPassword), HasReason(v1::SIGN_IN_DELAYED));
  EXPECT_THAT(From(kHome, kPassword), IsOk());
}

}  // namespace
}  // namespace teraju::identity
