#include "common/engines/rules/credit.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;

std::string Printed(const Rational& credit, int digits) {
  return Round(credit, digits, Rounding::kHalfUp).ToString();
}

TEST(Credit, GivesTheWorkedExamples) {
  EXPECT_THAT(Credit(Predicate::kVeryGood, "PT", 12), IsOkAndHolds(Rational(75, 4)));
  EXPECT_EQ(Printed(*Credit(Predicate::kGood, "PT", 2), 4), "2.0833");
  EXPECT_EQ(
      Printed(*Credit(Predicate::kVeryGood, "PT", 12) + *Credit(Predicate::kGood, "PT", 2), 2),
      "20.83");
  EXPECT_EQ(Printed(*Credit(Predicate::kGood, "MU", 5), 4), "10.4167");
}

TEST(Credit, KnowsEveryLevelAndPredicate) {
  const std::pair<const char*, const char*> per_year[] = {{"PM", "3.75"},
                                                          {"TR", "5.00"},
                                                          {"MH", "12.50"},
                                                          {"PY", "25.00"},
                                                          {"PT", "12.50"},
                                                          {"MU", "25.00"},
                                                          {"MA", "37.50"},
                                                          {"MD", "37.50"},
                                                          {"UT", "50.00"}};
  for (const auto& [level, credit] : per_year) {
    EXPECT_EQ(Printed(*Credit(Predicate::kGood, level, 12), 2), credit) << level;
  }
  const char* by_predicate[] = {"75.0", "50.0", "37.5", "25.0", "12.5"};
  for (const Predicate predicate : kPredicates) {
    EXPECT_EQ(Printed(*Credit(predicate, "UT", 12), 1),
              by_predicate[static_cast<int>(predicate) - 1]);
  }
  EXPECT_EQ(StandardCredits().Find("MA")->siasn_id, "32");
  EXPECT_EQ(StandardCredits().Find("MA")->rank_need, Decimal(150));
  EXPECT_EQ(StandardCredits().Find("UT")->level_need, std::nullopt);
}

TEST(Credit, AddsUpOverThePartsOfAYear) {
  for (int months = 1; months < 12; ++months) {
    EXPECT_EQ(
        *Credit(Predicate::kGood, "MA", months) + *Credit(Predicate::kGood, "MA", 12 - months),
        *Credit(Predicate::kGood, "MA", 12));
  }
}

TEST(Credit, RefusesUnknownLevelsAndMonths) {
  EXPECT_THAT(Credit(Predicate::kGood, "XX", 12), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Credit(Predicate::kGood, "PT", 0), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Credit(Predicate::kGood, "PT", 13), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(MonthsBetween, CountsBothEnds) {
  using absl::CivilMonth;
  EXPECT_EQ(MonthsBetween(CivilMonth(2025, 3), CivilMonth(2025, 4)), 2);
  EXPECT_EQ(MonthsBetween(CivilMonth(2025, 1), CivilMonth(2025, 12)), 12);
  EXPECT_EQ(MonthsBetween(CivilMonth(2025, 4), CivilMonth(2025, 4)), 1);
  EXPECT_EQ(MonthsBetween(CivilMonth(2025, 4), CivilMonth(2025, 3)), 0);
}

}  // namespace
}  // namespace teraju::rules
