#include "common/decimal/rounding.h"

#include <random>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju {
namespace {

using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;

constexpr Rounding kAll[] = {Rounding::kHalfUp,
                             Rounding::kHalfEven,
                             Rounding::kDown,
                             Rounding::kUp,
                             Rounding::kCeiling,
                             Rounding::kFloor};

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

TEST(Round, FollowsTheNamedRule) {
  struct Row {
    const char* value;
    int digits;
    const char *half_up, *half_even, *down, *up, *ceiling, *floor;
  };
  const Row table[] = {
      {"2.5", 0, "3", "2", "2", "3", "3", "2"},
      {"3.5", 0, "4", "4", "3", "4", "4", "3"},
      {"-2.5", 0, "-3", "-2", "-2", "-3", "-2", "-3"},
      {"-3.5", 0, "-4", "-4", "-3", "-4", "-3", "-4"},
      {"2.4999", 0, "2", "2", "2", "3", "3", "2"},
      {"2.5001", 0, "3", "3", "2", "3", "3", "2"},
      {"-0.4", 0, "0", "0", "0", "-1", "0", "-1"},
      {"0.005", 2, "0.01", "0.00", "0.00", "0.01", "0.01", "0.00"},
      {"0.015", 2, "0.02", "0.02", "0.01", "0.02", "0.02", "0.01"},
      {"7", 2, "7.00", "7.00", "7.00", "7.00", "7.00", "7.00"},
      {"1250", -2, "1300", "1200", "1200", "1300", "1300", "1200"},
      {"0", -3, "0", "0", "0", "0", "0", "0"},
  };
  for (const Row& row : table) {
    const char* expected[] = {row.half_up, row.half_even, row.down, row.up, row.ceiling, row.floor};
    for (int i = 0; i < 6; ++i) {
      EXPECT_EQ(Round(D(row.value), row.digits, kAll[i]).ToString(), expected[i])
          << row.value << " " << RoundingName(kAll[i]);
    }
  }
}

TEST(Round, TakesExactQuotients) {
  EXPECT_EQ(Round(Rational(2, 3), 3, Rounding::kHalfUp).ToString(), "0.667");
  EXPECT_EQ(Round(Rational(-1, 3), 3, Rounding::kFloor).ToString(), "-0.334");
  EXPECT_EQ(Round(Rational(25, 12), 2, Rounding::kHalfUp).ToString(), "2.08");
  // A chain of roundings gives another value: this is why it is done once, at the end.
  EXPECT_EQ(Round(D("0.4445"), 0, Rounding::kHalfUp).ToString(), "0");
  EXPECT_EQ(ToRational(D("-1.25")), Rational(-5, 4));
}

TEST(Round, StaysWithinOneUnitAndKeepsOrder) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t dividend = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
    const Rational value(dividend, 1 + random() % 997);
    const int digits = static_cast<int>(random() % 5);
    const Rational unit(1, PowerOfTen(digits));
    for (const Rounding rounding : kAll) {
      const Rational rounded = ToRational(Round(value, digits, rounding));
      EXPECT_LT(abs(Rational(rounded - value)), unit);
      EXPECT_EQ(ToRational(Round(rounded, digits, rounding)), rounded);
      EXPECT_LE(rounded, ToRational(Round(value + unit, digits, rounding)));
    }
    EXPECT_LE(ToRational(Round(value, digits, Rounding::kFloor)), value);
    EXPECT_GE(ToRational(Round(value, digits, Rounding::kCeiling)), value);
    EXPECT_EQ(Round(-value, digits, Rounding::kHalfUp), -Round(value, digits, Rounding::kHalfUp));
    EXPECT_EQ(Round(-value, digits, Rounding::kFloor), -Round(value, digits, Rounding::kCeiling));
  }
}

TEST(Rounding, HasNames) {
  for (const Rounding rounding : kAll) {
    EXPECT_THAT(ParseRounding(RoundingName(rounding)), IsOkAndHolds(rounding));
  }
  EXPECT_THAT(ParseRounding("half_up"), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju
