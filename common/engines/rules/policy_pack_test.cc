#include "common/engines/rules/policy_pack.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/pack_vectors.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::IsOk;
using ::teraju::testing::StatusIs;
using ::testing::Contains;
using ::testing::IsEmpty;

constexpr std::string_view kPack = R"({
  "format": "teraju-policy-pack/1",
  "name": "example",
  "revision": 1,
  "title": {"id": "Contoh", "en": "Example"},
  "source": "none",
  "valid_from": "2025-01-01",
  "predicates": [
    {"code": "GOOD", "number": 2, "id": "Baik", "en": "good"},
    {"code": "POOR", "number": 4, "id": "Kurang", "en": "poor"}
  ],
  "parameters": {"limit": {"value": 60, "note": {"id": "batas", "en": "limit"}}},
  "tables": {"points": {"YES": 10, "NO": 0}},
  "methods": {
    "annual": {
      "title": {"id": "Tahunan", "en": "annual"},
      "inputs": [
        {"name": "items", "kind": "list", "label": {"id": "butir", "en": "items"}, "at_least": 1, "fields": [
          {"name": "value", "kind": "number", "label": {"id": "nilai", "en": "value"}, "min": 0, "max": 100, "optional": true},
          {"name": "weight", "kind": "number", "label": {"id": "bobot", "en": "weight"}}
        ]},
        {"name": "bonus", "kind": "flag", "label": {"id": "bonus", "en": "bonus"}}
      ],
      "steps": [
        {"name": "mean", "label": {"id": "rata-rata", "en": "mean"}, "op": "mean", "over": "items", "of": "value", "weight": "weight"},
        {"name": "extra", "label": {"id": "tambahan", "en": "extra"}, "op": "lookup", "by": ["bonus"], "table": "points"},
        {"name": "total", "label": {"id": "jumlah", "en": "total"}, "op": "sum", "terms": [{"of": "mean"}, {"of": "extra"}],
         "cap": 100, "round": {"digits": 1, "mode": "HALF_UP"}},
        {"name": "class", "label": {"id": "kelas", "en": "class"}, "op": "bands", "of": "total",
         "bands": [{"code": "GOOD", "at_least": "limit"}, {"code": "POOR"}]}
      ],
      "score": "total",
      "predicate": "class"
    }
  },
  "vectors": [
    {"name": "two items", "method": "annual", "inputs": {"items": [{"value": 50, "weight": 2}, {"value": 80, "weight": 1}], "bonus": false},
     "expect": {"mean": 60, "score": "60.0", "predicate": "GOOD"}}
  ]
})";

// The pack with every `from` replaced.
std::string Changed(std::string_view from, std::string_view to) {
  std::string json(kPack);
  for (std::size_t at = json.find(from); at != std::string::npos;
       at = json.find(from, at + to.size())) {
    json.replace(at, from.size(), to);
  }
  return json;
}

std::vector<std::string> ProblemsOf(std::string_view json) {
  std::vector<PackProblem> problems;
  const bool ok = ParsePack(json, &problems).ok();
  EXPECT_EQ(ok, problems.empty());
  std::vector<std::string> found;
  for (const PackProblem& problem : problems) {
    EXPECT_FALSE(problem.text.id.empty());
    EXPECT_FALSE(problem.text.en.empty());
    found.push_back(std::to_string(problem.line) + " " + problem.field + " " + problem.reason);
  }
  return found;
}

TEST(ParsePack, ReadsAPackThatPassesItsVectors) {
  EXPECT_THAT(ProblemsOf(kPack), IsEmpty());
  const PolicyPack pack = *ParsePack(kPack);
  EXPECT_EQ(pack.name, "example");
  EXPECT_THAT(RunVectors(pack), IsEmpty());
  EXPECT_EQ(pack.digest.size(), 64u);
}

TEST(ParsePack, ItsDigestIsThatOfItsCanonicalForm) {
  const std::string canonical = CanonicalJson(*ParseJson(kPack));
  EXPECT_EQ(ParsePack(canonical)->digest, ParsePack(kPack)->digest);
  EXPECT_THAT(RunVectors(*ParsePack(canonical)), IsEmpty());
  const std::string changed = Changed("\"value\": 60", "\"value\": 61");
  EXPECT_NE(ParsePack(changed)->digest, ParsePack(kPack)->digest);
}

