// Runs teraju-rules as a script would.
#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/testing/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::Outcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Outcome Rules(const std::string& arguments, const std::string& input = "") {
  return teraju::testing::RunProgram(
      TERAJU_RULES, absl::StrSplit(arguments, ' ', absl::SkipEmpty()), input);
}

// The JSON below every `Example (`, by the line before it that names the method.
std::multimap<std::string, std::string> ExamplesIn(const std::string& help) {
  std::multimap<std::string, std::string> examples;
  std::string method;
  std::size_t at = 0;
  while (at < help.size()) {
    const std::size_t end = std::min(help.find('\n', at), help.size());
    const std::string line = help.substr(at, end - at);
    at = end + 1;
    const std::size_t named = line.find(" --method=");
    if (named != std::string::npos) {
      method = line.substr(named + 10, line.find(':') - named - 10);
    }
    if (!line.starts_with("Example (")) continue;
    const std::size_t close = help.find("\n}\n", at);
    examples.emplace(method, help.substr(at, close + 3 - at));
    at = close + 3;
  }
  return examples;
}

TEST(RulesProgram, HelpNamesEveryCommandAndEachExampleRuns) {
  const Outcome general = Rules("--help --lang en");
  EXPECT_EQ(general.status, 0);
  for (const std::string command :
       {"ikm", "sample-size", "angka-kredit", "ip-asn", "jpm", "nine-box", "distribution"}) {
    EXPECT_THAT(general.out, HasSubstr("teraju-rules " + command + " "));
    const Outcome help = Rules(command + " --help --lang=en");
    EXPECT_EQ(help.status, 0);
    const auto examples = ExamplesIn(help.out);
    ASSERT_EQ(examples.size(), 1u) << command;
    const Outcome outcome = Rules(command, examples.begin()->second);
    EXPECT_EQ(outcome.status, 0) << command << outcome.err;
    EXPECT_THAT(outcome.out, ::testing::Not(IsEmpty()));
  }
}

TEST(RulesProgram, EveryMethodOfEveryPackHasAnExampleThatRuns) {
  for (const ShippedPack& shipped : ShippedPacks()) {
    const std::string name(shipped.name);
    const auto examples = ExamplesIn(Rules("help --lang=en " + name).out);
    EXPECT_EQ(examples.size(), FindShippedPack(name)->methods.size()) << name;
    for (const auto& [method, example] : examples) {
      const Outcome outcome = Rules(absl::StrCat("evaluate ", name, " --method=", method), example);
      EXPECT_EQ(outcome.status, 0) << name << " " << method << ": " << outcome.err;
    }
  }
}

TEST(RulesProgram, PrintsTheAccountInBothLanguages) {
  const std::string inputs =
      R"({"skp": 111.6, "behavior": 104, "others_consulted": false, "new_idea": false})";
  const Outcome indonesian = Rules("evaluate permenpanrb-8-2021 --method final", inputs);
  EXPECT_THAT(indonesian.out,
              StartsWith("PP 30/2019 dengan PermenPANRB 8/2021: nilai 109.320, "
                         "predikat Baik.\n"));
  EXPECT_THAT(indonesian.out, HasSubstr("nilai kinerja: 0.7 × 111.6 + 0.3 × 104 = 109.32."));
  const Outcome english =
      Rules("evaluate permenpanrb-8-2021 --method final --lang en --what-if", inputs);
  EXPECT_THAT(english.out, HasSubstr("final figure: 0.7 × 111.6 + 0.3 × 104 = 109.32."));
  EXPECT_THAT(english.out, HasSubstr("What would have changed it:"));
}

TEST(RulesProgram, PrintsJsonThatCheckAccepts) {
  const std::string inputs =
      R"({"skp": 111.6, "behavior": 104, "others_consulted": false, "new_idea": false})";
  const Outcome json = Rules("evaluate permenpanrb-8-2021 --method final --canonical", inputs);
  ASSERT_EQ(json.status, 0);
  const Json account = *ParseJson(json.out);
  EXPECT_EQ(CanonicalJson(account) + "\n", json.out);
  EXPECT_EQ(account.Find("result")->Find("predicate")->text, "BAIK");
  EXPECT_EQ(Rules("check permenpanrb-8-2021", json.out).status, 0);
  std::string altered = json.out;
  altered.replace(altered.find("109.32"), 6, "110.32");
  const Outcome refused = Rules("check permenpanrb-8-2021", altered);
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, HasSubstr("differs at "));
}

TEST(RulesProgram, RefusesInputsWithOneLineForEachField) {
  const Outcome refused = Rules("evaluate permenpanrb-8-2021 --method final --lang en",
                                R"({"skp": 120.01, "extra": 1})");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.out, IsEmpty());
  EXPECT_THAT(refused.err, HasSubstr("skp: OUT_OF_RANGE: Write a number from 0 to 120.\n"));
  EXPECT_THAT(refused.err, HasSubstr("behavior: MISSING: "));
  EXPECT_THAT(refused.err, HasSubstr("extra: UNKNOWN_FIELD: "));
  EXPECT_THAT(Rules("evaluate permenpanrb-8-2021 --method final", "{").err,
              StartsWith("-: line 1: not JSON: "));
}

