#include "services/gateway/json/well_known.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace teraju::gateway::json {
namespace {

std::string Again(std::string_view text) {
  const auto value = ParseTimestamp(text);
  return value ? FormatTimestamp(*value).value_or("unprintable") : "refused";
}

TEST(Timestamp, ReadsRfc3339AndWritesUtc) {
  EXPECT_EQ(Again("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Again("2025-01-31T10:00:00+07:00"), "2025-01-31T03:00:00Z");
  EXPECT_EQ(Again("2025-01-31T10:00:00.5-00:30"), "2025-01-31T10:30:00.500Z");
  EXPECT_EQ(Again("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Again("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999999Z");
  EXPECT_EQ(Again("1969-12-31T23:59:59.000001Z"), "1969-12-31T23:59:59.000001Z");
  EXPECT_EQ(Again("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
}

TEST(Timestamp, RefusesWhatIsNotATime) {
  for (const char* text : {"",
                           "2025-01-31",
                           "2025-01-31 10:00:00Z",
                           "2025-01-31T10:00:00",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-10T00:00:00Z",
                           "2025-01-31T24:00:00Z",
                           "2025-01-31T10:60:00Z",
                           "2025-01-31T10:00:60Z",
                           "2025-01-31T10:00:00.Z",
                           "2025-01-31T10:00:00.1234567890Z",
                           "2025-01-31T10:00:00z",
                           "2025-01-31t10:00:00Z",
                           "2025-01-31T10:00:00+7:00",
                           "2025-01-31T10:00:00+24:00",
                           "0000-01-01T00:00:00Z",
                           "10000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+01:00",
                           "2025-01-31T10:00:00ZZ",
                           " 2025-01-31T10:00:00Z"}) {
    EXPECT_EQ(Again(text), "refused") << text;
  }
}

TEST(Timestamp, HasNoTextOutsideItsRange) {
  EXPECT_FALSE(FormatTimestamp({253402300800, 0}));
  EXPECT_FALSE(FormatTimestamp({0, -1}));
  EXPECT_FALSE(FormatTimestamp({0, 1000000000}));
}

TEST(Duration, ReadsAndWrites) {
  const auto again = [](std::string_view text) {
    const auto value = ParseDuration(text);
    return value ? FormatDuration(*value).value_or("unprintable") : "refused";
  };
  EXPECT_EQ(again("0s"), "0s");
  EXPECT_EQ(again("1.5s"), "1.500s");
  EXPECT_EQ(again("-0.000000001s"), "-0.000000001s");
  EXPECT_EQ(again("315576000000s"), "315576000000s");
  for (const char* text : {"",
                           "s",
                           "1",
                           "1.s",
                           ".5s",
                           "1.5",
                           "1.1234567890s",
                           "315576000001s",
                           "1 s",
                           "+1s",
                           "--1s",
                           "1e3s"}) {
    EXPECT_EQ(again(text), "refused") << text;
  }
  EXPECT_FALSE(FormatDuration({1, -1}));
}

TEST(MaskPath, TurnsBothWays) {
  EXPECT_EQ(MaskPathFromJson("workPlan.targetValue"), "work_plan.target_value");
  EXPECT_EQ(MaskPathFromJson("*"), "*");
  EXPECT_EQ(MaskPathToJson("work_plan.target_value"), "workPlan.targetValue");
  for (const char* text : {"", ".", "a.", ".a", "a..b", "work_plan", "a b", "a*"}) {
    EXPECT_FALSE(MaskPathFromJson(text)) << text;
  }
}

TEST(Base64, TakesBothAlphabetsAndOptionalPadding) {
  EXPECT_EQ(ParseBase64("+/8="), "\xfb\xff");
  EXPECT_EQ(ParseBase64("-_8"), "\xfb\xff");
  EXPECT_EQ(ParseBase64(""), "");
  EXPECT_EQ(ParseBase64("YWJj"), "abc");
  for (const char* text : {"a", "YWJj=", "YW=J", "YW J", "YWJ==", "YWJ$", "====", "R16="}) {
    EXPECT_FALSE(ParseBase64(text)) << text;
  }
}

TEST(Number, KeepsEveryDigitOfAnInteger) {
  EXPECT_EQ(ParseSigned("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ParseSigned("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(ParseUnsigned("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(ParseSigned("1.0"), 1);
  EXPECT_EQ(ParseSigned("1.50e1"), 15);
  EXPECT_EQ(ParseSigned("-0"), 0);
  EXPECT_EQ(ParseUnsigned("-0.0"), 0U);
  EXPECT_EQ(ParseSigned("0e999999999999999999"), 0);
  for (const char* text : {"",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "1.5",
                           "1e-1",
                           "1e400",
                           "1e999999999999999999",
                           "01",
                           "+1",
                           " 1",
                           "1 ",
                           "0x1",
                           "1.",
                           ".1",
                           "--1",
                           "-"}) {
    EXPECT_FALSE(ParseSigned(text)) << text;
  }
  EXPECT_FALSE(ParseUnsigned("18446744073709551616"));
  EXPECT_FALSE(ParseUnsigned("-1"));
}

TEST(Number, RefusesFloatsBeyondTheirRange) {
  EXPECT_EQ(ParseDouble("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_FALSE(ParseDouble("1e309"));
  EXPECT_EQ(ParseDouble("1e-400"), 0.0);
  EXPECT_FALSE(ParseFloat("3.5e38"));
  EXPECT_EQ(ParseDouble("0.1"), 0.1);
}

TEST(Quoted, EscapesWhatJsonForbids) {
  std::string out;
  AppendQuoted(std::string_view("a\"b\\c\n\t\x01\0é", 11), out);
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\t\\u0001\\u0000é\"");
}

}  // namespace
}  // namespace teraju::gateway::json
