#include "services/evaluation/api/deadline_keeping.h"
#include "services/evaluation/api/evaluation_fixture.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::IsOkAndHolds;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::ViolatesField;

constexpr char kPlans[] = "agencies/plaju/cycles/2025/deadlines/work-plans";
constexpr char kSelf[] = "agencies/plaju/cycles/2025/deadlines/self-evaluations-q1";

// Deadlines are two hours away. The plans are opened by the worker, whose clock is the machine's.
class DeadlinesTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    ASSERT_THAT(Draft("officer"), IsOk());
    ASSERT_THAT(Draft("colleague"), IsOk());
    const absl::Time next_minute =
        absl::FromUnixSeconds((absl::ToUnixSeconds(absl::Now()) / 60 + 1) * 60);
    host_.clock().Set(next_minute);
    due_ = next_minute + absl::Hours(2);
  }

  absl::StatusOr<v1::Deadline> Set(const std::string& name,
                                   absl::Time due,
                                   const Caller& caller = kHr,
                                   const std::string& etag = "") {
    v1::UpdateDeadlineRequest request;
    request.mutable_deadline()->set_name(name);
    request.mutable_deadline()->set_etag(etag);
    domain::SetTime(*request.mutable_deadline()->mutable_due_time(), due);
    return Call<v1::Deadlines>(caller, &v1::Deadlines::StubInterface::UpdateDeadline, request);
  }
  absl::StatusOr<v1::Deadline> Get(const std::string& name, const Caller& caller = kOfficer) {
    v1::GetDeadlineRequest request;
    request.set_name(name);
    return Call<v1::Deadlines>(caller, &v1::Deadlines::StubInterface::GetDeadline, request);
  }
  absl::StatusOr<v1::Evaluation> SubmitSelf(const std::string& evaluation) {
    v1::SubmitSelfEvaluationRequest request;
    request.set_name(evaluation);
    request.set_note("Target tercapai");
    return Call<v1::Evaluations>(
        kOfficer, &v1::Evaluations::StubInterface::SubmitSelfEvaluation, request);
  }

  DeadlineKeeping Replica() {
    return {database(),
            [this] {
              return CallContext({.principal = {.subject = "services/evaluation"},
                                  .time = host_.clock().Now(),
                                  .deadline = absl::Now() + absl::Minutes(5)},
                                 testing::internal::DenyAll());
            },
            [this] { return counts_; }};
  }
  // From one minute after the other until `until` the replica is there, and ten calls go well.
  void BeThere(DeadlineKeeping& replica, absl::Time until) {
    for (; host_.clock().Now() < until; host_.clock().Advance(absl::Minutes(1))) {
      counts_.handled += 10;
      ASSERT_THAT(replica.CountMinute(), IsOk());
    }
  }

  absl::Time due_;
  rpc::CallCounts counts_;
};

TEST_F(DeadlinesTest, AreSetMovedAndTakenAwayByTheHrOffice) {
  EXPECT_THAT(Get(kPlans), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Set(kPlans, due_, kHead), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Set("agencies/plaju/cycles/2025/deadlines/ratings-q1", due_),
              ViolatesField("deadline.name"));
  EXPECT_THAT(Set(kPlans, host_.clock().Now()), ViolatesField("deadline.dueTime"));
  EXPECT_THAT(Set("agencies/plaju/cycles/2031/deadlines/work-plans", due_),
              StatusIs(absl::StatusCode::kNotFound));
  const auto set = Set(kPlans, due_);
  ASSERT_THAT(set, IsOk());
  const auto moved = Set(kPlans, due_ + absl::Hours(1), kHr, set->etag());
  ASSERT_THAT(moved, IsOk());
  EXPECT_THAT(Set(kPlans, due_, kHr, set->etag()), StatusIs(absl::StatusCode::kAborted));
  ASSERT_THAT(Set(kSelf, due_), IsOk());

  v1::ListDeadlinesRequest list;
  list.set_parent(kCycle);
  const auto listed =
      Call<v1::Deadlines>(kOfficer, &v1::Deadlines::StubInterface::ListDeadlines, list);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->deadlines_size(), 2);
  EXPECT_EQ(listed->deadlines(0).name(), kSelf);
  EXPECT_EQ(listed->deadlines(1).SerializeAsString(), moved->SerializeAsString());

  v1::DeleteDeadlineRequest away;
  away.set_name(kPlans);
  EXPECT_THAT(Call<v1::Deadlines>(kHr, &v1::Deadlines::StubInterface::DeleteDeadline, away),
              IsOk());
  EXPECT_THAT(Call<v1::Deadlines>(kHr, &v1::Deadlines::StubInterface::DeleteDeadline, away),
              StatusIs(absl::StatusCode::kNotFound));
  host_.clock().Set(due_ + absl::Hours(10));
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
}