// One change makes the pack wrong; the problem names line, field, reason.
TEST(ParsePack, RefusesAWrongPackWithLineFieldAndReason) {
  struct Row {
    std::string_view from, to;
    const char* problem;
  };
  const Row table[] = {
      {"policy-pack/1", "policy-pack/2", "2 format UNKNOWN_WORD"},
      {"\"name\": \"example\"", "\"name\": \"Ex ample\"", "3 name BAD_NAME"},
      {"\"revision\": 1", "\"revision\": 0", "4 revision OUT_OF_RANGE"},
      {"\"revision\": 1", "\"revision\": 1.5", "4 revision OUT_OF_RANGE"},
      {", \"en\": \"Example\"", "", "5 title.en MISSING"},
      {"\"source\": \"none\"", "\"source\": 3", "6 source WRONG_KIND"},
      {"2025-01-01", "2025-02-30", "7 valid_from BAD_DATE"},
      {"\"valid_from\": \"2025-01-01\"",
       "\"valid_from\": \"2025-01-01\", \"valid_until\": \"2024-01-01\"",
       "7 valid_until ORDER"},
      {"\"source\": \"none\"", "\"source\": \"none\", \"colour\": 1", "6 colour UNKNOWN_FIELD"},
      {"\"number\": 4", "\"number\": 2", "10 predicates[1] DUPLICATE"},
      {"\"value\": 60, ", "", "12 parameters.limit INCOMPLETE"},
      {"\"at_least\": \"limit\"", "\"at_least\": 60", "12 parameters.limit UNUSED"},
      {"\"table\": \"points\"", "\"table\": {\"YES\": 1, \"NO\": 0}", "13 tables.points UNUSED"},
      {", \"NO\": 0", "", "13 methods.annual.steps[1].table.NO INCOMPLETE"},
      {"\"NO\": 0",
       "\"NO\": 0, \"MAYBE\": 1",
       "13 methods.annual.steps[1].table.MAYBE UNKNOWN_FIELD"},
      {"\"NO\": 0", "\"NO\": \"GOOD\"", "13 methods.annual.steps[1].table.NO WRONG_TYPE"},
      {"\"kind\": \"flag\"", "\"kind\": \"bool\"", "22 methods.annual.inputs[1].kind UNKNOWN_WORD"},
      {"\"min\": 0, \"max\": 100",
       "\"min\": 0, \"max\": -1",
       "19 methods.annual.inputs[0].fields[0].max ORDER"},
      {"\"name\": \"bonus\"", "\"name\": \"items\"", "22 methods.annual.inputs[1].name DUPLICATE"},
      {"\"op\": \"mean\"", "\"op\": \"average\"", "25 methods.annual.steps[0].op UNKNOWN_WORD"},
      {"\"over\": \"items\"", "\"over\": \"bonus\"", "25 methods.annual.steps[0].over WRONG_TYPE"},
      {"\"of\": \"value\"", "\"of\": \"vaule\"", "25 methods.annual.steps[0].of UNKNOWN_NAME"},
      {"\"by\": [\"bonus\"]", "\"by\": [\"mean\"]", "26 methods.annual.steps[1].by[0] WRONG_TYPE"},
      {"\"table\": \"points\"",
       "\"table\": \"pionts\"",
       "26 methods.annual.steps[1].table UNKNOWN_NAME"},
      {"{\"of\": \"extra\"}",
       "{\"of\": \"class\"}",
       "27 methods.annual.steps[2].terms[1].of UNKNOWN_NAME"},
      {"{\"of\": \"extra\"}",
       "{\"of\": \"bonus\"}",
       "27 methods.annual.steps[2].terms[1].of WRONG_TYPE"},
      {"{\"of\": \"extra\"}",
       "{\"of\": \"extra\", \"weight\": 2}",
       "27 methods.annual.steps[2].terms INCOMPLETE"},
      {"{\"of\": \"extra\"}", "{\"of\": 3}", "15 methods.annual UNUSED"},
      {"\"HALF_UP\"", "\"NEAREST\"", "28 methods.annual.steps[2].round.mode UNKNOWN_WORD"},
      {", \"round\": {\"digits\": 1, \"mode\": \"HALF_UP\"}",
       "",
       "32 methods.annual.score NOT_ROUNDED"},
      {"\"at_least\": \"limit\"}",
       "\"at_least\": 60}, {\"code\": \"GOOD\", \"at_least\": 70}",
       "30 methods.annual.steps[3].bands[1].at_least ORDER"},
      {"{\"code\": \"POOR\"}", "{\"code\": \"WORSE\"}", "33 methods.annual.predicate UNKNOWN_NAME"},
      {"\"score\": \"total\"", "\"score\": \"class\"", "32 methods.annual.score UNKNOWN_NAME"},
      {"\"method\": \"annual\"", "\"method\": \"yearly\"", "37 vectors[0] INCOMPLETE"},
  };
  for (const Row& row : table) {
    const std::string wrong = Changed(row.from, row.to);
    ASSERT_NE(wrong, kPack) << row.from;
    EXPECT_THAT(ProblemsOf(wrong), Contains(row.problem)) << row.from << " -> " << row.to;
  }
}

