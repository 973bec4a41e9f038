#include "services/evaluation/domain/deadline.h"

#include "common/testing/status_matchers.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kDue = absl::FromUnixSeconds(1'740'096'000);

// The minutes from `from` on in which all went well.
std::vector<ServiceMinute> Kept(absl::Time from, absl::Time to) {
  std::vector<ServiceMinute> kept;
  for (absl::Time minute = from; minute < to; minute += absl::Minutes(1))
    kept.push_back({.minute = minute, .calls = 200});
  return kept;
}

TEST(CountMissed, IsMissedWhereNobodyWasThereOrMoreThanOneCallInAHundredFailed) {
  const absl::Time from = kDue - absl::Hours(2);
  std::vector<ServiceMinute> counted = Kept(from, kDue);
  EXPECT_EQ(CountMissed(from, kDue, counted).watched, 0);
  counted[3].failed = 2;
  EXPECT_EQ(CountMissed(from, kDue, counted).watched, 0);
  counted[3].failed = 3;
  EXPECT_EQ(CountMissed(from, kDue, counted).watched, 1);
  EXPECT_EQ(CountMissed(from, kDue, counted).last_hour, 0);
  counted.erase(counted.begin() + 60);
  EXPECT_EQ(CountMissed(from, kDue, counted).watched, 2);
  EXPECT_EQ(CountMissed(from, kDue, counted).last_hour, 1);
  // A replica without calls was there.
  counted.back().calls = 0;
  EXPECT_EQ(CountMissed(from, kDue, counted).watched, 2);
  EXPECT_EQ(CountMissed(from, kDue, {}).watched, 120);
  EXPECT_EQ(CountMissed(from, kDue, {}).last_hour, 60);
}

// The deadline is set within a minute, and may be within one.
TEST(CountMissed, OnlyWholeMinutesCount) {
  EXPECT_EQ(CountMissed(kDue - absl::Seconds(119), kDue, {}).watched, 1);
  EXPECT_EQ(CountMissed(kDue - absl::Seconds(120), kDue, {}).watched, 2);
  EXPECT_EQ(CountMissed(kDue - absl::Minutes(2), kDue + absl::Seconds(59), {}).watched, 2);
  EXPECT_EQ(CountMissed(kDue, kDue, {}).watched, 0);
}

TEST(WithDaysOwed, IsOneForEachDayThatWasMissed) {
  const auto away = [](absl::Time, absl::Time) { return std::vector<ServiceMinute>(); };
  const auto there = [](absl::Time from, absl::Time to) { return Kept(from, to); };
  const Due due = {.set_time = kDue - absl::Hours(48), .due_time = kDue};
  EXPECT_EQ(WithDaysOwed(due, kDue, away).due_time, kDue) << "it has not passed";
  EXPECT_EQ(WithDaysOwed(due, kDue + absl::Hours(60), there).due_time, kDue);
  const Due moved = WithDaysOwed(due, kDue + absl::Hours(60), away);
  EXPECT_EQ(moved.due_time, kDue + absl::Hours(72));
  EXPECT_EQ(moved.missed_minutes, 3 * 24 * 60);
  EXPECT_EQ(moved.set_time, due.set_time);
}

// Only the day before counts, and of it what came after the deadline was set.
TEST(WithDaysOwed, LooksAtTheDayBeforeSinceItWasSet) {
  absl::Time from;
  const auto look = [&](absl::Time begin, absl::Time end) {
    from = begin;
    return Kept(begin, end);
  };
  WithDaysOwed(
      {.set_time = kDue - absl::Hours(48), .due_time = kDue}, absl::InfiniteFuture(), look);
  EXPECT_EQ(from, kDue - absl::Hours(24));
  WithDaysOwed({.set_time = kDue - absl::Hours(3), .due_time = kDue}, absl::InfiniteFuture(), look);
  EXPECT_EQ(from, kDue - absl::Hours(3));
}

TEST(NextReminder, IsThreeDaysAndOneDayBefore) {
  EXPECT_EQ(NextReminder(kDue, kDue - absl::Hours(24 * 30)), kDue - absl::Hours(72));
  EXPECT_EQ(NextReminder(kDue, kDue - absl::Hours(72)), kDue - absl::Hours(24));
  EXPECT_EQ(NextReminder(kDue, kDue - absl::Hours(25)), kDue - absl::Hours(24));
  EXPECT_EQ(NextReminder(kDue, kDue - absl::Hours(24)), absl::InfiniteFuture());
  EXPECT_EQ(NextReminder(kDue, kDue + absl::Hours(1)), absl::InfiniteFuture());
}

TEST(Binds, WhoWasAskedBeforeAndHasNeverHandedIn) {
  v1::WorkPlan plan;
  SetTime(*plan.mutable_create_time(), kDue);
  EXPECT_TRUE(Binds(kDue, plan));
  EXPECT_FALSE(Binds(kDue - absl::Seconds(1), plan));
  SetTime(*plan.mutable_submit_time(), kDue);
  EXPECT_FALSE(Binds(kDue, plan));
}

TEST(TooLate, TellsTheDeadlineAsTheClocksOfTheAgencyShowIt) {
  const absl::Status late = TooLate(kDue, absl::FixedTimeZone(9 * 60 * 60));
  EXPECT_THAT(late, HasReason(v1::HANDED_IN_TOO_LATE));
  EXPECT_THAT(late, HasMetadata("due_time", "2025-02-21 09:00 (UTC+09:00)"));
}

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

TEST(PeriodOfDeadline, IsThatOfTheSelfEvaluations) {
  EXPECT_EQ(PeriodOfDeadline(SelfEvaluationsDeadline("q1")), "q1");
  EXPECT_EQ(PeriodOfDeadline(kWorkPlansDeadline), "");
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
