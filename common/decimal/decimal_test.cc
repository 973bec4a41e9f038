#include "common/decimal/decimal.h"

#include <random>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju {
namespace {

using ::teraju::testing::HasReason;
using ::teraju::testing::StatusIs;

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

TEST(Decimal, ParsesTheGrammarOfGoogleTypeDecimal) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "0"},
      {"0", "0"},
      {"-0", "0"},
      {"+2.5", "2.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"-.5", "-0.5"},
      {"007", "7"},
      {"08.90", "8.90"},
      {"2.5e8", "250000000"},
      {"2.5E+1", "25"},
      {"2.5E-1", "0.25"},
      {"1.50", "1.50"},
      {"1e0", "1"},
      {"0.000", "0.000"},
      {"-12345678901234567890.123", "-12345678901234567890.123"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(D(text).ToString(), expected) << text;
}

TEST(Decimal, RefusesAllElse) {
  for (const std::string& text : {std::string("."),
                                  std::string("+"),
                                  std::string("-"),
                                  std::string("1,5"),
                                  std::string(" 1"),
                                  std::string("1 "),
                                  std::string("1.2.3"),
                                  std::string("e5"),
                                  std::string("1e"),
                                  std::string("1e+"),
                                  std::string("1e1.5"),
                                  std::string("0x10"),
                                  std::string("NaN"),
                                  std::string("Infinity"),
                                  std::string("1_000"),
                                  std::string("--1"),
                                  std::string("1e101"),
                                  std::string("1e-101"),
                                  std::string("1e99999999999"),
                                  std::string(101, '9'),
                                  "0." + std::string(100, '0'),
                                  std::string("1\0", 2),
                                  std::string("\xD9\xA1")}) {
    EXPECT_THAT(Decimal::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_THAT(Decimal::Parse(text), HasReason(errors::reasons::FIELD_INVALID)) << text;
  }
  EXPECT_EQ(D(std::string(100, '9')).ToString(), std::string(100, '9'));
}

TEST(Decimal, ComparesByValue) {
  EXPECT_EQ(D("1.5"), D("1.50"));
  EXPECT_EQ(D("-0.0"), Decimal());
  EXPECT_LT(D("-2"), D("-1.99"));
  EXPECT_LT(D("9.99"), D("10"));
  EXPECT_GT(D("0.1"), D("0.09999999999999999999999999"));
  EXPECT_EQ(D("1.50").Normalized().ToString(), "1.5");
  EXPECT_EQ(D("100").Normalized().ToString(), "100");
  EXPECT_EQ(D("0.000").Normalized().ToString(), "0");
  EXPECT_EQ(D("-3").sign(), -1);
}

TEST(Decimal, CalculatesExactly) {
  EXPECT_EQ((D("0.1") + D("0.2")).ToString(), "0.3");
  EXPECT_EQ((D("1.05") - D("2")).ToString(), "-0.95");
  EXPECT_EQ((D("-0.04") * D("2.5")).ToString(), "-0.100");
  Decimal sum;
  for (int i = 0; i < 1000; ++i) sum += D("0.001");
  EXPECT_EQ(sum, Decimal(1));
}

TEST(Decimal, KeepsTheLawsOfArithmetic) {
  std::mt19937 random(42);
  const auto any = [&] {
    return Decimal(Integer(static_cast<std::int64_t>(random())) - Integer(1) * (1LL << 31),
                   static_cast<int>(random() % 8));
  };
  for (int i = 0; i < 2000; ++i) {
    const Decimal a = any(), b = any(), c = any();
    EXPECT_EQ(a + b, b + a);
    EXPECT_EQ((a + b) + c, a + (b + c));
    EXPECT_EQ(a * (b + c), a * b + a * c);
    EXPECT_EQ(a - b, -(b - a));
    EXPECT_EQ(a<b, b - a> Decimal(0));
    EXPECT_EQ(D(a.ToString()).ToString(), a.ToString());
    EXPECT_EQ(a.Normalized(), a);
  }
}

}  // namespace
}  // namespace teraju