TEST(ParsePack, NamesTheLineWhereTheTextIsNotJson) {
  EXPECT_THAT(ProblemsOf("{\n\"format\": \"x\"\n\"name\": 1}"), Contains("3  NOT_JSON"));
}

TEST(ParsePack, ReportsAllProblemsAsOneStatus) {
  const auto pack = ParsePack("{\"format\": \"x\"}");
  EXPECT_THAT(pack, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_GT(ProblemsOf("{\"format\": \"x\"}").size(), 5u);
}

// Whatever is done to the text: it is refused, or it is a pack that can be run.
TEST(ParsePack, SurvivesAnyDamage) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::string_view pieces[] = {"{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     "\"",
                                     "0",
                                     "-1",
                                     "null",
                                     "\"over\"",
                                     "\"items\"",
                                     "\"mean\"",
                                     "\"GOOD\"",
                                     "true",
                                     "\"limit\""};
  int refused = 0, read = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string text(kPack);
    for (std::size_t n = below(3) + 1; n > 0; --n) {
      const std::size_t at = below(text.size()), length = below(12);
      text.replace(at, std::min(length, text.size() - at), pieces[below(std::size(pieces))]);
    }
    const auto pack = ParsePack(text);
    ++(pack.ok() ? read : refused);
    if (pack.ok()) RunVectors(*pack);
  }
  EXPECT_GT(refused, 1'000);
  EXPECT_GT(read, 10);
}

TEST(RunVectors, ReportsWhatTheVectorGives) {
  const std::string wrong =
      Changed("\"mean\": 60, \"score\": \"60.0\"", "\"mean\": 61, \"score\": 60");
  const auto problems = RunVectors(*ParsePack(wrong));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].field, "vectors[0].expect.mean");
  EXPECT_EQ(problems[0].reason, "VECTOR_FAILED");
  EXPECT_EQ(problems[0].line, 37);
  EXPECT_EQ(problems[0].text.en, "Vector \"two items\" fails; it gives: 60");
}

