#include "common/time/period.h"

#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::time {
namespace {

using ::absl::CivilDay;
using ::teraju::testing::EqualsProto;
using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

Period P(CivilDay start, CivilDay end) { return Period::Make(start, end).value(); }

TEST(Period, HasAtLeastOneDay) {
  EXPECT_EQ(P(CivilDay(2025, 1, 1), CivilDay(2025, 1, 2)).days(), 1);
  EXPECT_THAT(Period::Make(CivilDay(2025, 1, 1), CivilDay(2025, 1, 1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Period::Make(CivilDay(2025, 1, 2), CivilDay(2025, 1, 1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Period::Make(CivilDay(2025, 1, 2), kForever + 1),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(P(CivilDay(2025, 1, 2), kForever).open_ended());
}

TEST(Period, ExcludesItsEnd) {
  const Period year = Period::Year(2024);
  EXPECT_EQ(year.days(), 366);
  EXPECT_EQ(year.last(), CivilDay(2024, 12, 31));
  EXPECT_TRUE(year.Contains(year.start()));
  EXPECT_FALSE(year.Contains(year.end()));
  EXPECT_TRUE(year.Contains(Period::Quarter(2024, 4)));
  EXPECT_FALSE(year.Contains(P(CivilDay(2024, 12, 31), CivilDay(2025, 1, 2))));
}

TEST(Period, QuartersAndMonthsFillTheYear) {
  EXPECT_EQ(Period::Quarter(2025, 1), P(CivilDay(2025, 1, 1), CivilDay(2025, 4, 1)));
  EXPECT_EQ(Period::Quarter(2025, 4), P(CivilDay(2025, 10, 1), CivilDay(2026, 1, 1)));
  EXPECT_EQ(Period::Month(2024, 2), P(CivilDay(2024, 2, 1), CivilDay(2024, 3, 1)));
  const auto filled = [](const std::vector<Period>& parts) {
    for (std::size_t i = 1; i < parts.size(); ++i) EXPECT_EQ(parts[i - 1].end(), parts[i].start());
    return P(parts.front().start(), parts.back().end());
  };
  EXPECT_EQ(Period::Year(2025).Quarters().size(), 4u);
  EXPECT_EQ(filled(Period::Year(2025).Quarters()), Period::Year(2025));
  EXPECT_EQ(Period::Year(2025).Months().size(), 12u);
  EXPECT_EQ(filled(Period::Year(2025).Months()), Period::Year(2025));
}

TEST(Period, CutsPartsToItself) {
  EXPECT_THAT(P(CivilDay(2025, 3, 15), CivilDay(2025, 5, 2)).Quarters(),
              ElementsAre(P(CivilDay(2025, 3, 15), CivilDay(2025, 4, 1)),
                          P(CivilDay(2025, 4, 1), CivilDay(2025, 5, 2))));
  EXPECT_THAT(P(CivilDay(2025, 12, 31), CivilDay(2026, 1, 2)).Months(),
              ElementsAre(P(CivilDay(2025, 12, 31), CivilDay(2026, 1, 1)),
                          P(CivilDay(2026, 1, 1), CivilDay(2026, 1, 2))));
}

TEST(Period, IntersectsByDays) {
  const Period first = P(CivilDay(2025, 1, 1), CivilDay(2025, 7, 1));
  const Period second = P(CivilDay(2025, 7, 1), CivilDay(2026, 1, 1));
  EXPECT_FALSE(first.Overlaps(second));
  EXPECT_EQ(first.Intersection(second), std::nullopt);
  EXPECT_THAT(first.Intersection(Period::Quarter(2025, 2)), Optional(Eq(Period::Quarter(2025, 2))));
  EXPECT_THAT(P(CivilDay(2025, 6, 1), kForever).Intersection(first),
              Optional(Eq(Period::Month(2025, 6))));
}

TEST(Period, IsWrittenAsIso8601) {
  EXPECT_EQ(Period::Year(2025).ToString(), "2025-01-01/2026-01-01");
  EXPECT_EQ(P(CivilDay(2025, 3, 9), kForever).ToString(), "2025-03-09/..");
}

TEST(ParseDay, TakesDaysOfTheCalendarOnly) {
  EXPECT_THAT(ParseDay("2024-02-29"), IsOkAndHolds(CivilDay(2024, 2, 29)));
  EXPECT_THAT(ParseDay("0001-01-01"), IsOkAndHolds(CivilDay(1, 1, 1)));
  EXPECT_THAT(ParseDay("9999-12-31"), IsOkAndHolds(CivilDay(9999, 12, 31)));
  for (const char* text : {"",
                           "2025-02-29",
                           "2025-13-01",
                           "2025-00-10",
                           "2025-01-00",
                           "0000-01-01",
                           "2025-1-1",
                           "2025/01/01",
                           "20250101",
                           "2025-01-01 ",
                           "-025-01-01",
                           "2025-+1-01",
                           "2025-01-1x"}) {
    EXPECT_THAT(ParseDay(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
  EXPECT_EQ(FormatDay(CivilDay(7, 3, 9)), "0007-03-09");
}

TEST(Dates, GoBothWays) {
  google::type::Date date;
  EXPECT_THAT(ToCivilDay(date), StatusIs(absl::StatusCode::kInvalidArgument));
  date.set_year(2025);
  date.set_month(2);
  date.set_day(28);
  EXPECT_THAT(ToCivilDay(date), IsOkAndHolds(CivilDay(2025, 2, 28)));
  EXPECT_THAT(ToDate(CivilDay(2025, 2, 28)), EqualsProto(date));
  date.set_day(29);
  EXPECT_THAT(ToCivilDay(date), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju::time
