#include <optional>

#include "services/evaluation/api/evaluation_fixture.h"
#include "services/evaluation/api/line_following.h"

namespace teraju::evaluation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;

class LineFollowingTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    lines_.emplace(database(), identity_, OwnCall);
  }
  static time::Period Days(int first_month, int first_day, int end_month = 13) {
    return *time::Period::Make(
        absl::CivilDay(2025, first_month, first_day),
        end_month == 13 ? absl::CivilDay(2026, 1, 1) : absl::CivilDay(2025, end_month, 1));
  }
  // What identity tells of a person.
  static postgres::FeedChange Told(const std::string& person,
                                   const std::string& type = "assignment.changed") {
    std::string resource = "agencies/plaju/employees/" + person;
    if (type == "assignment.changed") resource += "/assignments/1";
    return {.cursor = "1", .agency = "plaju", .resource = resource, .type = type};
  }
  // Follows the changes as a page of the feed.
  absl::Status Follow(const std::vector<postgres::FeedChange>& changes) {
    absl::Status read = lines_->Read(changes);
    if (!read.ok()) return read;
    return database().Write(OwnCall(), [&](postgres::Transaction& tx) -> absl::Status {
      for (const postgres::FeedChange& change : changes) {
        if (absl::Status applied = lines_->Apply(tx, change); !applied.ok()) return applied;
      }
      return absl::OkStatus();
    });
  }
  // `first last appraiser` of the person's plans.
  std::vector<std::string> Plans(const std::string& person) {
    return Query(
        "SELECT concat_ws(' ', start_date, end_date, appraiser) FROM work_plans WHERE "
        "employee = 'employees/" +
        person + "' ORDER BY start_date");
  }
  // What following has left on record, and in the feed.
  std::vector<std::string> Recorded(const std::string& table = "audit_events") {
    return Query("SELECT type FROM " + table +
                 " WHERE type IN ('workPlan.opened', 'workPlan.moved', 'workPlan.removed', "
                 "'workPlan.withoutSegment') ORDER BY type");
  }
  // `period last appraiser state` of the person's evaluations.
  std::vector<std::string> Evaluations(const std::string& person) {
    return Query(
        "SELECT concat_ws(' ', period_id, end_date, appraiser, state) FROM evaluations "
        "WHERE employee = 'employees/" +
        person + "' ORDER BY start_date, period_id");
  }
  void Open(const std::string& unit = "") {
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(unit), "SUCCEEDED");
  }

  static CallContext OwnCall() {
    return CallContext({.principal = {.subject = "services/evaluation"},
                        .time = absl::Now(),
                        .deadline = absl::Now() + absl::Minutes(5)},
                       testing::internal::DenyAll());
  }

  std::optional<LineFollowing> lines_;
};

TEST_F(LineFollowingTest, AJoinerGetsAPlanAndEvaluationsOnce) {
  Open();
  identity_.segments.push_back(
      Segment("joiner", false, "employees/head", "officials/mayor", Days(8, 15)));
  for (int again = 0; again < 2; ++again) {
    ASSERT_THAT(Follow({Told("joiner")}), IsOk());
    EXPECT_THAT(Plans("joiner"), ElementsAre("2025-08-15 2025-12-31 employees/head"));
  }
  EXPECT_THAT(Evaluations("joiner"),
              ElementsAre("q3 2025-12-31 employees/head OPEN",
                          "q4 2025-12-31 employees/head OPEN",
                          "year 2025-12-31 employees/head OPEN"));
  EXPECT_THAT(Recorded(), ElementsAre("workPlan.opened"));
  EXPECT_THAT(Recorded("outbox"), ElementsAre("workPlan.opened"));
  EXPECT_THAT(Draft("joiner"), IsOk());
}

