#include "services/evaluation/api/evaluation_fixture.h"
#include "services/evaluation/api/reminding.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::IsOkAndHolds;

class FakeRelay final : public MailRelay {
 public:
  absl::Status Send(const Mail& mail, absl::Time) override {
    if (!available) return absl::UnavailableError("away");
    mails.push_back(mail);
    return absl::OkStatus();
  }
  std::vector<Mail> mails;
  bool available = true;
};

class RemindingTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    now_ = host_.clock().Now();
    people_.emails = {{"agencies/plaju/employees/head", "head@plaju.example"}};
  }
  Reminding Make(RemindingOptions options = {.every_days = 7, .portal = "https://teraju.example"}) {
    return {std::move(options),
            database(),
            people_,
            &relay_,
            [this] {
              return CallContext({.principal = {.subject = "services/evaluation"},
                                  .time = now_,
                                  .deadline = absl::Now() + absl::Minutes(5)},
                                 testing::internal::DenyAll());
            },
            metrics_};
  }
  std::vector<std::string> Waiting() {
    return Query(
        "SELECT concat_ws(' ', recipient, kind, tries) FROM reminders WHERE sent_time IS NULL AND "
        "next_try_time < 'infinity' ORDER BY 1");
  }
  void Write(const std::function<void(ReminderStore&)>& work) {
    const CallContext call({.principal = {.subject = "services/evaluation"},
                            .time = now_,
                            .deadline = absl::Now() + absl::Minutes(1)},
                           testing::internal::DenyAll());
    ASSERT_THAT(database().Write(call,
                                 [&](postgres::Transaction& tx) -> absl::Status {
                                   ReminderStore store(tx);
                                   work(store);
                                   return absl::OkStatus();
                                 }),
                IsOk());
  }
  std::vector<std::string> Recipients() const {
    std::vector<std::string> to;
    for (const Mail& mail : relay_.mails) to.push_back(mail.to);
    return to;
  }

  absl::Time now_;
  FakeRelay relay_;
  metrics::Registry metrics_;
};

TEST_F(RemindingTest, LateLeadersAreRemindedEveryWeekByItself) {
  Reminding reminding = Make();
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(0));
  now_ += absl::Hours(24 * 6);
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(1));  // of the agency's objections
  EXPECT_THAT(Waiting(), IsEmpty());
  now_ += absl::Hours(25);
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(2));
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(0));
  EXPECT_THAT(Waiting(), ElementsAre("employees/head TEAM 0", "officials/mayor TEAM 0"));
  EXPECT_THAT(Query("SELECT DISTINCT actor FROM audit_events WHERE type = 'leader.reminded'"),
              ElementsAre("services/evaluation"));
  // The mayor has no address.
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));
  EXPECT_THAT(Recipients(), ElementsAre("head@plaju.example"));
  EXPECT_THAT(relay_.mails.front().text, HasSubstr("https://teraju.example"));
  EXPECT_THAT(Waiting(), IsEmpty());
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(0));
  now_ += absl::Hours(24 * 7);
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(2));
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));
}

TEST_F(RemindingTest, NotOfAClosedCycleAndNotWhereItIsSwitchedOff) {
  Reminding reminding = Make();
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(0));
  now_ += absl::Hours(24 * 8);
  EXPECT_THAT(Make({.every_days = 0, .portal = ""}).HoldRounds(), IsOkAndHolds(0));
  Query("UPDATE cycles SET state = 'CLOSED' RETURNING 1");
  EXPECT_THAT(reminding.HoldRounds(), IsOkAndHolds(1));
  EXPECT_THAT(Waiting(), IsEmpty());
}

TEST_F(RemindingTest, WhoHasNotHandedInIsRemindedBeforeADeadline) {
  ASSERT_THAT(Draft("officer"), IsOk());
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  const absl::Time due = now_ + absl::Hours(24 * 10);
  v1::UpdateDeadlineRequest request;
  request.mutable_deadline()->set_name(std::string(kCycle) + "/deadlines/work-plans");
  domain::SetTime(*request.mutable_deadline()->mutable_due_time(), due);
  const auto set = Call<v1::Deadlines>(kHr, &v1::Deadlines::StubInterface::UpdateDeadline, request);
  ASSERT_THAT(set, IsOk());
  Reminding reminding = Make();
  now_ = due - absl::Hours(73);
  EXPECT_THAT(reminding.RemindOfDeadlines(), IsOkAndHolds(0));
  for (const int hours : {71, 23}) {
    now_ = due - absl::Hours(hours);
    EXPECT_THAT(Make({.every_days = 0, .portal = ""}).RemindOfDeadlines(), IsOkAndHolds(0));
    EXPECT_THAT(reminding.RemindOfDeadlines(), IsOkAndHolds(1));
    EXPECT_THAT(reminding.RemindOfDeadlines(), IsOkAndHolds(0));
    EXPECT_THAT(Waiting(),
                ElementsAre("employees/colleague DEADLINE 0", "employees/head DEADLINE 0"));
  }
  EXPECT_THAT(Query("SELECT details FROM audit_events WHERE type = 'deadline.reminded'"),
              ElementsAre(R"({"people":2})", R"({"people":2})"));
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));  // the colleague has no address
  EXPECT_THAT(relay_.mails.front().text, HasSubstr("batas waktunya mendekat"));
  now_ = due + absl::Hours(24 * 30);
  EXPECT_THAT(reminding.RemindOfDeadlines(), IsOkAndHolds(0));
  // Reminding is no change of the deadline.
  v1::GetDeadlineRequest get;
  get.set_name(request.deadline().name());
  EXPECT_EQ(Call<v1::Deadlines>(kHr, &v1::Deadlines::StubInterface::GetDeadline, get)->etag(),
            set->etag());
}

