// Check S10: texts that RFC 8259 allows or forbids, as bodies of a route that takes any JSON value.
// The list is our own, written from the grammar.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/testing/check_line.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "services/gateway/json/testing.h"

namespace teraju::gateway::json {
namespace {

using namespace std::string_literals;

std::string Times(int n, std::string_view text) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

std::vector<std::string> MustAccept() {
  return {
      // Values at the top, white space around them.
      "{}",
      "[]",
      "null",
      "true",
      "false",
      "0",
      "-0",
      "\"\"",
      " {} ",
      "\t[]\n",
      "\r\n1\r\n",
      "[ ]",
      "{ }",
      "\n\"a\"\n",
      // Numbers.
      "1",
      "-1",
      "10",
      "123456789",
      "1.5",
      "-1.5",
      "0.0",
      "0.1",
      "-0.1",
      "1e5",
      "1E5",
      "1e+5",
      "1e-5",
      "1.5e10",
      "0e1",
      "0e+1",
      "1e00",
      "-1e-00",
      "9007199254740993",
      "18446744073709551616",
      "1e308",
      "1e-320",
      "1e-999",
      "0.00000000000000000000000001",
      "123456789012345678901234567890",
      "1.00000000000000000000000000000000000001",
      // Strings.
      "\"a\"",
      "\"\\\"\"",
      "\"\\\\\"",
      "\"\\/\"",
      "\"/\"",
      "\"\\b\\f\\n\\r\\t\"",
      "\"\\u0000\"",
      "\"\\u0020\"",
      "\"\\u00e9\"",
      "\"\\u00E9\"",
      "\"\\uFFFF\"",
      "\"\\uFDD0\"",
      "\"\\ud83d\\ude00\"",
      "\"\\uDBFF\\uDFFF\"",
      "\"\x7f\"",
      "\"é\"",
      "\"€\"",
      "\"\xf0\x9f\x98\x80\"",
      "\"\xef\xbf\xbf\"",
      "\"\xe2\x80\xa8\"",
      "\"\\u2028\"",
      "\"\xf4\x8f\xbf\xbf\"",
      "\"'\"",
      "\"[1,2\"",
      "\"//\"",
      "\"\\\\u0000\"",
      "\"\\u0022\"",
      "\"a\\\\\"",
      // Arrays.
      "[1]",
      "[1,2]",
      "[ 1 , 2 ]",
      "[[]]",
      "[[],[]]",
      "[null,true,false,0,\"\",[],{}]",
      "[\"\"]",
      "[\"a\",\"b\"]",
      "[[[[1]]]]",
      "[1\n]",
      "[-0]",
      "[1e1]",
      // Objects.
      "{\"a\":1}",
      "{\"a\":1,\"b\":2}",
      "{\"\":0}",
      "{\"a\":{}}",
      "{\"a\":[]}",
      "{\"a\":{\"a\":1}}",
      "{ \"a\" : 1 }",
      "{\"a\":null}",
      "{\"\\u0061b\":1}",
      "{\"a\\u0000b\":1}",
      "{\"a\":1,\"A\":2}",
      "{\"a\":1,\"b\":{\"a\":1}}",
      "{\n\"a\"\n:\n1\n}",
      Times(Document::kMaxDepth, "[") + Times(Document::kMaxDepth, "]"),
  };
}

std::vector<std::string> MustReject() {
  std::vector<std::string> texts = {
      // No value, more than one, something behind it.
      "",
      " ",
      "\n",
      "1 2",
      "{}{}",
      "[] []",
      "[][",
      "null null",
      "{}x",
      "[]]",
      "[1],",
      "{}}",
      "1,",
      "\"a\"b",
      "\xef\xbb\xbf{}",
      "\xef\xbb\xbf",
      "{} \0"s,
      "{}\0"s,
      "\0"s,
      "1\x1e",
      "\f1",
      "\v1",
      "\xc2\xa0[]",
      "\xe2\x81\xa0[]",
      "[\f]",
      // Words.
      "nul",
      "nulL",
      "Null",
      "NULL",
      "nil",
      "undefined",
      "tru",
      "TRUE",
      "True",
      "truee",
      "fals",
      "FALSE",
      "falsey",
      "NaN",
      "-NaN",
      "Infinity",
      "-Infinity",
      "inf",
      "*",
      "abc",
      "[nul]",
      "[tru]",
      "[fals]",
      // Numbers.
      "+1",
      "01",
      "-01",
      "00",
      "-",
      "--1",
      "1.",
      ".1",
      "-.1",
      "1.e1",
      "1e",
      "1e+",
      "1e-",
      "1E",
      "1e1.5",
      "1e1e1",
      "1.1.1",
      "0x1",
      "0xFF",
      "1_000",
      "1 000",
      "1,5",
      "0b1",
      "0o7",
      "1L",
      "1f",
      "-a",
      "1a",
      "- 1",
      "-\n1",
      "0e",
      "0e+",
      "0.e1",
      "2.e+3",
      "9.e+",
      "\xef\xbc\x91",
      "1eE2",
      "0.1.2",
      "++1",
      "-2.",
      "[1.]",
      "[-]",
      "[+1]",
      "[0e]",
      "1/2",
      "1+2",
      "\xd9\xa1",
      // Strings.
      "\"",
      "\"a",
      "a\"",
      "'a'",
      "\"\\\"",
      "\"\\",
      "\"\\x41\"",
      "\"\\a\"",
      "\"\\v\"",
      "\"\\0\"",
      "\"\\'\"",
      "\"\\u\"",
      "\"\\u0\"",
      "\"\\u00\"",
      "\"\\u000\"",
      "\"\\u000g\"",
      "\"\\u 041\"",
      "\"\\U0041\"",
      "\"\\u{41}\"",
      "\"\n\"",
      "\"\t\"",
      "\"\r\"",
      "\"\x01\"",
      "\"\x1f\"",
      "\"a\0b\""s,
      "\"\\\n\"",
      "\"\\\xf0\x9f\x98\x80\"",
      "`a`",
      "\"a\"\"b\"",
      "\"\\u00A\"",
      "\"\\ud800\\\"",
      "\"\\ud800\\u\"",
      "\"\\ud800\\u1\"",
      // Invalid UTF-8.
      "\"\xff\"",
      "\"\x80\"",
      "\"\xc0\xaf\"",
      "\"\xc1\x81\"",
      "\"\xe2\x82\"",
      "\"\xe2\x28\xa1\"",
      "\"\xed\xa0\x80\"",
      "\"\xf4\x90\x80\x80\"",
      "\"\xf8\x88\x80\x80\x80\"",
      "\"\xf0\x80\x80\xaf\"",
      "\xff",
      "{\"\xff\":1}",
      "[\xe9]",
      // Arrays.
      "[",
      "]",
      "[1",
      "[1,",
      "[1,]",
      "[,]",
      "[,1]",
      "[1,,2]",
      "[1 2]",
      "[1;2]",
      "[1:2]",
      "[\"a\"",
      "[\"a\",",
      "[}",
      "[1}",
      "(1)",
      "[[]",
      "[[",
      "[\"a\" \"b\"]",
      "[\"\",]",
      "[1,\n1\n,1",
      "[x",
      "[x]",
      "[{}",
      "[1,2",
      "[a\xc3\xa5]",
      "[<null>]",
      "[*]",
      "[3[4]]",
      // Objects.
      "{",
      "}",
      "{]",
      "{\"a\"",
      "{\"a\"}",
      "{\"a\":",
      "{\"a\":}",
      "{\"a\":1",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{,}",
      "{\"a\" 1}",
      "{\"a\",1}",
      "{\"a\"::1}",
      "{:1}",
      "{1:1}",
      "{null:1}",
      "{a:1}",
      "{'a':1}",
      "{\"a\":1;\"b\":2}",
      "{\"a\":1 \"b\":2}",
      "{\"a\":'b'}",
      "{\"a\":1}}",
      "{[]:1}",
      "{{}:1}",
      "{\"a\":1,,\"b\":2}",
      "{\"a\":1,1}",
      "{\"a\":\"b\"",
      "{\"a\":a}",
      "{9999E9999:1}",
      "{\"a\":true false}",
      "{\"a\":/*c*/1}",
      "{\"\\uD800\\uD800\\x\":1}",
      // Comments and other tongues.
      "/**/1",
      "1//",
      "[1]/**/",
      "#1",
      "[1]#",
      "// a\n{}",
      "{\"a\":1}/**//",
      "{\"a\":1}//",
      "<a/>",
      "a=1",
      "---",
      "[1]\x00"s,
      "{\"a\": 1, ...}",
      "{\"a\": 0x1}",
      "{\"a\": .5}",
      "{\"a\": +5}",
      "{a: \"b\"}",
      "@",
      "\\u0041",
      "[\\u0020]",
      "\\",
      // A member twice, by our policy.
      "{\"a\":1,\"a\":1}",
      "{\"a\":1,\"a\":2}",
      "{\"a\":1,\"\\u0061\":1}",
      "[{\"b\":{\"c\":1,\"c\":2}}]",
      // Deeper than the limit, far deeper, and never closed.
      Times(Document::kMaxDepth + 1, "[") + Times(Document::kMaxDepth + 1, "]"),
      Times(100000, "["),
      Times(100000, "{\"a\":"),
      Times(50000, "[{\"\":"),
  };
  return texts;
}

// Allowed by the grammar, but without a faithful value, or only in some readings. Each has one
// stable answer here.
struct Free {
  std::string text;
  bool accepted;
};
std::vector<Free> FreeToChoose() {
  return {
      {"1e309", false},
      {"-1e309", false},
      {"1e999999999999", false},
      {Times(1 << 20, "9"), false},
      {"0." + Times(1 << 20, "1"), true},
      {"\"\\ud800\"", false},
      {"\"\\udc00\"", false},
      {"\"\\ud800\\ud800\"", false},
      {"\"\\udc00\\ud800\"", false},
      {"\"\\ud800a\"", false},
      {"\"" + Times(1 << 20, "a") + "\"", true},
  };
}

absl::Status ReadBody(const std::string& text) {
  google::protobuf::Value value;
  return TestCodec().Parse(text, value);
}

TEST(S10, AcceptsWhatTheGrammarAllowsAndRefusesTheRest) {
  teraju::testing::CheckLine line("S10", "texts judged wrongly", "0");
  std::size_t right = 0;
  std::size_t wrong = 0;
  const auto judge = [&](const std::string& text, bool accept) {
    const absl::Status status = ReadBody(text);
    const bool as_wanted =
        status.ok() == accept && (accept || status.code() == absl::StatusCode::kInvalidArgument);
    ++(as_wanted ? right : wrong);
    EXPECT_TRUE(as_wanted) << absl::CEscape(text.substr(0, 80)) << " -> " << status.ToString();
  };
  const std::vector<std::string> accept = MustAccept();
  const std::vector<std::string> reject = MustReject();
  const std::vector<Free> free = FreeToChoose();
  for (const std::string& text : accept) judge(text, true);
  for (const std::string& text : reject) judge(text, false);
  for (const Free& one : free) judge(one.text, one.accepted);
  EXPECT_EQ(wrong + right, accept.size() + reject.size() + free.size());
  line.Set(static_cast<double>(wrong), static_cast<std::int64_t>(wrong + right));
}

// The control: protobuf's own reader lets some of the same list pass, so the list can tell a strict
// reader from a lax one.
TEST(S10, ProtobufsReaderAloneWouldFail) {
  std::size_t passed = 0;
  for (const std::string& text : MustReject()) {
    if (text.size() > 10000) continue;
    google::protobuf::Value value;
    passed += google::protobuf::util::JsonStringToMessage(text, &value).ok() ? 1 : 0;
  }
  EXPECT_GT(passed, 10U);
}

}  // namespace
}  // namespace teraju::gateway::json
