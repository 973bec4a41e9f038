#include "common/engines/rules/json.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ParseJson, KeepsLinesAndExactNumbers) {
  const Json json = *ParseJson("{\n \"a\": [1.50,\n  -2e2],\n \"b\": 0.1\n}");
  EXPECT_EQ(json.Find("a")->line, 2);
  EXPECT_EQ(json.Find("a")->items[1].line, 3);
  EXPECT_EQ(json.Find("a")->items[0].number.ToString(), "1.50");
  EXPECT_EQ(json.Find("a")->items[1].number, Decimal(-200));
  EXPECT_EQ(json.Find("b")->number, Decimal(Integer(1), 1));
  EXPECT_EQ(json.Find("c"), nullptr);
}

TEST(ParseJson, ReadsEscapes) {
  EXPECT_EQ(ParseJson(R"("a\"\\\/\n\u00e9\u20ac\ud83d\ude00")")->text,
            "a\"\\/\n\u00e9\u20ac\U0001F600");
}

TEST(ParseJson, RefusesWithTheLine) {
  const std::pair<std::string, const char*> table[] = {
      {"", "line 1: not JSON: it ends"},
      {"{\n\"a\": 1\n\"b\": 2}", "line 3: not JSON: a comma or }"},
      {"{\"a\": 1,\n \"a\": 2}", "line 2: not JSON: member a stands twice"},
      {"[1\n,\n]", "line 3: not JSON: a value is expected"},
      {"[01]", "a value is expected"},
      {"[1.]", "a value is expected"},
      {"[.5]", "a value is expected"},
      {"[+1]", "a value is expected"},
      {"[1.e5]", "a value is expected"},
      {"[NaN]", "a value is expected"},
      {"[1e999]", "a value is expected"},
      {"{} x", "something behind the value"},
      {"\"a", "no closing quote"},
      {"\"\n\"", "a control character"},
      {R"("\ud800")", "an unknown escape"},
      {R"("\x")", "an unknown escape"},
      {"\"\xff\"", "must be UTF-8"},
      {"{\"a\" 1}", "a colon is expected"},
      {"{a: 1}", "the name of a member"},
      {std::string(300, '['), "more than 256 levels"},
      {std::string((1 << 20) + 1, ' '), "at most 1 MiB"},
  };
  for (const auto& [text, message] : table) {
    const auto json = ParseJson(text);
    ASSERT_FALSE(json.ok()) << text;
    EXPECT_THAT(std::string(json.status().message()), HasSubstr(message)) << text.substr(0, 40);
    EXPECT_THAT(std::string(json.status().message()), StartsWith("line ")) << text.substr(0, 40);
  }
}

TEST(CanonicalJson, SortsMembersAndWritesNumbersAsTexts) {
  const Json json = *ParseJson(R"({"b": [1.50, true, null], "a": {"z": "x\ty", "y": -0.0}})");
  EXPECT_EQ(CanonicalJson(json), R"({"a":{"y":"0","z":"x\u0009y"},"b":["1.5",true,null]})");
  EXPECT_EQ(CanonicalJson(*ParseJson(CanonicalJson(json))), CanonicalJson(json));
}

TEST(DigestOf, IsSha256OfTheCanonicalForm) {
  // printf '{}' | sha256sum
  EXPECT_EQ(DigestOf(Json::Object()),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  EXPECT_EQ(DigestOf(*ParseJson("{\"a\": 1.0, \"b\": 2}")),
            DigestOf(*ParseJson("{\"b\":2,\"a\":\"1\"}")));
  EXPECT_NE(DigestOf(*ParseJson("{\"a\": 1}")), DigestOf(*ParseJson("{\"a\": 2}")));
}

TEST(PrettyJson, CanBeReadBack) {
  const Json json = *ParseJson(R"({"b": [1, {"c": []}], "a": {}})");
  EXPECT_EQ(PrettyJson(json),
            "{\n  \"b\": [\n    \"1\",\n    {\n      \"c\": []\n    }\n  ],\n  \"a\": {}\n}");
  EXPECT_EQ(CanonicalJson(*ParseJson(PrettyJson(json))), CanonicalJson(json));
}

}  // namespace
}  // namespace teraju::rules
