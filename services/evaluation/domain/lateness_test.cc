#include "services/evaluation/domain/lateness.h"

#include "common/time/period.h"
#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LatenessFacts On(absl::CivilDay today) {
  return {.today = today,
          .segment_start = absl::CivilDay(2025, 1, 1),
          .segment_end = absl::CivilDay(2025, 12, 31)};
}

v1::Subordinate With(v1::WorkPlan::State state) {
  v1::Subordinate subordinate;
  subordinate.set_plan_state(state);
  return subordinate;
}

TEST(LatenessOf, PlansAreLateOnceTheSegmentHasBegun) {
  const absl::CivilDay day(2025, 1, 10);
  EXPECT_THAT(LatenessOf(With(v1::WorkPlan::DRAFT), On(day)), ElementsAre(v1::PLAN_NOT_SUBMITTED));
  EXPECT_THAT(LatenessOf(With(v1::WorkPlan::RETURNED), On(day)),
              ElementsAre(v1::PLAN_NOT_SUBMITTED));
  EXPECT_THAT(LatenessOf(With(v1::WorkPlan::SUBMITTED), On(day)),
              ElementsAre(v1::PLAN_NOT_DECIDED));
  EXPECT_THAT(LatenessOf(With(v1::WorkPlan::APPROVED), On(day)), IsEmpty());
  EXPECT_THAT(LatenessOf(With(v1::WorkPlan::DRAFT), On(absl::CivilDay(2024, 12, 31))), IsEmpty());
}

TEST(LatenessOf, CheckInsAreDueOnceInAQuarterAndWhenAgreed) {
  v1::Subordinate person = With(v1::WorkPlan::APPROVED);
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2025, 4, 3))), IsEmpty());
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2025, 4, 4))),
              ElementsAre(v1::CHECK_IN_OVERDUE));
  *person.mutable_last_dialogue_date() = time::ToDate(absl::CivilDay(2025, 4, 1));
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2025, 4, 4))), IsEmpty());
  *person.mutable_next_dialogue_date() = time::ToDate(absl::CivilDay(2025, 5, 1));
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2025, 5, 1))), IsEmpty());
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2025, 5, 2))),
              ElementsAre(v1::CHECK_IN_OVERDUE));
  EXPECT_THAT(LatenessOf(person, On(absl::CivilDay(2026, 2, 1))), IsEmpty());
}

TEST(LatenessOf, SupportAndRatingsThatAreOwed) {
  v1::Subordinate person = With(v1::WorkPlan::APPROVED);
  v1::PeriodStanding& quarter = *person.add_periods();
  quarter.set_period("q1");
  quarter.set_state(v1::Evaluation::OPEN);
  LatenessFacts facts = On(absl::CivilDay(2025, 2, 1));
  EXPECT_THAT(LatenessOf(person, facts), IsEmpty());
  facts.scored_periods = {"q1"};
  facts.support_overdue = true;
  EXPECT_THAT(LatenessOf(person, facts), ElementsAre(v1::SUPPORT_OVERDUE, v1::NOT_RATED));
  quarter.set_state(v1::Evaluation::RATED);
  facts.support_overdue = false;
  EXPECT_THAT(LatenessOf(person, facts), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation::domain
