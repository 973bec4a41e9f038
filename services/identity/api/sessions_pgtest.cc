// Ending what was given: sessions, accounts, clients and roles, and when it is in force elsewhere.
#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/testing/eventually.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::Eventually;
using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;

constexpr char kReplica[] = "0b0e7a6e-52a4-4d0c-9c0b-3f0a5a8ec0a1";

class SessionsTest : public AccessTest {
 protected:
  // A caller with a token of the session, as identity has made it, by a host that trusts it.
  Caller With(const v1::Session& session) {
    const auto principal = Verify(session.access_token());
    EXPECT_THAT(principal, IsOk());
    return {.subject = principal->subject,
            .agency = std::string(principal->agency.value()),
            .session = principal->session};
  }
  absl::StatusOr<google::protobuf::Empty> SignOut(const Caller& caller) {
    return Call<v1::Sessions>(caller, &v1::Sessions::StubInterface::SignOut, v1::SignOutRequest());
  }
  absl::StatusOr<v1::ListOpenSessionsResponse> List(const Caller& caller,
                                                    const std::string& person = "") {
    v1::ListOpenSessionsRequest request;
    request.set_parent("agencies/dumai");
    request.set_person(person);
    return Call<v1::Sessions>(caller, &v1::Sessions::StubInterface::ListOpenSessions, request);
  }
  absl::StatusOr<google::protobuf::Empty> End(const std::string& name, const Caller& caller) {
    v1::EndSessionRequest request;
    request.set_name(name);
    return Call<v1::Sessions>(caller, &v1::Sessions::StubInterface::EndSession, request);
  }
  absl::StatusOr<google::protobuf::Empty> EndAccount(const std::string& person,
                                                     const Caller& caller = kAdmin) {
    v1::EndAccountsRequest request;
    request.set_parent("agencies/dumai");
    request.add_persons(person);
    return Call<v1::Accounts>(caller, &v1::Accounts::StubInterface::EndAccounts, request);
  }
  v1::FollowAccessResponse Follow(std::int64_t version, const std::string& replica = kReplica) {
    v1::FollowAccessRequest request;
    request.set_follower_id(replica);
    request.set_version(version);
    const auto answer =
        Call<v1::AccessFeed>(kEvaluation, &v1::AccessFeed::StubInterface::FollowAccess, request);
    EXPECT_THAT(answer, IsOk());
    return answer.value_or(v1::FollowAccessResponse());
  }
  std::vector<std::string> RevokedSince(std::int64_t version) {
    std::vector<std::string> keys;
    const v1::FollowAccessResponse news = Follow(version);
    for (const v1::Revocation& one : news.revocations()) keys.push_back(one.key());
    return keys;
  }
};

