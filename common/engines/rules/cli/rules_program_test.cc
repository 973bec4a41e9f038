// Runs teraju-rules as a script would.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/shipped_packs.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Outcome {
  int status;
  std::string out, error;
};

class Program : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/teraju-rules-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::system(("rm -r " + folder_).c_str()); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  Outcome Run(const std::string& arguments, const std::string& input = "") const {
    const std::string in = Write("in", input), out = folder_ + "/out", error = folder_ + "/error";
    const std::string command =
        std::string(TERAJU_RULES) + " " + arguments + " <" + in + " >" + out + " 2>" + error;
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), Read(out), Read(error)};
  }

 private:
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
};

// The JSON below every `Example (`, by the line before it that names the method.
std::multimap<std::string, std::string> ExamplesIn(const std::string& help) {
  std::multimap<std::string, std::string> examples;
  std::string method;
  std::size_t at = 0;
  while (at < help.size()) {
    const std::size_t end = std::min(help.find('\n', at), help.size());
    const std::string line = help.substr(at, end - at);
    at = end + 1;
    const std::size_t named = line.find(" --method ");
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

TEST_F(Program, HelpNamesEveryCommandAndEachExampleRuns) {
  const Outcome general = Run("--help");
  EXPECT_EQ(general.status, 0);
  for (const std::string command :
       {"ikm", "sample-size", "angka-kredit", "ip-asn", "jpm", "nine-box", "distribution"}) {
    EXPECT_THAT(general.out, HasSubstr("teraju-rules " + command + " "));
    const Outcome help = Run(command + " --help");
    EXPECT_EQ(help.status, 0);
    const auto examples = ExamplesIn(help.out);
    ASSERT_EQ(examples.size(), 1u) << command;
    const Outcome outcome = Run(command, examples.begin()->second);
    EXPECT_EQ(outcome.status, 0) << command << outcome.error;
    EXPECT_THAT(outcome.out, ::testing::Not(IsEmpty()));
  }
}

TEST_F(Program, EveryMethodOfEveryPackHasAnExampleThatRuns) {
  for (const ShippedPack& shipped : ShippedPacks()) {
    const std::string name(shipped.name);
    const auto examples = ExamplesIn(Run("help " + name).out);
    EXPECT_EQ(examples.size(), FindShippedPack(name)->methods.size()) << name;
    for (const auto& [method, example] : examples) {
      const Outcome outcome = Run("evaluate " + name + " --method " + method, example);
      EXPECT_EQ(outcome.status, 0) << name << " " << method << ": " << outcome.error;
    }
  }
}

TEST_F(Program, PrintsTheAccountInBothLanguages) {
  const std::string inputs =
      R"({"skp": 111.6, "behavior": 104, "others_consulted": false, "new_idea": false})";
  const Outcome indonesian = Run("evaluate permenpanrb-8-2021 --method final", inputs);
  EXPECT_THAT(indonesian.out,
              StartsWith("PP 30/2019 dengan PermenPANRB 8/2021: nilai 109.320, "
                         "predikat Baik.\n"));
  EXPECT_THAT(indonesian.out, HasSubstr("nilai kinerja: 0.7 × 111.6 + 0.3 × 104 = 109.32."));
  const Outcome english =
      Run("evaluate permenpanrb-8-2021 --method final --lang en --what-if", inputs);
  EXPECT_THAT(english.out, HasSubstr("final figure: 0.7 × 111.6 + 0.3 × 104 = 109.32."));
  EXPECT_THAT(english.out, HasSubstr("What would have changed it:"));
}

TEST_F(Program, PrintsJsonThatCheckAccepts) {
  const std::string inputs =
      R"({"skp": 111.6, "behavior": 104, "others_consulted": false, "new_idea": false})";
  const Outcome json = Run("evaluate permenpanrb-8-2021 --method final --canonical", inputs);
  ASSERT_EQ(json.status, 0);
  const Json account = *ParseJson(json.out);
  EXPECT_EQ(CanonicalJson(account) + "\n", json.out);
  EXPECT_EQ(account.Find("result")->Find("predicate")->text, "BAIK");
  EXPECT_EQ(Run("check permenpanrb-8-2021", json.out).status, 0);
  std::string altered = json.out;
  altered.replace(altered.find("109.32"), 6, "110.32");
  const Outcome refused = Run("check permenpanrb-8-2021", altered);
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.error, HasSubstr("differs at "));
}

TEST_F(Program, RefusesInputsWithOneLineForEachField) {
  const Outcome refused =
      Run("evaluate permenpanrb-8-2021 --method final --lang en", R"({"skp": 120.01, "extra": 1})");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.out, IsEmpty());
  EXPECT_THAT(refused.error, HasSubstr("skp: OUT_OF_RANGE: Write a number from 0 to 120.\n"));
  EXPECT_THAT(refused.error, HasSubstr("behavior: MISSING: "));
  EXPECT_THAT(refused.error, HasSubstr("extra: UNKNOWN_FIELD: "));
  EXPECT_THAT(Run("evaluate permenpanrb-8-2021 --method final", "{").error,
              StartsWith("-: line 1: not JSON: "));
}