TEST_F(RemindingTest, OfAMissingSelfEvaluationOfThePeriodToo) {
  const absl::Time due = now_ + absl::Hours(24 * 10);
  v1::UpdateDeadlineRequest request;
  request.mutable_deadline()->set_name(std::string(kCycle) + "/deadlines/self-evaluations-q1");
  domain::SetTime(*request.mutable_deadline()->mutable_due_time(), due);
  ASSERT_THAT(Call<v1::Deadlines>(kHr, &v1::Deadlines::StubInterface::UpdateDeadline, request),
              IsOk());
  v1::SubmitSelfEvaluationRequest own;
  own.set_name(EvaluationOf("officer", "q1"));
  own.set_note("Target tercapai");
  ASSERT_THAT(
      Call<v1::Evaluations>(kOfficer, &v1::Evaluations::StubInterface::SubmitSelfEvaluation, own),
      IsOk());
  now_ = due - absl::Hours(30);
  // Of a closed cycle nobody is.
  Query("UPDATE cycles SET state = 'CLOSED' RETURNING 1");
  EXPECT_THAT(Make().RemindOfDeadlines(), IsOkAndHolds(0));
  Query("UPDATE cycles SET state = 'OPEN' RETURNING 1");
  // Nor who has no days any more.
  Query(
      "UPDATE work_plans SET without_segment = true WHERE employee = 'employees/head' RETURNING 1");
  EXPECT_THAT(Make().RemindOfDeadlines(), IsOkAndHolds(1));
  EXPECT_THAT(Waiting(), ElementsAre("employees/colleague DEADLINE 0"));
}

TEST_F(RemindingTest, WhatTheRelayDoesNotTakeIsTriedAgain) {
  Reminding reminding = Make();
  v1::RemindLeadersRequest request;
  request.set_name(std::string(kCycle) + "/participation");
  using V = v1::Overviews;
  ASSERT_THAT(Call<V>(kHr, &V::StubInterface::RemindLeaders, request), IsOk());
  // Said again it waits once.
  ASSERT_THAT(Call<V>(kHr, &V::StubInterface::RemindLeaders, request), IsOk());
  relay_.available = false;
  EXPECT_TRUE(absl::IsUnavailable(reminding.Deliver().status()));
  EXPECT_THAT(Waiting(), Contains("employees/head TEAM 1"));
  relay_.available = true;
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(0));  // not before its time
  now_ += absl::Minutes(2);
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));
  EXPECT_THAT(Recipients(), ElementsAre("head@plaju.example"));
}

TEST_F(RemindingTest, GoesToTheAddressOfTheAgencysDay) {
  const auto day_of_delivery = [&] {
    Write([](ReminderStore& store) {
      store.Queue("plaju", {"employees/head"}, domain::ReminderKind::kTeam);
    });
    EXPECT_THAT(Make().Deliver(), IsOkAndHolds(1));
    return people_.day_asked.load();
  };
  now_ = absl::FromCivil(absl::CivilHour(2025, 3, 3, 16), absl::UTCTimeZone());
  EXPECT_EQ(day_of_delivery(), 3);
  now_ += absl::Hours(1);  // midnight in Asia/Jakarta
  EXPECT_EQ(day_of_delivery(), 4);
}

TEST_F(RemindingTest, ADeadReplicasReminderIsTakenOverAndAGivenUpOneWaitsForTheNextRound) {
  Reminding reminding = Make();
  const Reminder head{.agency = "plaju", .recipient = "employees/head"};
  Write([&](ReminderStore& store) { store.Queue("plaju", {head.recipient}, head.kind); });
  Write(
      [&](ReminderStore& store) { EXPECT_EQ(store.Take(now_ + absl::Minutes(1), 5).size(), 1U); });
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(0));
  now_ += absl::Minutes(2);
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));

  Write([&](ReminderStore& store) {
    store.Queue("plaju", {head.recipient}, head.kind);
    store.PutOff(head, absl::InfiniteFuture());
  });
  now_ += absl::Hours(24 * 300);
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(0));
  Write([&](ReminderStore& store) { store.Queue("plaju", {head.recipient}, head.kind); });
  EXPECT_THAT(reminding.Deliver(), IsOkAndHolds(1));
}

}  // namespace
}  // namespace teraju::evaluation
