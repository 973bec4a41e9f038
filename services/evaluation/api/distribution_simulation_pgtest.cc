// What a unit's distribution would be after changes: shown, never made.
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

class SimulationTest : public YearTest {
 protected:
  // The unit is Baik with one Sangat Baik (officer) and one Butuh Perbaikan (colleague).
  void SetUp() override {
    YearTest::SetUp();
    ScoreYear();
    const auto result = SetUnitResult(v1::UNIT_GOOD);
    ASSERT_THAT(result, IsOk());
    unit_result_ = result->name();
    RateAll();
  }
  absl::StatusOr<v1::UnitResultSimulation> Simulate(const Caller& caller) {
    request_.set_name(unit_result_);
    return Call<v1::UnitResults>(
        caller, &v1::UnitResults::StubInterface::SimulateUnitResult, request_);
  }
  v1::ProposedChange& Propose(const std::string& result) {
    v1::ProposedChange& change = *request_.add_changes();
    change.set_result(result);
    return change;
  }
  // Everything that a rating or a confirmation would change.
  std::vector<std::string> Stored() {
    return Query(
        "SELECT e::text FROM evaluations e UNION ALL SELECT u::text FROM unit_results u UNION ALL "
        "SELECT a::text FROM annual_results a UNION ALL SELECT count(*)::text FROM outbox ORDER BY "
        "1");
  }
  std::string unit_result_;
  v1::SimulateUnitResultRequest request_;
};

TEST_F(SimulationTest, ShowsTheEffectAndChangesNothing) {
  Propose(EvaluationOf("officer")).set_predicate(v1::GOOD);
  const std::vector<std::string> before = Stored();
  const auto simulation = Simulate(kMayor);
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(Stored(), before);
  EXPECT_EQ(simulation->before().very_good(), 1);
  EXPECT_EQ(simulation->before().violations(0).constraint(), "GOOD_MOST");
  EXPECT_EQ(simulation->after().good(), 1);
  EXPECT_EQ(simulation->changes(0).from(), v1::VERY_GOOD);
  EXPECT_TRUE(simulation->after().too_small());
  // What is shown is what comes: the same change made.
  ASSERT_THAT(Rate(kHead, EvaluationOf("officer"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  v1::GetUnitResultRequest get;
  get.set_name(unit_result_);
  const auto made =
      Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::GetUnitResult, get);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->distribution().SerializeAsString(), simulation->after().SerializeAsString());
  EXPECT_NE(Stored(), before);
}

TEST_F(SimulationTest, TakesTheAnnualResultAndRatings) {
  const auto year =
      Query("SELECT annual_result_id FROM annual_results WHERE employee = 'employees/colleague'");
  ASSERT_EQ(year.size(), 1U);
  Propose("agencies/plaju/annualResults/" + year.front()).set_predicate(v1::GOOD);
  Propose(EvaluationOf("officer")).set_behavior_rating(v1::BELOW_EXPECTATION);
  const auto simulation = Simulate(kMayor);
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(simulation->changes(0).from(), v1::NEEDS_IMPROVEMENT);
  EXPECT_EQ(simulation->changes(0).to(), v1::GOOD);
  EXPECT_EQ(simulation->changes(1).to(), v1::POOR);
}

TEST_F(SimulationTest, IsForWhoMaySeeTheUnitsResultAndLeavesTheTraceOfAReading) {
  Propose(EvaluationOf("officer")).set_predicate(v1::GOOD);
  for (const Caller& other : {kOfficer, kColleague, kHead})
    EXPECT_THAT(Simulate(other), HasReason(errors::reasons::PERMISSION_DENIED)) << other.subject;
  EXPECT_THAT(Simulate(kUnitHr), IsOk());
  EXPECT_THAT(Query("SELECT actor || ' ' || resource FROM audit_events WHERE type = "
                    "'evaluation.read'"),
              ElementsAre("employees/unit-hr " + EvaluationOf("officer")));
}

TEST_F(SimulationTest, RefusesWhoDoesNotCountInTheUnit) {
  // The head counts elsewhere, the quarter in no year, the third is unknown, the last no result.
  Propose(EvaluationOf("head")).set_predicate(v1::GOOD);
  Propose(EvaluationOf("officer", "q1")).set_predicate(v1::GOOD);
  Propose("agencies/plaju/evaluations/00000000-0000-7000-8000-000000000000")
      .set_predicate(v1::GOOD);
  Propose("agencies/plaju/cycles/2025").set_predicate(v1::GOOD);
  Propose(EvaluationOf("officer")).set_predicate(v1::GOOD);
  const auto refused = Simulate(kMayor);
  for (const int i : {0, 1, 2, 3})
    EXPECT_THAT(refused, ViolatesField("changes[" + std::to_string(i) + "].result"));
  request_.clear_changes();
  Propose(EvaluationOf("officer")).set_predicate(v1::GOOD);
  ASSERT_THAT(Simulate(kMayor), IsOk());
  Propose(EvaluationOf("officer")).set_predicate(v1::POOR);
  EXPECT_THAT(Simulate(kMayor), ViolatesField("changes[1].result"));
}

TEST_F(SimulationTest, OfSomebodyWhoMovedOnlyTheLastSegmentCounts) {
  const auto year = time::Period::Year(2025);
  const time::Period first = *time::Period::Make(year.start(), absl::CivilDay(2025, 7, 1));
  const time::Period second = *time::Period::Make(absl::CivilDay(2025, 7, 1), year.end());
  identity_.segments.push_back(Segment("mover", false, "employees/head", "officials/mayor", first));
  identity_.segments.push_back(
      Segment("mover", false, "employees/head", "officials/mayor", second));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  const auto segments = Query(
      "SELECT 'agencies/plaju/evaluations/' || evaluation_id FROM evaluations WHERE employee = "
      "'employees/mover' AND period_id = 'year' ORDER BY start_date");
  ASSERT_EQ(segments.size(), 2U);
  Propose(segments[0]).set_predicate(v1::GOOD);
  EXPECT_THAT(Simulate(kMayor), ViolatesField("changes[0].result"));
  request_.clear_changes();
  Propose(segments[1]).set_predicate(v1::GOOD);
  const auto simulation = Simulate(kMayor);
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(simulation->after().rated(), simulation->before().rated() + 1);
}

TEST_F(SimulationTest, NothingIsTriedOnceConfirmed) {
  ASSERT_THAT(Confirm(unit_result_, "Unit kecil"), IsOk());
  EXPECT_THAT(Simulate(kMayor), HasReason(v1::UNIT_RESULT_CONFIRMED));
}

}  // namespace
}  // namespace teraju::evaluation
