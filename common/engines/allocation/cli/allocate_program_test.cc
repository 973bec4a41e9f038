// Runs the real program.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/engines/rules/json.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using rules::Json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Result {
  int status = -1;
  std::string out;
  std::string err;
};

class TerajuAllocate : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "teraju-allocate-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // `command` with the program's name as the help writes it.
  Result Shell(const std::string& command) {
    const std::string path = std::filesystem::path(TERAJU_ALLOCATE).parent_path().string();
    const std::string line = "PATH='" + path + "':\"$PATH\"; { " + command + "; } >'" +
                             (folder_ / "out").string() + "' 2>'" + (folder_ / "err").string() +
                             "'";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), ReadAll("out"), ReadAll("err")};
  }

  Result Run(const std::string& json, const std::string& options = "") {
    std::ofstream(folder_ / "in.json") << json;
    return Shell("teraju-allocate " + options + " '" + (folder_ / "in.json").string() + "'");
  }

 private:
  std::string ReadAll(const char* name) const {
    std::ifstream in(folder_ / name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

// One person, one course, two seats.
std::string Problem(const std::string& offering_fields = "", const std::string& more = "") {
  return R"({"budgets": [{"id": "apbd", "amount": 100}],
"courses": [{"id": "c", "topics": ["TI"]}],
"offerings": [{"id": "o", "course": "c", "first_day": "2026-03-02", "last_day": "2026-03-03",
  "seats": 2, "cost_per_seat": 80)" +
         offering_fields + R"(}],
"persons": [{"id": "ani"}, {"id": "budi"}],
"needs": [{"person": "ani", "topic": "TI", "weight": 3.5},
  {"person": "budi", "topic": "TI", "weight": "4.25"}])" +
         more + "}";
}

std::string TextAt(const Json& json, std::string_view list, std::size_t at, std::string_view name) {
  const Json* found = json.Find(list)->items.at(at).Find(name);
  return found == nullptr ? "" : found->text;
}

TEST_F(TerajuAllocate, TheHelpsExampleRuns) {
  const Result help = Shell("teraju-allocate --help");
  EXPECT_EQ(help.status, 0);
  const std::size_t example = help.out.find("\nExample\n  ");
  ASSERT_NE(example, std::string::npos);
  const std::string line =
      help.out.substr(example + 11, help.out.find('\n', example + 11) - example - 11);
  const Result result = Shell(line);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("needs met 4 of 7"));
  EXPECT_THAT(result.out, HasSubstr("Budget apbd (APBD) (Rp4,500,000) does not suffice"));
  EXPECT_THAT(result.out, HasSubstr("What if: weight closed +"));
  EXPECT_THAT(result.out, HasSubstr("Group course"));
}

TEST_F(TerajuAllocate, GivesPlanBoundReasonsAndPrices) {
  const Result result = Run(Problem(), "--json --gap=0");
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = rules::ParseJson(result.out).value();
  EXPECT_EQ(json.Find("objective")->text, "4.25");
  EXPECT_EQ(json.Find("gap_percent")->text, "0");
  EXPECT_EQ(TextAt(json, "budgets", 0, "spent"), "80");
  EXPECT_EQ(TextAt(json, "budgets", 0, "weight_per_million"), "43750");
  EXPECT_EQ(TextAt(json, "decisions", 0, "refusal"), "BUDGET");
  EXPECT_EQ(TextAt(json, "decisions", 0, "missing"), "60");
  EXPECT_THAT(TextAt(json, "decisions", 0, "reason_id"), HasSubstr("kurang Rp60"));
  EXPECT_EQ(TextAt(json, "decisions", 1, "offering"), "o");
}

TEST_F(TerajuAllocate, ShowsWhatAnotherBudgetWouldChange) {
  const Result result = Run(Problem(), "--json --budget=apbd:160");
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = rules::ParseJson(result.out).value();
  EXPECT_EQ(json.Find("difference")->Find("objective")->text, "3.5");
  EXPECT_EQ(TextAt(*json.Find("difference"), "newly_met", 0, "person"), "ani");
}

TEST_F(TerajuAllocate, RepairsWhenAnOfferingIsCancelled) {
  const std::string problem = Problem(
      R"(}, {"id": "o2", "course": "c", "first_day": "2026-05-02", "last_day": "2026-05-03", "seats": 1)");
  const Result result = Run(problem, "--json --cancel=o2");
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = rules::ParseJson(result.out).value();
  EXPECT_EQ(json.Find("objective")->text, "7.75");
  const Json& difference = *json.Find("difference");
  ASSERT_EQ(difference.Find("seats_taken_away")->items.size(), 1u);
  EXPECT_EQ(TextAt(difference, "seats_taken_away", 0, "offering"), "o2");
}

TEST_F(TerajuAllocate, NamesLineFieldAndRemedy) {
  struct Case {
    std::string problem;
    const char* message;
  };
  const Case cases[] = {
      {Problem(R"(, "minimum_participants": -1)"),
       ":4: offerings[0].minimum_participants: Out of range; give a whole number from 0"},
      {Problem(R"(, "sets": 1)"), "offerings[0].sets: This field is not known"},
      {Problem("", R"(, "hour_weight": -1)"), "hour_weight: Out of range"},
      {Problem("", R"(, "kept": [{"person": "x", "offering": "o"}])"),
       "kept[0].person: The reference does not exist"},
      {Problem(
           R"(}, {"id": "o", "course": "c", "first_day": "2026-03-09", "last_day": "2026-03-08", "seats": 1)"),
       "offerings[1].last_day: The last day is before the first"},
      {Problem(
           R"(}, {"id": "o", "course": "c", "first_day": "2026-03-09", "last_day": "2026-03-09", "seats": 1)"),
       "offerings[1].id: This id is used twice"},
      {R"({"budgets": [{"id": "a", "amount": -5}]})", "budgets[0].amount: Out of range"},
      {R"({"budgets": [{"id": "a"}]})", "budgets[0].amount: This field is required"},
      {R"({"units": [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]})",
       "units[0].parent: The unit is below itself"},
      {R"({"persons": 5})", "persons: The wrong kind of value; give a list"},
      {"[]", "Not an object"},
      {"{", "Not JSON"},
  };
  for (const Case& test : cases) {
    const Result result = Run(test.problem);
    EXPECT_EQ(result.status, 1) << test.problem;
    EXPECT_THAT(result.err, HasSubstr(test.message));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_THAT(Run(Problem(R"(, "classes": 0)"), "--language=id").err, HasSubstr("Di luar batas"));
}

TEST_F(TerajuAllocate, RefusesWrongUsage) {
  for (const char* options : {"--gap=x",
                              "--seconds=-1",
                              "--budget=apbd",
                              "--budget=other:5",
                              "--cancel=other",
                              "--loud",
                              "--language=fr",
                              "another.json"}) {
    const Result result = Run(Problem(), options);
    EXPECT_EQ(result.status, 2) << options;
    EXPECT_THAT(result.err, Not(IsEmpty()));
  }
  EXPECT_EQ(Shell("teraju-allocate nowhere.json").status, 2);
}

TEST_F(TerajuAllocate, TellsByItsStatusThatTheGapIsWide) {
  // Without time there is a plan, but its bound is what everybody together would like.
  const Result result = Run(Problem(), "--seconds=0 --gap=0");
  EXPECT_EQ(result.status, 3) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Weight closed 4.25"));
}

}  // namespace
}  // namespace teraju::allocation