TEST_F(SessionsTest, SigningOutEndsTheSessionAndNoOther) {
  const auto first = Activate(CodeFor(person_));
  const auto second = Activate(CodeFor(person_));
  const std::int64_t version = Follow(0).version();
  Follow(version);
  std::thread confirms([&] {
    EXPECT_TRUE(Eventually([&] { return Follow(version).version() > version; }));
    Follow(version + 1);
  });
  EXPECT_THAT(SignOut(With(*first)), IsOk());
  confirms.join();
  EXPECT_THAT(Refresh(first->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Refresh(second->refresh_token()), IsOk());
  EXPECT_THAT(RevokedSince(version), ElementsAre("sessions/" + With(*first).session));
  EXPECT_THAT(Query("SELECT resource FROM audit_events WHERE type = 'session.ended'"),
              ElementsAre("agencies/dumai/sessions/" + With(*first).session));
}

TEST_F(SessionsTest, APersonSeesAndEndsTheOwnSessionsOnly) {
  const auto other = CreateEmployee(MakeEmployee(2, "city"));
  const auto here = With(*Activate(CodeFor(person_)));
  host_.clock().Advance(absl::Seconds(1));
  const auto there = With(*Activate(CodeFor(person_)));
  const auto stranger = With(*Activate(CodeFor(other->name())));
  const auto own = List(here);
  ASSERT_THAT(own, IsOk());
  ASSERT_THAT(own->sessions(), SizeIs(2));
  EXPECT_EQ(own->sessions(0).name(), "agencies/dumai/sessions/" + there.session);
  EXPECT_FALSE(own->sessions(0).current());
  EXPECT_TRUE(own->sessions(1).current());
  EXPECT_THAT(List(here, other->name())->sessions(), SizeIs(0));
  EXPECT_THAT(List(kAdmin)->sessions(), SizeIs(3));
  EXPECT_THAT(List(kAdmin, other->name())->sessions(), SizeIs(1));
  const std::string foreign = "agencies/dumai/sessions/" + stranger.session;
  EXPECT_THAT(End(foreign, here), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(End("agencies/dumai/sessions/" + there.session, here), IsOk());
  EXPECT_THAT(List(here)->sessions(), SizeIs(1));
  EXPECT_THAT(End(foreign, kAdmin), IsOk());
  EXPECT_THAT(End("agencies/dumai/sessions/none", kAdmin), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(SessionsTest, AnAccountThatEndedSignsInAgainAfterANewCodeOnly) {
  const auto session = Activate(CodeFor(person_), kPassword);
  const std::string unused = CodeFor(person_);
  EXPECT_THAT(EndAccount(person_, As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(EndAccount("agencies/dumai/employees/01890000-0000-7000-8000-000000000000"),
              HasReason(v1::PERSON_UNKNOWN));
  ASSERT_THAT(EndAccount(person_), IsOk());
  EXPECT_THAT(RevokedSince(0), ElementsAre("sessions/" + With(*session).session));
  EXPECT_THAT(Refresh(session->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(SignIn("196608011988031101", kPassword), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Activate(unused), HasReason(v1::CREDENTIALS_INVALID));
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  EXPECT_THAT(SignIn("196608011988031101", kPassword), IsOk());
}

// Whoever signs in while the account ends: the password was right when it was read.
TEST_F(SessionsTest, NoSessionBeginsOnceTheAccountHasEnded) {
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  const testing::TestCall call({.time = host_.clock().Now()});
  const auto read = [&] {
    return *database().Read(call, [&](postgres::Transaction& tx) {
      return absl::StatusOr<std::optional<Account>>(
          AccountStore(tx).FindByLogin(AgencyId("dumai"), "196608011988031101"));
    });
  };
  const auto account = read();
  ASSERT_TRUE(account.has_value());
  SessionStarter starter(database(), *issuer_);
  EXPECT_THAT(starter.Start(call, *account), IsOk());
  ASSERT_THAT(EndAccount(person_), IsOk());
  EXPECT_THAT(starter.Start(call, *account), HasReason(v1::CREDENTIALS_INVALID));
  // Another password has the same effect.
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  EXPECT_THAT(starter.Start(call, *account), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(starter.Start(call, *read()), IsOk());
}

TEST_F(SessionsTest, ASessionThatBeginsWhileTheAccountEndsEndsToo) {
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  const SessionRow row{AgencyId("dumai"), As(person_).subject, NewUuid4()};
  absl::Notification begun;
  absl::Notification go_on;
  std::thread begins([&] {
    EXPECT_THAT(database().Write(testing::TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   EXPECT_TRUE(AccountStore(tx).StartSession(
                                       row, auth::Sha256("token"), absl::Now() + absl::Hours(1)));
                                   begun.Notify();
                                   go_on.WaitForNotification();
                                   return absl::OkStatus();
                                 }),
                IsOk());
  });
  begun.WaitForNotification();
  std::thread ends([&] { EXPECT_THAT(EndAccount(person_), IsOk()); });
  EXPECT_TRUE(Eventually([&] {
    return Query(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
               "AND wait_event_type = 'Lock'") == std::vector<std::string>{"1"};
  }));
  go_on.Notify();
  begins.join();
  ends.join();
  EXPECT_THAT(Query("SELECT count(*) FROM sessions WHERE end_time IS NULL"), ElementsAre("0"));
  EXPECT_THAT(RevokedSince(0), ::testing::Contains("sessions/" + row.session));
}

TEST_F(SessionsTest, AnAnswerWaitsUntilEveryReplicaWithALeaseHasConfirmed) {
  const auto binding = Bind(person_.substr(15), "unit_hr");
  const std::int64_t version = Follow(0).version();
  Follow(version);
  const std::string other = "1b0e7a6e-52a4-4d0c-9c0b-3f0a5a8ec0a2";
  Follow(version, other);
  std::atomic<bool> answered = false;
  v1::DeleteRoleBindingRequest take;
  take.set_name(binding->name());
  std::thread takes([&] {
    EXPECT_THAT(
        Call<v1::RoleBindings>(kAdmin, &v1::RoleBindings::StubInterface::DeleteRoleBinding, take),
        IsOk());
    answered = true;
  });
  // The change is there, and neither replica has said that it knows.
  ASSERT_TRUE(Eventually([&] { return Follow(version).version() > version; }));
  const v1::FollowAccessResponse news = Follow(version);
  EXPECT_EQ(news.bindings_version(), news.version());
  EXPECT_FALSE(answered);
  Follow(news.version());
  Follow(version, other);
  EXPECT_FALSE(answered);
  // The second one has died: its lease runs out.
  Query("UPDATE access_leases SET expire_time = now() WHERE follower_id = '" + other +
        "' RETURNING 1");
  takes.join();
  EXPECT_TRUE(answered);
}

TEST_F(SessionsTest, WhoeverWaitsNoLongerIsToldSo) {
  const auto session = Activate(CodeFor(person_));
  Follow(0);
  Caller caller = With(*session);
  caller.timeout = absl::Seconds(1);
  const auto answer = SignOut(caller);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kDeadlineExceeded);
  // It holds all the same.
  EXPECT_THAT(Refresh(session->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
}

TEST_F(SessionsTest, EveryThingThatEndsIsToldOnceAndInOrder) {
  v1::CreateApiClientRequest create;
  create.set_parent("agencies/dumai");
  create.mutable_api_client()->set_display_name("HR system");
  const auto client =
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::CreateApiClient, create);
  v1::DeleteApiClientRequest withdraw;
  withdraw.set_name(client->name());
  ASSERT_THAT(
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::DeleteApiClient, withdraw),
      IsOk());
  const auto reused = Activate(CodeFor(person_));
  ASSERT_THAT(Refresh(reused->refresh_token()), IsOk());
  EXPECT_THAT(Refresh(reused->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(
      RevokedSince(0),
      ElementsAre("dumai/apiClients/" + client->name().substr(client->name().rfind('/') + 1),
                  "sessions/" + With(*reused).session));
  const std::int64_t version = Follow(0).version();
  EXPECT_THAT(RevokedSince(version), SizeIs(0));
  // A replica that followed another database begins anew.
  EXPECT_THAT(RevokedSince(version + 100), SizeIs(2));
}

TEST_F(SessionsTest, TheFeedIsForServicesOnly) {
  v1::FollowAccessRequest request;
  request.set_follower_id(kReplica);
  for (const Caller& caller : {kAdmin, kOperator, As(person_)}) {
    EXPECT_THAT(Call<v1::AccessFeed>(caller, &v1::AccessFeed::StubInterface::FollowAccess, request),
                HasReason(PERMISSION_DENIED));
  }
}

// Replicas ask five times a second: what goes well is counted, what does not is logged.
TEST_F(SessionsTest, TheFeedLogsOnlyWhatWentWrong) {
  const auto logged = [&] {
    const std::vector<std::string> lines = host_.log_lines();
    return std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find("AccessFeed/FollowAccess") != std::string::npos;
    });
  };
  Follow(0);
  EXPECT_EQ(logged(), 0);
  EXPECT_THAT(host_.metrics().Text(),
              ::testing::HasSubstr("teraju_rpc_handled_total{code=\"OK\",method=\"teraju.identity."
                                   "v1.AccessFeed/FollowAccess\"} 1"));
  v1::FollowAccessRequest request;
  request.set_follower_id(kReplica);
  EXPECT_THAT(Call<v1::AccessFeed>(kAdmin, &v1::AccessFeed::StubInterface::FollowAccess, request),
              HasReason(PERMISSION_DENIED));
  EXPECT_EQ(logged(), 1);
}

}  // namespace
}  // namespace teraju::identity
