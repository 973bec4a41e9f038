#include "services/evaluation/domain/deadline.h"

#include "common/testing/status_matchers.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation::domain {
namespace {

using testing::IsOk;
using testing::ViolatesField;

TEST(IsMoved, ByOneMinuteOfTheLastHourOrMoreThanFiveOfTheDay) {
  EXPECT_FALSE(IsMoved({.watched = 0, .last_hour = 0}));
  EXPECT_FALSE(IsMoved({.watched = 5, .last_hour = 0}));
  EXPECT_TRUE(IsMoved({.watched = 6, .last_hour = 0}));
  EXPECT_TRUE(IsMoved({.watched = 1, .last_hour = 1}));
}

TEST(CheckDeadlineId, IsOfThePlansOrOfAPeriodOfTheCycle) {
  v1::Cycle cycle;
  cycle.add_periods()->set_name("agencies/plaju/cycles/2025/periods/year");
  cycle.add_periods()->set_name("agencies/plaju/cycles/2025/periods/q1");
  EXPECT_THAT(CheckDeadlineId("work-plans", cycle), IsOk());
  EXPECT_THAT(CheckDeadlineId("self-evaluations-q1", cycle), IsOk());
  EXPECT_THAT(CheckDeadlineId("self-evaluations-year", cycle), IsOk());
  EXPECT_THAT(CheckDeadlineId("self-evaluations-q2", cycle), ViolatesField("deadline.name"));
  EXPECT_THAT(CheckDeadlineId("self-evaluations-", cycle), ViolatesField("deadline.name"));
  EXPECT_THAT(CheckDeadlineId("ratings-q1", cycle), ViolatesField("deadline.name"));
}

TEST(CheckDueTime, IsStillToCome) {
  const absl::Time now = absl::FromUnixSeconds(1'740'000'000);
  v1::Deadline deadline;
  EXPECT_THAT(CheckDueTime(deadline, now), ViolatesField("deadline.dueTime"));
  SetTime(*deadline.mutable_due_time(), now);
  EXPECT_THAT(CheckDueTime(deadline, now), ViolatesField("deadline.dueTime"));
  SetTime(*deadline.mutable_due_time(), now + absl::Microseconds(1));
  EXPECT_THAT(CheckDueTime(deadline, now), IsOk());
}

}  // namespace
}  // namespace teraju::evaluation::domain
