#include "services/evaluation/domain/cycle.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/test_plans.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::IsOkAndHolds;

v1::Cycle Draft(int first_month,
                int first_day,
                int last_year,
                int last_month,
                int last_day,
                v1::Cycle::PeriodKind kind) {
  v1::Cycle cycle;
  cycle.set_name("agencies/plaju/cycles/2025");
  cycle.set_period_kind(kind);
  *cycle.mutable_start_date() = time::ToDate(absl::CivilDay(2025, first_month, first_day));
  *cycle.mutable_end_date() = time::ToDate(absl::CivilDay(last_year, last_month, last_day));
  return cycle;
}

std::vector<std::string> PeriodIds(const v1::Cycle& cycle) {
  std::vector<std::string> ids;
  for (const v1::Period& period : cycle.periods()) ids.push_back(PeriodId(period));
  return ids;
}

TEST(PrepareCycle, GivesAYearItsQuarters) {
  v1::Cycle cycle = Draft(1, 1, 2025, 12, 31, v1::Cycle::QUARTERLY);
  ASSERT_THAT(PrepareCycle(cycle), IsOk());
  EXPECT_THAT(PeriodIds(cycle), ElementsAre("year", "q1", "q2", "q3", "q4"));
  EXPECT_EQ(cycle.state(), v1::Cycle::DRAFT);
  EXPECT_EQ(cycle.kind(), v1::Cycle::ANNUAL);
  EXPECT_EQ(cycle.periods(2).name(), "agencies/plaju/cycles/2025/periods/q2");
  EXPECT_THAT(DaysOf(cycle.periods(2)), IsOkAndHolds(time::Period::Quarter(2025, 2)));
  EXPECT_EQ(cycle.periods(4).state(), v1::Period::OPEN);
}

TEST(PrepareCycle, GivesAYearItsMonths) {
  v1::Cycle cycle = Draft(7, 1, 2026, 6, 30, v1::Cycle::MONTHLY);
  ASSERT_THAT(PrepareCycle(cycle), IsOk());
  EXPECT_THAT(PeriodIds(cycle),
              ElementsAre("year",
                          "m07",
                          "m08",
                          "m09",
                          "m10",
                          "m11",
                          "m12",
                          "m01",
                          "m02",
                          "m03",
                          "m04",
                          "m05",
                          "m06"));
}

TEST(PrepareCycle, CutsTheFirstAndTheLastPeriodToTheCycle) {
  v1::Cycle cycle = Draft(2, 10, 2025, 5, 20, v1::Cycle::QUARTERLY);
  ASSERT_THAT(PrepareCycle(cycle), IsOk());
  EXPECT_THAT(PeriodIds(cycle), ElementsAre("year", "q1", "q2"));
  EXPECT_EQ(cycle.periods(1).start_date().day(), 10);
  EXPECT_EQ(cycle.periods(2).end_date().day(), 20);
}

TEST(PrepareCycle, RefusesDatesThatMakeNoYear) {
  v1::Cycle backwards = Draft(6, 1, 2025, 5, 31, v1::Cycle::QUARTERLY);
  EXPECT_THAT(PrepareCycle(backwards), HasReason(v1::CYCLE_DATES_INVALID));
  v1::Cycle too_long = Draft(1, 1, 2026, 1, 1, v1::Cycle::QUARTERLY);
  EXPECT_THAT(PrepareCycle(too_long), HasReason(v1::CYCLE_DATES_INVALID));
  v1::Cycle inside = Draft(2, 1, 2026, 1, 31, v1::Cycle::QUARTERLY);
  EXPECT_THAT(PrepareCycle(inside), HasReason(v1::CYCLE_DATES_INVALID));
  v1::Cycle by_month = Draft(2, 1, 2026, 1, 31, v1::Cycle::MONTHLY);
  EXPECT_THAT(PrepareCycle(by_month), IsOk());
}

TEST(OpenPeriodsOf, AreThoseThatTheSegmentOverlapsAndThatAreNotPublished) {
  v1::Cycle cycle = MakeCycle();
  v1::Snapshot segment = MakePlan(v1::WorkPlan::DRAFT).snapshot();
  EXPECT_THAT(OpenPeriodsOf(cycle, segment), IsOkAndHolds(ElementsAre("year", "q1")));
  *segment.mutable_start_date() = time::ToDate(absl::CivilDay(2025, 4, 1));
  EXPECT_THAT(OpenPeriodsOf(cycle, segment), IsOkAndHolds(ElementsAre("year")));
  *segment.mutable_start_date() = time::ToDate(absl::CivilDay(2025, 3, 31));
  EXPECT_THAT(OpenPeriodsOf(cycle, segment), IsOkAndHolds(ElementsAre("year", "q1")));
  cycle.mutable_periods(0)->set_state(v1::Period::PUBLISHED);
  EXPECT_THAT(OpenPeriodsOf(cycle, segment), IsOkAndHolds(ElementsAre("q1")));
}