TEST(Evaluate, RefusesInputsThatAreMissingUnknownOrOutOfBounds) {
  const PolicyPack pack = *ParsePack(kPack);
  const std::pair<const char*, const char*> table[] = {
      {R"({"items": [{"value": 1, "weight": 1}]})", "bonus: "},
      {R"({"items": [], "bonus": true})", "items: "},
      {R"({"items": [{"value": 101, "weight": 1}], "bonus": true})", "items[0].value: "},
      {R"({"items": [{"value": "x", "weight": 1}], "bonus": true})", "items[0].value: "},
      {R"({"items": [{"value": 1, "weight": 1, "wieght": 1}], "bonus": true})",
       "items[0].wieght: "},
      {R"({"items": [{"value": 1, "weight": 1}], "bonus": "GOOD"})", "bonus: "},
      {R"({"items": [{"value": 1, "weight": 1}, {"weight": 1}], "bonus": true})",
       "items[1].value: "},
      {R"({"items": [{"value": 1, "weight": 0}], "bonus": true})", "mean: "},
      {R"({"items": [{"value": 1, "weight": -1}], "bonus": true})", "mean: "},
      {R"([])", ": "},
  };
  for (const auto& [inputs, prefix] : table) {
    const auto result = Evaluate(pack, "annual", *ParseJson(inputs));
    EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument)) << inputs;
    EXPECT_THAT(std::string(result.status().message()), ::testing::StartsWith(prefix));
  }
  EXPECT_THAT(Evaluate(pack, "yearly", Json::Object()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// A pack that squares and squares again would exhaust whoever runs it.
TEST(Evaluate, RefusesNumbersWithoutEnd) {
  std::string steps;
  std::string last = "mean";
  for (int i = 0; i < 60; ++i) {
    const std::string name = "square" + std::to_string(i);
    absl::StrAppend(&steps,
                    R"({"name": ")",
                    name,
                    R"(", "label": {"id": "k", "en": "s"}, "op": "product", "of": [")",
                    last,
                    "\", \"",
                    last,
                    "\"]},");
    last = name;
  }
  const std::string json = Changed(R"({"name": "extra")", steps + R"({"name": "extra")");
  std::string squares = json;
  const std::size_t at = squares.find(R"({"of": "mean"})");
  squares.replace(at, 14, R"({"of": ")" + last + R"("})");
  const PolicyPack pack = ParsePack(squares).value();
  const auto result = Evaluate(pack, "annual", pack.vectors[0].inputs);
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(result.status().message()), ::testing::HasSubstr("too many digits"));
}

TEST(ParsePack, RefusesAMethodOfTooManySteps) {
  std::string steps;
  for (int i = 0; i < 100; ++i) {
    steps += R"({"name": "more)" + std::to_string(i) +
             R"(", "label": {"id": "l", "en": "m"}, "op": "value", "of": 1},)";
  }
  EXPECT_THAT(ProblemsOf(Changed(R"({"name": "extra")", steps + R"({"name": "extra")")),
              Contains("24 methods.annual.steps TOO_LARGE"));
}

// What happens when a component is missing is the pack's choice, and the account says so.
TEST(Evaluate, TreatsAMissingComponentAsThePackSays) {
  const Json inputs =
      *ParseJson(R"({"items": [{"value": 90, "weight": 1}, {"weight": 3}], "bonus": false})");
  const auto with = [&](std::string_view policy) {
    const std::string json =
        Changed("\"weight\": \"weight\"}",
                "\"weight\": \"weight\", \"if_missing\": " + std::string(policy) + "}");
    return Evaluate(*ParsePack(json), "annual", inputs);
  };
  EXPECT_THAT(with("\"ERROR\""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(with("\"RENORMALISE\"")->score->ToString(), "90.0");
  EXPECT_EQ(with("50")->score->ToString(), "60.0");
  EXPECT_THAT(Render(with("\"RENORMALISE\"")->account, Language::kEnglish),
              ::testing::HasSubstr("1 parts without a value; the other weights are renormalised."));
  EXPECT_THAT(Render(with("50")->account, Language::kIndonesian),
              ::testing::HasSubstr("nilai netral 50"));
}

TEST(CheckAccount, NamesWhatWasAltered) {
  const PolicyPack pack = *ParsePack(kPack);
  const auto evaluation = Evaluate(pack, "annual", pack.vectors[0].inputs);
  const Json account = ToJson(*evaluation);
  EXPECT_THAT(CheckAccount(pack, account), IsOk());
  Json altered = account;
  altered.Find("result")->Set("score", "61.0");
  EXPECT_EQ(CheckAccount(pack, altered).message(),
            "Computed again, the account differs at result.score.");
  altered = account;
  altered.Find("inputs")->Find("items")->items[0].Set("value", 51);
  EXPECT_FALSE(CheckAccount(pack, altered).ok());
  altered = account;
  altered.Find("account")->Find("text")->Set("en", "Well done.");
  EXPECT_EQ(CheckAccount(pack, altered).message(),
            "Computed again, the account differs at account.text.en.");
  altered = account;
  altered.Set("remark", "added");
  EXPECT_FALSE(CheckAccount(pack, altered).ok());
}

}  // namespace
}  // namespace teraju::rules