TEST(RulesProgram, ValidatesPacks) {
  const std::string text(ShippedPacks().front().json);
  const teraju::testing::TemporaryFolder folder;
  const std::string good = folder.Write("good.json", text);
  const Outcome valid = Rules("validate " + good);
  EXPECT_EQ(valid.status, 0) << valid.err;
  const Outcome digest = Rules("digest " + good);
  EXPECT_THAT(valid.out, HasSubstr(digest.out));
  std::string wrong = text;
  wrong.replace(wrong.find("\"revision\": 1"), 13, "\"revision\": 0");
  const std::string bad = folder.Write("bad.json", wrong);
  const Outcome refused = Rules("validate " + bad + " --lang en");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("bad.json:4: revision: OUT_OF_RANGE: "));
  EXPECT_EQ(Rules("evaluate " + bad, "{}").status, 1);
}

TEST(RulesProgram, ReportsTheDistribution) {
  const std::string conforming =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 8, "GOOD": 26, "NEEDS_IMPROVEMENT": 5, "POOR": 1, "VERY_POOR": 0}})";
  EXPECT_EQ(Rules("distribution", conforming).status, 0);
  const std::string violating =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 10, "GOOD": 30, "NEEDS_IMPROVEMENT": 0, "POOR": 0, "VERY_POOR": 0}})";
  const Outcome outcome = Rules("distribution --json", violating);
  EXPECT_EQ(outcome.status, 3);
  const Json json = *ParseJson(outcome.out);
  EXPECT_FALSE(json.Find("conforms")->flag);
  EXPECT_EQ(json.Find("constraints")->items[1].Find("by")->text, "2");
  const std::string small =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 0, "GOOD": 2, "NEEDS_IMPROVEMENT": 0, "POOR": 0, "VERY_POOR": 0}})";
  EXPECT_THAT(Rules("distribution --lang en", small).out, HasSubstr("too small"));
  const Outcome refused = Rules("distribution", R"({"unit": "GOOD", "counts": {"GOOD": -1}})");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("counts.GOOD: OUT_OF_RANGE"));
}

TEST(RulesProgram, RefusesWrongUsageAndUnreadableFiles) {
  const struct {
    const char *arguments, *message;
  } cases[] = {
      {"", "teraju-rules: The command is missing.\n\n  teraju-rules evaluate PACK [FILE] "},
      {"frobnicate", "There is no command frobnicate."},
      {"ikm --colour", "There is no option --colour; check its spelling."},
      {"evaluate", "evaluate needs the name of a pack, or its file."},
      {"ikm a b c", "\"c\" is too much"},
      {"evaluate ikm --method none", "The pack has no method none."},
      {"distribution --pack=ikm", "The pack has no distribution."},
      {"ikm /nowhere/in.json", "/nowhere/in.json cannot be read: there is no such file; "},
      {"validate /", "/ cannot be read: it is a folder; "},
  };
  for (const auto& test : cases) {
    const Outcome outcome = Rules(std::string("--lang=en ") + test.arguments, "{}");
    EXPECT_EQ(outcome.status, 2) << test.arguments;
    EXPECT_THAT(outcome.err, HasSubstr(test.message));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
  EXPECT_THAT(Rules("ikm --colour").err, StartsWith("teraju-rules: Opsi --colour tidak dikenal; "));
}

TEST(RulesProgram, HelpsInBothLanguages) {
  EXPECT_THAT(Rules("--help").out, HasSubstr("Status akhir\n  0  selesai"));
  EXPECT_THAT(Rules("ikm --help").out, HasSubstr("\nMasukan:\n"));
  const Outcome english = Rules("distribution --help --lang=en");
  EXPECT_EQ(english.status, 0);
  EXPECT_THAT(english.out, HasSubstr("\nInputs:\n"));
  EXPECT_THAT(english.err, IsEmpty());
}

TEST(RulesProgram, GivesJsonForPrograms) {
  const Json packs = ParseJson(Rules("packs --json").out).value();
  EXPECT_EQ(packs.items.size(), ShippedPacks().size());
  const Json& first = packs.items.at(0);
  EXPECT_THAT(first.Find("title")->Find("en")->text, Not(IsEmpty()));
  const std::string name = first.Find("name")->text;
  EXPECT_THAT(Rules("packs").out, HasSubstr(name));
  const Json valid = ParseJson(Rules("validate --json " + name).out).value();
  const Json digest = ParseJson(Rules("digest --json " + name).out).value();
  EXPECT_EQ(valid.Find("digest")->text, digest.Find("digest")->text);
}

}  // namespace
}  // namespace teraju::rules