TEST(CycleStates, EachActionHasItsRefusalInEachState) {
  EXPECT_THAT(CheckOpenable(MakeCycle(v1::Cycle::DRAFT)), IsOk());
  EXPECT_THAT(CheckOpenable(MakeCycle(v1::Cycle::OPEN)), IsOk());
  EXPECT_THAT(CheckOpenable(MakeCycle(v1::Cycle::CLOSED)), HasReason(v1::CYCLE_CLOSED));

  const v1::Period open = MakeCycle().periods(1);
  EXPECT_THAT(CheckScorable(MakeCycle(v1::Cycle::DRAFT), open), HasReason(v1::CYCLE_NOT_OPEN));
  EXPECT_THAT(CheckScorable(MakeCycle(v1::Cycle::OPEN), open), IsOk());
  EXPECT_THAT(CheckScorable(MakeCycle(v1::Cycle::CLOSED), open), HasReason(v1::CYCLE_CLOSED));
  v1::Period published = open;
  published.set_state(v1::Period::PUBLISHED);
  EXPECT_THAT(CheckScorable(MakeCycle(), published), HasReason(v1::PERIOD_PUBLISHED));
}

TEST(CheckBinding, ARehearsalBindsNobody) {
  v1::Cycle cycle = MakeCycle();
  EXPECT_THAT(CheckBinding(cycle), IsOk());
  cycle.set_kind(v1::Cycle::SHADOW);
  EXPECT_THAT(CheckBinding(cycle), HasReason(v1::SHADOW_CYCLE));
  EXPECT_THAT(CheckBinding(cycle), HasMetadata("cycle", cycle.name()));
}

TEST(PrepareCycle, TheThresholdOfPublicCountsIsThreeOrMore) {
  v1::Cycle cycle = MakeCycle();
  cycle.set_public_threshold(0);
  ASSERT_THAT(PrepareCycle(cycle), IsOk());
  EXPECT_EQ(cycle.public_threshold(), 3);
  cycle.set_public_threshold(2);
  EXPECT_THAT(PrepareCycle(cycle), testing::ViolatesField("cycle.publicThreshold"));
}

TEST(CheckPublishable, NamesWhatStandsInTheWay) {
  const v1::Cycle cycle = MakeCycle();
  v1::Period period = cycle.periods(1);
  EXPECT_THAT(CheckPublishable(cycle, period, {}), HasReason(v1::PERIOD_NOT_SCORED));
  period.set_state(v1::Period::SCORED);
  EXPECT_THAT(CheckPublishable(cycle, period, {}), IsOk());
  const absl::Status open =
      CheckPublishable(cycle, period, {.open_evaluations = 3, .units = {"u"}});
  EXPECT_THAT(open, HasReason(v1::EVALUATIONS_OPEN));
  EXPECT_THAT(open, HasMetadata("open_count", "3"));
  EXPECT_THAT(CheckPublishable(cycle, period, {.unscored_evaluations = 1}),
              HasReason(v1::PERIOD_NOT_SCORED));
  const absl::Status units =
      CheckPublishable(cycle, period, {.open_evaluations = 0, .units = {"u", "v"}});
  EXPECT_THAT(units, HasReason(v1::UNIT_RESULTS_OPEN));
  EXPECT_THAT(units, HasMetadata("units", "u, v"));
}

TEST(NeedsUnitResults, InTheYearAndWhereTheCycleAsksForThem) {
  v1::Cycle cycle = MakeCycle();
  EXPECT_TRUE(NeedsUnitResults(cycle, cycle.periods(0)));
  EXPECT_FALSE(NeedsUnitResults(cycle, cycle.periods(1)));
  cycle.set_unit_results_each_period(true);
  EXPECT_TRUE(NeedsUnitResults(cycle, cycle.periods(1)));
}

TEST(CloseCycle, NeedsEveryPeriodPublished) {
  v1::Cycle cycle = MakeCycle();
  cycle.mutable_periods(1)->set_state(v1::Period::PUBLISHED);
  const absl::Status refused = CloseCycle(cycle);
  EXPECT_THAT(refused, HasReason(v1::PERIODS_OPEN));
  EXPECT_THAT(refused, HasMetadata("periods", "year"));
  cycle.mutable_periods(0)->set_state(v1::Period::PUBLISHED);
  EXPECT_THAT(CloseCycle(cycle), IsOk());
  EXPECT_EQ(cycle.state(), v1::Cycle::CLOSED);
  EXPECT_THAT(CloseCycle(cycle), HasReason(v1::CYCLE_CLOSED));
  v1::Cycle draft = MakeCycle(v1::Cycle::DRAFT);
  EXPECT_THAT(CloseCycle(draft), HasReason(v1::CYCLE_NOT_OPEN));
}

}  // namespace
}  // namespace teraju::evaluation::domain