TEST_F(DeadlinesTest, AfterwardsNobodyHandsInForTheFirstTime) {
  ASSERT_THAT(Set(kPlans, due_), IsOk());
  DeadlineKeeping replica = Replica();
  BeThere(replica, due_);
  // The last moment counts.
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  host_.clock().Advance(absl::Milliseconds(1));
  const auto late = Submit(PlanOf("colleague"), kColleague);
  EXPECT_THAT(late, HasReason(v1::HANDED_IN_TOO_LATE));
  EXPECT_THAT(
      late,
      HasMetadata(
          "due_time",
          absl::FormatTime("%Y-%m-%d %H:%M (UTC+07:00)", due_, absl::FixedTimeZone(7 * 60 * 60))));
  // What the superior returns is handed in again.
  v1::ReturnWorkPlanRequest back;
  back.set_name(PlanOf("officer"));
  back.set_comment("Tambahkan target");
  ASSERT_THAT(Call<v1::WorkPlans>(kHead, &v1::WorkPlans::StubInterface::ReturnWorkPlan, back),
              IsOk());
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());

  EXPECT_THAT(replica.EndPassed(), IsOkAndHolds(0));  // the last minute may still be counted
  host_.clock().Advance(absl::Minutes(2));
  EXPECT_THAT(replica.EndPassed(), IsOkAndHolds(1));
  EXPECT_THAT(replica.EndPassed(), IsOkAndHolds(0));
  EXPECT_THAT(Query("SELECT actor || ' ' || type FROM audit_events WHERE resource = '" +
                    std::string(kPlans) + "' ORDER BY xid, event_number"),
              ElementsAre("apiClients/hr deadline.set", "services/evaluation deadline.passed"));
  EXPECT_THAT(Submit(PlanOf("colleague"), kColleague), HasReason(v1::HANDED_IN_TOO_LATE));
  // Who was asked afterwards is not too late.
  Query("UPDATE work_plans SET create_time = '" + absl::FormatTime(host_.clock().Now()) +
        "' WHERE employee = 'employees/colleague' RETURNING 1");
  EXPECT_THAT(Submit(PlanOf("colleague"), kColleague), IsOk());
}

// Nobody was there in one minute of the last hour.
TEST_F(DeadlinesTest, AreMovedByADayWhereTheServiceWasAway) {
  ASSERT_THAT(Set(kPlans, due_), IsOk());
  DeadlineKeeping replica = Replica();
  BeThere(replica, due_ - absl::Minutes(30));
  host_.clock().Advance(absl::Minutes(1));
  BeThere(replica, due_ + absl::Minutes(2));
  // At once, and for everybody.
  EXPECT_THAT(Submit(PlanOf("colleague"), kColleague), IsOk());
  EXPECT_THAT(replica.EndPassed(), IsOkAndHolds(1));
  EXPECT_THAT(Query("SELECT details FROM audit_events WHERE type = 'deadline.moved' AND actor = "
                    "'services/evaluation'"),
              ElementsAre(HasSubstr(R"("missed_minutes":1})")));
  const auto moved = Get(kPlans);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(domain::TimeOf(moved->due_time()), due_ + absl::Hours(24));
  EXPECT_EQ(domain::TimeOf(moved->set_due_time()), due_);
  EXPECT_EQ(moved->missed_minutes(), 1);
  // Who has not handed in is told of it at once.
  EXPECT_THAT(Query("SELECT 1 FROM deadlines WHERE remind_time <= '" +
                    absl::FormatTime(host_.clock().Now()) + "'"),
              SizeIs(1));
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());

  // The next day goes well: it is over.
  BeThere(replica, due_ + absl::Hours(24) + absl::Minutes(2));
  EXPECT_THAT(Submit(PlanOf("head"), kHead), HasReason(v1::HANDED_IN_TOO_LATE));
  EXPECT_THAT(replica.EndPassed(), IsOkAndHolds(1));
  EXPECT_THAT(Query("SELECT due_time FROM deadlines WHERE NOT over"), IsEmpty());
}

// Away for days, as after a fire: everybody has a day from its end.
TEST_F(DeadlinesTest, AreMovedDayByDayWhileTheServiceIsAway) {
  ASSERT_THAT(Set(kPlans, due_), IsOk());
  host_.clock().Set(due_ + absl::Hours(60));
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  EXPECT_THAT(Replica().EndPassed(), IsOkAndHolds(1));
  const auto moved = Get(kPlans);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(domain::TimeOf(moved->due_time()), due_ + absl::Hours(72));
}

TEST_F(DeadlinesTest, AMinuteIsMissedWhereMoreThanOneCallInAHundredFails) {
  ASSERT_THAT(Set(kPlans, due_), IsOk());
  DeadlineKeeping replica = Replica();
  // The other replica is there all the time.
  DeadlineKeeping other = Replica();
  BeThere(other, due_ - absl::Minutes(1));
  counts_.handled += 200;
  counts_.failed += 2;
  ASSERT_THAT(other.CountMinute(), IsOk());  // 2 of 200: one in a hundred
  host_.clock().Set(due_ + absl::Milliseconds(1));
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), HasReason(v1::HANDED_IN_TOO_LATE));
  host_.clock().Set(due_ - absl::Seconds(1));
  counts_ = {};
  counts_.failed = 1;
  counts_.handled = 1;
  ASSERT_THAT(replica.CountMinute(), IsOk());
  host_.clock().Set(due_ + absl::Milliseconds(1));
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
}

TEST_F(DeadlinesTest, OfSelfEvaluationsAreOfOnePeriod) {
  ASSERT_THAT(Set(kSelf, due_), IsOk());
  DeadlineKeeping replica = Replica();
  EXPECT_THAT(SubmitSelf(EvaluationOf("officer", "q1")), IsOk());
  BeThere(replica, due_ + absl::Minutes(1));
  EXPECT_THAT(SubmitSelf(EvaluationOf("officer", "q1")), HasReason(v1::HANDED_IN_TOO_LATE));
  EXPECT_THAT(SubmitSelf(EvaluationOf("officer", "q2")), IsOk());
}

}  // namespace
}  // namespace teraju::evaluation