TEST_F(Program, ValidatesPacks) {
  const std::string text(ShippedPacks().front().json);
  const std::string good = Write("good.json", text);
  const Outcome valid = Run("validate " + good);
  EXPECT_EQ(valid.status, 0) << valid.error;
  const Outcome digest = Run("digest " + good);
  EXPECT_THAT(valid.out, HasSubstr(digest.out));
  std::string wrong = text;
  wrong.replace(wrong.find("\"revision\": 1"), 13, "\"revision\": 0");
  const std::string bad = Write("bad.json", wrong);
  const Outcome refused = Run("validate " + bad + " --lang en");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.error, HasSubstr("bad.json:4: revision: OUT_OF_RANGE: "));
  EXPECT_EQ(Run("evaluate " + bad, "{}").status, 1);
}

TEST_F(Program, ReportsTheDistribution) {
  const std::string conforming =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 8, "GOOD": 26, "NEEDS_IMPROVEMENT": 5, "POOR": 1, "VERY_POOR": 0}})";
  EXPECT_EQ(Run("distribution", conforming).status, 0);
  const std::string violating =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 10, "GOOD": 30, "NEEDS_IMPROVEMENT": 0, "POOR": 0, "VERY_POOR": 0}})";
  const Outcome outcome = Run("distribution --json", violating);
  EXPECT_EQ(outcome.status, 4);
  const Json json = *ParseJson(outcome.out);
  EXPECT_FALSE(json.Find("conforms")->flag);
  EXPECT_EQ(json.Find("constraints")->items[1].Find("by")->text, "2");
  const std::string small =
      R"({"unit": "UNIT_GOOD", "counts": {"VERY_GOOD": 0, "GOOD": 2, "NEEDS_IMPROVEMENT": 0, "POOR": 0, "VERY_POOR": 0}})";
  EXPECT_THAT(Run("distribution --lang en", small).out, HasSubstr("too small"));
  const Outcome refused = Run("distribution", R"({"unit": "GOOD", "counts": {"GOOD": -1}})");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.error, HasSubstr("counts.GOOD: OUT_OF_RANGE"));
}

TEST_F(Program, TellsWrongUsageFromUnreadableFiles) {
  EXPECT_EQ(Run("").status, 2);
  EXPECT_EQ(Run("frobnicate").status, 2);
  EXPECT_EQ(Run("ikm --colour").status, 2);
  EXPECT_EQ(Run("evaluate").status, 2);
  EXPECT_EQ(Run("evaluate ikm --method none", "{}").status, 2);
  EXPECT_EQ(Run("ikm /nowhere/in.json").status, 3);
  EXPECT_EQ(Run("validate /nowhere/pack.json").status, 3);
  EXPECT_THAT(Run("packs").out, HasSubstr("permenpanrb-8-2021"));
}

}  // namespace
}  // namespace teraju::rules
