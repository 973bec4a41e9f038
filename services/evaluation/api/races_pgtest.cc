// R21: sixteen callers at the same plan, the same evaluation, the same unit at the same moment:
// every transition happens once, nothing that was confirmed or final changes, what is stored fits
// together.
#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <set>
#include <thread>

#include "common/testing/check_line.h"
#include "services/evaluation/api/year_fixture.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;

constexpr int kThreads = 16;
constexpr int kRounds = 12;

class RacesTest : public YearTest {
 protected:
  // Runs `act` in sixteen threads that begin together; returns how many said yes.
  static int Together(const std::function<bool(int)>& act) {
    std::latch begin(kThreads);
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        begin.arrive_and_wait();
        if (act(i)) ++done;
      });
    }
    for (std::thread& thread : threads) thread.join();
    return done;
  }
  void Expect(bool holds, const std::string& what) {
    ++tried_;
    if (!holds) ++violations_;
    EXPECT_TRUE(holds) << what;
  }
  std::string One(const std::string& sql) {
    const auto rows = Query(sql);
    return rows.empty() ? "" : rows.front();
  }
  int Events(const std::string& name, const std::string& type) {
    return std::stoi(One("SELECT count(*) FROM audit_events WHERE resource = '" + name +
                         "' AND type = '" + type + "'"));
  }

  int tried_ = 0;
  int violations_ = 0;
};

TEST_F(RacesTest, EveryTransitionHappensOnceAndWhatIsStoredFitsTogether) {
  testing::CheckLine line("R21", "violations", "0");
  // A plan handed in by sixteen at once, then approved and returned by eight each.
  const std::string plan = PlanOf("officer");
  for (int round = 0; round < kRounds; ++round) {
    const int before = Events(plan, "workPlan.submitted");
    Query("UPDATE work_plans SET state = 'DRAFT' WHERE plan_id = '" + IdOf(plan) + "' RETURNING 1");
    Expect(Together([&](int) { return Submit(plan, kOfficer).ok(); }) == 1, "submitted once");
    Expect(Events(plan, "workPlan.submitted") == before + 1, "recorded once");
    Expect(Together([&](int i) {
             if (i % 2 == 0) return Approve(plan, kHead).ok();
             v1::ReturnWorkPlanRequest back;
             back.set_name(plan);
             back.set_comment("Perjelas target");
             return Call<v1::WorkPlans>(kHead, &v1::WorkPlans::StubInterface::ReturnWorkPlan, back)
                 .ok();
           }) == 1,
           "decided once");
  }
  Query("UPDATE work_plans SET state = 'APPROVED' RETURNING 1");

  // Eight ratings while eight confirm the unit: what was confirmed is what is rated.
  ScoreYear();
  const auto result = SetUnitResult(v1::UNIT_GOOD);
  ASSERT_THAT(result, IsOk());
  RateAll();
  const std::string evaluation = EvaluationOf("officer");
  for (int round = 0; round < kRounds; ++round) {
    Query("UPDATE unit_results SET state = 'DRAFT', distribution = NULL RETURNING 1");
    std::atomic<int> confirmed = 0;
    Together([&](int i) {
      if (i % 2 == 1) return Confirm(result->name(), "Unit kecil").ok() && ++confirmed > 0;
      const v1::Rating rating = i % 4 == 0 ? v1::ABOVE_EXPECTATION : v1::AS_EXPECTED;
      return Rate(kHead, evaluation, rating, rating).ok();
    });
    Expect(confirmed == 1, "confirmed once");
    v1::GetUnitResultRequest get;
    get.set_name(result->name());
    const auto stored =
        Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::GetUnitResult, get);
    ASSERT_THAT(stored, IsOk());
    const bool very_good = GetEvaluation(evaluation)->predicate() == v1::VERY_GOOD;
    Expect(stored->distribution().very_good() == (very_good ? 1 : 0), "counted what is rated");
  }

  // Everybody publishes, rates and takes note: one receipt, of the rating that became final.
  std::atomic<int> started = 0;
  Together([&](int i) {
    if (i % 4 == 1) return StartPublishing(kYearPeriod).ok() && ++started > 0;
    if (i % 4 == 2) return Rate(kHead, evaluation, v1::AS_EXPECTED, v1::AS_EXPECTED).ok();
    v1::AcknowledgeEvaluationRequest note;
    note.set_name(evaluation);
    return Call<v1::Evaluations>(
               kOfficer, &v1::Evaluations::StubInterface::AcknowledgeEvaluation, note)
        .ok();
  });
  Expect(started >= 1, "publication began");
  ASSERT_TRUE(testing::Eventually([&] {
    return One("SELECT count(*) FROM operations WHERE kind = 'publish_period' AND end_time IS "
               "NULL") == "0";
  }));
  Expect(Events(evaluation, "evaluation.final") == 1, "final once");
  const auto receipt = Receipt(evaluation, kOfficer);
  ASSERT_THAT(receipt, IsOk());
  Expect(receipt->evaluation().predicate() == GetEvaluation(evaluation)->predicate(),
         "the receipt is of the result");
  Expect(Together([&](int) {
           return Rate(kHead, evaluation, v1::BELOW_EXPECTATION, v1::BELOW_EXPECTATION).ok();
         }) == 0,
         "what is final is rated by nobody");
  Expect(
      One("SELECT count(*) FROM receipts WHERE evaluation_id = '" + IdOf(evaluation) + "'") == "1",
      "one receipt");
  // Sixteen take note of it: the first time stays.
  std::set<std::int64_t> times;
  for (int round = 0; round < 2; ++round) {
    Together([&](int) {
      v1::AcknowledgeEvaluationRequest note;
      note.set_name(evaluation);
      return Call<v1::Evaluations>(
                 kOfficer, &v1::Evaluations::StubInterface::AcknowledgeEvaluation, note)
          .ok();
    });
    times.insert(GetEvaluation(evaluation)->acknowledge_time().seconds());
    host_.clock().Advance(absl::Hours(1));
  }
  Expect(times.size() == 1, "taken note of once");
  line.Set(violations_, tried_);
}

