#include "common/time/business_days.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::time {
namespace {

using ::absl::CivilDay;
using ::teraju::testing::StatusIs;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

// Saturday and Sunday free; 1 and 29 May 2025 are holidays.
BusinessCalendar Calendar(const char* zone = "Asia/Jakarta") {
  return BusinessCalendar::Make(Zone(zone),
                                {absl::Weekday::saturday, absl::Weekday::sunday},
                                {CivilDay(2025, 5, 1), CivilDay(2025, 5, 29)})
      .value();
}

TEST(BusinessCalendar, KnowsWorkingDays) {
  EXPECT_TRUE(Calendar().IsWorkingDay(CivilDay(2025, 5, 2)));   // Friday
  EXPECT_FALSE(Calendar().IsWorkingDay(CivilDay(2025, 5, 3)));  // Saturday
  EXPECT_FALSE(Calendar().IsWorkingDay(CivilDay(2025, 5, 1)));  // Labour Day
  EXPECT_EQ(Calendar().WorkingDaysIn(Period::Month(2025, 5)), 20);
}

TEST(BusinessCalendar, CountsFromTheDayAfter) {
  EXPECT_EQ(Calendar().NthWorkingDayAfter(CivilDay(2025, 4, 30), 1), CivilDay(2025, 5, 2));
  EXPECT_EQ(Calendar().NthWorkingDayAfter(CivilDay(2025, 5, 2), 1), CivilDay(2025, 5, 5));
  EXPECT_EQ(Calendar().NthWorkingDayAfter(CivilDay(2025, 5, 3), 14), CivilDay(2025, 5, 22));
  for (int n = 1; n < 60; ++n) {
    const CivilDay day = Calendar().NthWorkingDayAfter(CivilDay(2025, 4, 30), n);
    EXPECT_TRUE(Calendar().IsWorkingDay(day));
    EXPECT_EQ(Calendar().WorkingDaysIn(*Period::Make(CivilDay(2025, 5, 1), day + 1)), n);
  }
}

TEST(BusinessCalendar, NeedsAWorkingDay) {
  std::set<absl::Weekday> week;
  for (int i = 0; i < 7; ++i) week.insert(absl::GetWeekday(CivilDay(2025, 1, 1) + i));
  EXPECT_THAT(BusinessCalendar::Make(absl::UTCTimeZone(), week, {}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(BusinessCalendar, DaysBeginAtTheAgencysMidnight) {
  const absl::Time time =
      absl::FromCivil(absl::CivilSecond(2025, 5, 1, 16, 30, 0), absl::UTCTimeZone());
  EXPECT_EQ(Calendar("Asia/Jakarta").DayOf(time), CivilDay(2025, 5, 1));   // 23:30 WIB
  EXPECT_EQ(Calendar("Asia/Jayapura").DayOf(time), CivilDay(2025, 5, 2));  // 01:30 WIT
  const BusinessCalendar calendar = Calendar();
  EXPECT_EQ(calendar.EndOf(CivilDay(2025, 5, 1)) - calendar.StartOf(CivilDay(2025, 5, 1)),
            absl::Hours(24));
  EXPECT_EQ(calendar.DayOf(calendar.EndOf(CivilDay(2025, 5, 1))), CivilDay(2025, 5, 2));
}

}  // namespace
}  // namespace teraju::time