TEST_F(LineFollowingTest, ATransferEndsThePlanAndTheNewSuperiorTakesOver) {
  ASSERT_NO_FATAL_FAILURE(AgreeAll());
  const std::string plan = PlanOf("officer");
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  ASSERT_THAT(Rate(kHead, EvaluationOf("officer", "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  identity_.segments[1] =
      Segment("officer", false, "employees/head", "officials/mayor", Days(1, 1, 8));
  identity_.segments.push_back(
      Segment("officer", false, "employees/other", "officials/mayor", Days(8, 1), "badan"));
  ASSERT_THAT(Follow({Told("officer")}), IsOk());
  EXPECT_THAT(
      Plans("officer"),
      ElementsAre("2025-01-01 2025-07-31 employees/head", "2025-08-01 2025-12-31 employees/other"));
  EXPECT_THAT(Evaluations("officer"),
              ElementsAre("q1 2025-07-31 employees/head RATED",
                          "q2 2025-07-31 employees/head OPEN",
                          "q3 2025-07-31 employees/head OPEN",
                          "year 2025-07-31 employees/head OPEN",
                          "q3 2025-12-31 employees/other OPEN",
                          "q4 2025-12-31 employees/other OPEN",
                          "year 2025-12-31 employees/other OPEN"));
  // What was agreed stays agreed, in the name that it had.
  EXPECT_EQ(PlanOf("officer"), plan);
  EXPECT_EQ(GetPlan(plan, kHead)->state(), v1::WorkPlan::APPROVED);
  EXPECT_THAT(Recorded(), ElementsAre("workPlan.moved", "workPlan.opened"));
}

TEST_F(LineFollowingTest, WhatWasComputedOfOtherDaysIsScoredAgainBeforeItIsPublished) {
  ASSERT_NO_FATAL_FAILURE(AgreeAll());
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  for (const char* person : {"head", "officer", "colleague"}) {
    ASSERT_THAT(Rate(std::string(person) == "head" ? kMayor : kHead,
                     EvaluationOf(person, "q1"),
                     v1::AS_EXPECTED,
                     v1::AS_EXPECTED),
                IsOk());
  }
  const auto computed = [&] {
    return Query(
        "SELECT concat_ws(' ', state, (computed IS NOT NULL)) FROM evaluations "
        "WHERE period_id = 'q1' AND employee = 'employees/officer'");
  };
  const auto end_in = [&](int month) {
    identity_.segments[1].mutable_end_date()->set_month(month);
    identity_.segments[1].mutable_end_date()->set_day(28);
    ASSERT_THAT(Follow({Told("officer")}), IsOk());
  };
  // Another end leaves the first quarter as it is.
  ASSERT_NO_FATAL_FAILURE(end_in(8));
  EXPECT_THAT(computed(), ElementsAre("RATED t"));
  ASSERT_NO_FATAL_FAILURE(end_in(2));
  EXPECT_THAT(computed(), ElementsAre("RATED f"));
  EXPECT_THAT(Rate(kHead, EvaluationOf("officer", "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(v1::EVALUATION_NOT_SCORED));
  EXPECT_THAT(StartPublishing(kQ1), HasReason(v1::PERIOD_NOT_SCORED));
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  EXPECT_THAT(computed(), ElementsAre("RATED t"));
  EXPECT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
}

TEST_F(LineFollowingTest, ARatedPeriodWithoutADayLeftStaysAndHoldsUpNoScoring) {
  ASSERT_NO_FATAL_FAILURE(AgreeAll());
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  ASSERT_THAT(Rate(kHead, EvaluationOf("officer", "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  identity_.segments[1] =
      Segment("officer", false, "employees/head", "officials/mayor", Days(5, 1));
  ASSERT_THAT(Follow({Told("officer")}), IsOk());
  EXPECT_THAT(Plans("officer"), ElementsAre("2025-05-01 2025-12-31 employees/head"));
  EXPECT_THAT(Evaluations("officer"), Contains("q1 2025-12-31 employees/head RATED"));
  EXPECT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
}

TEST_F(LineFollowingTest, ALeaverIsNotWaitedFor) {
  Open();
  identity_.segments[1] =
      Segment("officer", false, "employees/head", "officials/mayor", Days(1, 1, 3));
  ASSERT_THAT(Follow({Told("officer")}), IsOk());
  EXPECT_THAT(
      Evaluations("officer"),
      ElementsAre("q1 2025-02-28 employees/head OPEN", "year 2025-02-28 employees/head OPEN"));
}

TEST_F(LineFollowingTest, AnotherHeadTakesOverWhatIsNotRatedAndNothingElse) {
  ASSERT_NO_FATAL_FAILURE(AgreeAll());
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  const std::string rated = EvaluationOf("officer", "q1");
  ASSERT_THAT(Rate(kHead, rated, v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  identity_.segments[1].set_appraiser("agencies/plaju/employees/other");
  ASSERT_THAT(Follow({Told("officer", "reportingLine.changed")}), IsOk());
  EXPECT_THAT(Plans("officer"), ElementsAre("2025-01-01 2025-12-31 employees/other"));
  EXPECT_THAT(Evaluations("officer"), Contains("q1 2025-12-31 employees/head RATED"));
  EXPECT_THAT(Evaluations("officer"), Contains("q2 2025-12-31 employees/other OPEN"));
  EXPECT_THAT(Rate(kHead, EvaluationOf("officer", "q2"), v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(errors::reasons::PERMISSION_DENIED));
}

TEST_F(LineFollowingTest, WhoseUnitIsMovedIsBelowItsNewUnitsAndNoLongerBelowTheOld) {
  Open();
  const auto below = [&](const std::string& unit) {
    return Query("SELECT 'plan' FROM work_plans WHERE employee = 'employees/officer' AND '" + unit +
                 "' = ANY (unit_path) UNION ALL SELECT period_id FROM evaluations WHERE employee = "
                 "'employees/officer' AND period_id = 'q1' AND '" +
                 unit + "' = ANY (unit_path)");
  };
  EXPECT_THAT(below("wilayah"), IsEmpty());
  v1::Snapshot& officer = identity_.segments[1];
  *officer.mutable_unit_path()->Add() = "agencies/plaju/units/wilayah";
  ASSERT_THAT(Follow({Told("officer", "reportingLine.changed")}), IsOk());
  EXPECT_THAT(below("wilayah"), ElementsAre("plan", "q1"));
  officer.mutable_unit_path()->RemoveLast();
  ASSERT_THAT(Follow({Told("officer", "reportingLine.changed")}), IsOk());
  EXPECT_THAT(below("wilayah"), IsEmpty());
}

TEST_F(LineFollowingTest, AnEmptyPlanOfAPostNeverHeldGoesAndAWrittenOneStays) {
  Open();
  ASSERT_THAT(Draft("colleague"), IsOk());
  identity_.segments.resize(1);
  ASSERT_THAT(Follow({Told("officer"), Told("colleague")}), IsOk());
  EXPECT_THAT(Plans("officer"), IsEmpty());
  EXPECT_THAT(Evaluations("officer"), IsEmpty());
  EXPECT_THAT(Plans("colleague"), ElementsAre("2025-01-01 2025-12-31 employees/head"));
  EXPECT_THAT(Recorded(), ElementsAre("workPlan.removed", "workPlan.withoutSegment"));
}

TEST_F(LineFollowingTest, PlansWithoutDaysAreListedUntilThereAreSomeAgain) {
  Open();
  ASSERT_THAT(Draft("colleague"), IsOk());
  const auto listed = [&] {
    v1::ListWorkPlansRequest list;
    list.set_parent("agencies/plaju");
    list.set_without_segment(true);
    const auto plans = Call<v1::WorkPlans>(kHr, &v1::WorkPlans::StubInterface::ListWorkPlans, list);
    EXPECT_THAT(plans, IsOk());
    std::vector<std::string> people;
    for (const v1::WorkPlan& plan : plans->work_plans()) {
      EXPECT_TRUE(plan.without_segment());
      people.push_back(plan.snapshot().employee());
    }
    return people;
  };
  EXPECT_THAT(listed(), IsEmpty());
  const std::vector<v1::Snapshot> before = identity_.segments;
  identity_.segments.resize(2);
  // Told twice it is on record once.
  for (int again = 0; again < 2; ++again) {
    ASSERT_THAT(Follow({Told("colleague")}), IsOk());
    EXPECT_THAT(listed(), ElementsAre("agencies/plaju/employees/colleague"));
    EXPECT_THAT(Recorded(), ElementsAre("workPlan.withoutSegment"));
  }
  identity_.segments = before;
  ASSERT_THAT(Follow({Told("colleague")}), IsOk());
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(LineFollowingTest, OnlyWhereACycleWasOpenedAndIsNotClosed) {
  identity_.segments.push_back(Segment(
      "joiner", false, "employees/head", "officials/mayor", time::Period::Year(2025), "badan"));
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_THAT(Follow({Told("joiner")}), IsOk());
  EXPECT_THAT(Plans("joiner"), IsEmpty());
}

TEST_F(LineFollowingTest, NotOutsideOfTheUnitsThatWereOpened) {
  Open(kOffice);
  const time::Period year = time::Period::Year(2025);
  identity_.segments.push_back(
      Segment("stranger", false, "employees/head", "officials/mayor", year, "badan"));
  identity_.segments.push_back(Segment("joiner", false, "employees/head", "officials/mayor"));
  ASSERT_THAT(Follow({Told("stranger"), Told("joiner")}), IsOk());
  EXPECT_THAT(Plans("stranger"), IsEmpty());
  EXPECT_THAT(Plans("joiner"), ElementsAre("2025-01-01 2025-12-31 employees/head"));
  Query("UPDATE cycles SET state = 'CLOSED' RETURNING 1");
  identity_.segments.back().set_appraiser("agencies/plaju/employees/other");
  ASSERT_THAT(Follow({Told("joiner")}), IsOk());
  EXPECT_THAT(Plans("joiner"), ElementsAre("2025-01-01 2025-12-31 employees/head"));
}

TEST_F(LineFollowingTest, OtherChangesAreNotAskedAboutAndAnAbsentIdentityIsWaitedFor) {
  Open();
  identity_.available = false;
  EXPECT_THAT(Follow({Told("officer", "session.ended")}), IsOk());
  EXPECT_THAT(Follow({Told("officer")}), HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(LineFollowingTest, APublishedPeriodStaysAsItIs) {
  Open();
  Query("UPDATE periods SET state = 'PUBLISHED' WHERE period_id = 'q1' RETURNING 1");
  identity_.segments.push_back(Segment("joiner", false, "employees/head", "officials/mayor"));
  ASSERT_THAT(Follow({Told("joiner")}), IsOk());
  EXPECT_THAT(
      Query("SELECT period_id FROM evaluations WHERE employee = 'employees/joiner' ORDER BY 1"),
      ElementsAre("q2", "q3", "q4", "year"));
}

}  // namespace
}  // namespace teraju::evaluation