// The control: the same race without the lock of the row, as a service would run it that reads the
// state, decides, and writes.
TEST_F(RacesTest, ControlWithoutTheLockSeveralHandInTheSamePlan) {
  const std::string id = IdOf(PlanOf("officer"));
  int most = 0;
  for (int round = 0; round < kRounds && most < 2; ++round) {
    Query("UPDATE work_plans SET state = 'DRAFT' WHERE plan_id = '" + id + "' RETURNING 1");
    most = std::max(
        most, Together([&](int) {
          const bool draft =
              One("SELECT state FROM work_plans WHERE plan_id = '" + id + "'") == "DRAFT";
          return draft && !Query("UPDATE work_plans SET state = 'SUBMITTED' WHERE plan_id = '" +
                                 id + "' RETURNING 1")
                               .empty();
        }));
  }
  EXPECT_GT(most, 1);
}

// Thousands in the last minute: each is accepted at one moment, which is the answer's, the row's
// and the record's, and a repetition under the same request id gets the same receipt.
TEST_F(RacesTest, EachOfManySubmissionsIsAcceptedOnceAtOneMomentAndAnsweredTheSame) {
  host_.clock().Advance(absl::Hours(1));
  const std::string plan = PlanOf("colleague");
  Query("UPDATE work_plans SET state = 'DRAFT' WHERE plan_id = '" + IdOf(plan) + "' RETURNING 1");
  const int before = Events(plan, "workPlan.submitted");
  v1::SubmitWorkPlanRequest request;
  request.set_name(plan);
  request.set_request_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  absl::Mutex mutex;
  std::set<std::string> answers;
  const int accepted = Together([&](int) {
    const auto answer =
        Call<v1::WorkPlans>(kColleague, &v1::WorkPlans::StubInterface::SubmitWorkPlan, request);
    if (!answer.ok()) return false;
    absl::MutexLock lock(&mutex);
    answers.insert(answer->SerializeAsString());
    return true;
  });
  EXPECT_EQ(accepted, kThreads);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(Events(plan, "workPlan.submitted"), before + 1);
  // The moment of acceptance is taken once: the revision has that of the record.
  EXPECT_THAT(Query("SELECT 1 FROM work_plan_revisions r JOIN audit_events a USING (agency_id, "
                    "create_time) WHERE r.plan_id = '" +
                    IdOf(plan) + "' AND a.resource = '" + plan +
                    "' AND a.type = 'workPlan.submitted' ORDER BY r.revision DESC LIMIT 1"),
              ElementsAre("1"));
}

// There is no row yet that the second of two could wait for.
TEST_F(RacesTest, WhatIsEnteredForTheFirstTimeIsEnteredOnce) {
  v1::UpdateDeadlineRequest deadline;
  deadline.mutable_deadline()->set_name("agencies/plaju/cycles/2025/deadlines/work-plans");
  deadline.mutable_deadline()->set_etag(api::MakeEtag(0));
  domain::SetTime(*deadline.mutable_deadline()->mutable_due_time(),
                  host_.clock().Now() + absl::Hours(2));
  EXPECT_EQ(Together([&](int) {
              return Call<v1::Deadlines>(
                         kHr, &v1::Deadlines::StubInterface::UpdateDeadline, deadline)
                  .ok();
            }),
            1);
  // Each says one thing about the rules; none is lost.
  EXPECT_EQ(Together([&](int i) {
              v1::UpdateObjectionRulesRequest rules;
              rules.mutable_objection_rules()->set_name("agencies/plaju/objectionRules");
              rules.mutable_objection_rules()->set_response_days(6);
              rules.mutable_objection_rules()->set_time_zone("Asia/Makassar");
              rules.mutable_update_mask()->add_paths(i % 2 == 0 ? "response_days" : "time_zone");
              return Call<v1::Objections>(
                         kHr, &v1::Objections::StubInterface::UpdateObjectionRules, rules)
                  .ok();
            }),
            kThreads);
  v1::GetObjectionRulesRequest get;
  get.set_name("agencies/plaju/objectionRules");
  const auto rules =
      Call<v1::Objections>(kHr, &v1::Objections::StubInterface::GetObjectionRules, get);
  ASSERT_THAT(rules, IsOk());
  EXPECT_EQ(rules->response_days(), 6);
  EXPECT_EQ(rules->time_zone(), "Asia/Makassar");
}

}  // namespace
}  // namespace teraju::evaluation
