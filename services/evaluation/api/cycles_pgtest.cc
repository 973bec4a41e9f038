#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

class CyclesTest : public EvaluationTest {
 protected:
  absl::StatusOr<v1::Cycle> GetCycle(const Caller& caller, const std::string& name = kCycle) {
    v1::GetCycleRequest request;
    request.set_name(name);
    return Call<v1::Cycles>(caller, &v1::Cycles::StubInterface::GetCycle, request);
  }
  absl::StatusOr<v1::Cycle> CloseCycle() {
    v1::CloseCycleRequest request;
    request.set_name(kCycle);
    return Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CloseCycle, request);
  }
};

TEST_F(CyclesTest, AreCreatedOnceWithTheirPeriodsAndSeenByTheAgency) {
  const auto created = CreateCycle();
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->state(), v1::Cycle::DRAFT);
  EXPECT_EQ(created->periods_size(), 5);
  EXPECT_EQ(created->etag(), "\"1\"");
  EXPECT_THAT(CreateCycle(), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(CreateCycle(kHead), HasReason(PERMISSION_DENIED));
  const auto seen = GetCycle(kOfficer);
  ASSERT_THAT(seen, IsOk());
  EXPECT_EQ(seen->SerializeAsString(), created->SerializeAsString());
  EXPECT_THAT(GetCycle({.subject = "employees/x", .agency = "dumai"}),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(GetCycle(kOfficer, "agencies/plaju/cycles/2031"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Query("SELECT type FROM outbox"), ElementsAre("cycle.created"));
  EXPECT_THAT(Query("SELECT type FROM audit_events"), ElementsAre("cycle.created"));
}

TEST_F(CyclesTest, AWrongRequestNamesItsFieldsAndChangesNothing) {
  v1::CreateCycleRequest request;
  request.set_parent(kAgency);
  request.set_cycle_id("-2025");
  const auto refused = Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CreateCycle, request);
  EXPECT_THAT(refused, ViolatesField("cycleId"));
  EXPECT_THAT(refused, ViolatesField("cycle"));
  EXPECT_THAT(Query("SELECT cycle_id FROM cycles"), ElementsAre());
}

TEST_F(CyclesTest, ARepeatedRequestIsAnsweredAgain) {
  auto request = Parse<v1::CreateCycleRequest>(R"pb(
    parent: "agencies/plaju"
    cycle_id: "2025"
    request_id: "7c0b1d64-3d1f-4a52-9a55-0d8f7a5a1c11"
    cycle {
      display_name: "2025"
      period_kind: MONTHLY
      start_date { year: 2025 month: 1 day: 1 }
      end_date { year: 2025 month: 12 day: 31 }
    })pb");
  const auto first = Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CreateCycle, request);
  const auto again = Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CreateCycle, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(first->periods_size(), 13);
}

TEST_F(CyclesTest, OpeningMakesPlansAndEvaluationsForTheDaysOfEachSegment) {
  ASSERT_THAT(CreateCycle(), IsOk());
  const time::Period summer =
      *time::Period::Make(absl::CivilDay(2025, 5, 10), absl::CivilDay(2025, 9, 1));
  identity_.segments.push_back(
      Segment("mover", false, "employees/head", "officials/mayor", summer));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  EXPECT_EQ(GetCycle(kHr)->state(), v1::Cycle::OPEN);
  EXPECT_THAT(Query("SELECT count(*) FROM work_plans WHERE state = 'DRAFT'"), ElementsAre("4"));
  EXPECT_THAT(
      Query("SELECT period_id FROM evaluations WHERE employee = 'employees/mover' ORDER BY 1"),
      ElementsAre("q2", "q3", "year"));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE employee = 'employees/head'"),
              ElementsAre("5"));
  const auto plan = GetPlan(PlanOf("mover"), kHead);
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->snapshot().SerializeAsString(), identity_.segments.back().SerializeAsString());
}

TEST_F(CyclesTest, OpeningAgainAddsOnlyWhatIsNew) {
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  const auto before = Query("SELECT evaluation_id FROM evaluations ORDER BY 1");
  identity_.segments[1].set_appraiser("agencies/plaju/employees/other");
  const time::Period overlapping =
      *time::Period::Make(absl::CivilDay(2025, 7, 1), absl::CivilDay(2026, 1, 1));
  identity_.segments.push_back(Segment("colleague", false, "employees/other", "", overlapping));
  identity_.segments.push_back(Segment("joiner", false, "employees/head", "officials/mayor"));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  EXPECT_THAT(Query("SELECT count(*) FROM work_plans"), ElementsAre("4"));
  EXPECT_EQ(
      Query(
          "SELECT evaluation_id FROM evaluations WHERE employee <> 'employees/joiner' ORDER BY 1"),
      before);
  // A segment's appraiser is the one of its opening.
  EXPECT_THAT(
      Query("SELECT DISTINCT appraiser FROM evaluations WHERE employee = 'employees/officer'"),
      ElementsAre("employees/head"));
}

TEST_F(CyclesTest, AClosedCycleStaysAsItIs) {
  EXPECT_THAT(CreateCycle(), IsOk());
  EXPECT_THAT(CloseCycle(), HasReason(v1::CYCLE_NOT_OPEN));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  EXPECT_THAT(CloseCycle(), HasReason(v1::PERIODS_OPEN));
  Query("UPDATE periods SET state = 'PUBLISHED' RETURNING 1");
  EXPECT_THAT(CloseCycle(), IsOk());
  v1::OpenCycleRequest request;
  request.set_name(kCycle);
  EXPECT_THAT(Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::OpenCycle, request),
              HasReason(v1::CYCLE_CLOSED));
  EXPECT_THAT(StartScoring(kQ1), HasReason(v1::CYCLE_CLOSED));
  EXPECT_THAT(Draft("officer"), HasReason(v1::CYCLE_CLOSED));
}

TEST_F(CyclesTest, AreListedInPages) {
  for (const char* id : {"2023", "2024", "2025"}) {
    auto request = Parse<v1::CreateCycleRequest>(R"pb(
      parent: "agencies/plaju"
      cycle {
        display_name: "x"
        period_kind: QUARTERLY
        start_date { year: 2025 month: 1 day: 1 }
        end_date { year: 2025 month: 12 day: 31 }
      })pb");
    request.set_cycle_id(id);
    ASSERT_THAT(Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CreateCycle, request), IsOk());
  }
  v1::ListCyclesRequest request;
  request.set_parent(kAgency);
  request.set_page_size(2);
  const auto first = Call<v1::Cycles>(kOfficer, &v1::Cycles::StubInterface::ListCycles, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->cycles_size(), 2);
  EXPECT_EQ(first->cycles(1).name(), "agencies/plaju/cycles/2024");
  EXPECT_EQ(first->cycles(1).periods_size(), 5);
  request.set_page_token(first->next_page_token());
  const auto second = Call<v1::Cycles>(kOfficer, &v1::Cycles::StubInterface::ListCycles, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->cycles_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
}

}  // namespace
}  // namespace teraju::evaluation
