// Runs the real program.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/json.h"
#include "common/testing/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using rules::Json;
using ::teraju::testing::Outcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// In English.
Outcome Allocate(const std::string& json, std::vector<std::string> arguments = {}) {
  arguments.emplace_back("--lang=en");
  return teraju::testing::RunProgram(TERAJU_ALLOCATE, arguments, json);
}

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

TEST(AllocateProgram, TheHelpsExampleRuns) {
  for (const bool english : {false, true}) {
    const std::string language = english ? "--lang=en" : "--lang=id";
    const Outcome help = teraju::testing::RunProgram(TERAJU_ALLOCATE, {"--help", language});
    EXPECT_EQ(help.status, 0);
    const std::size_t at = help.out.find("  teraju-allocate --example | ");
    ASSERT_NE(at, std::string::npos);
    std::string command = help.out.substr(at);
    command.back() = ' ';  // the end of the line
    const Outcome result = teraju::testing::RunProgram(
        "/bin/sh",
        {"-c", absl::StrCat("PATH=\"${0%/*}:$PATH\"; ", command, language), TERAJU_ALLOCATE});
    EXPECT_EQ(result.status, 0) << result.err;
    for (const char* part :
         {english ? "needs met 4 of 7" : "kebutuhan terpenuhi 4 dari 7",
          english ? "Budget apbd (APBD) (Rp4,500,000) does not suffice" : "(Rp4.500.000) tidak",
          english ? "What if: weight closed +" : "Andaikan: bobot tertutup +",
          english ? "Group course" : "Kursus kelompok"}) {
      EXPECT_THAT(result.out, HasSubstr(part));
    }
  }
}

TEST(AllocateProgram, GivesPlanBoundReasonsAndPrices) {
  const Outcome result = Allocate(Problem(), {"--json", "--gap=0"});
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

TEST(AllocateProgram, ShowsWhatAnotherBudgetWouldChange) {
  const Outcome result = Allocate(Problem(), {"--json", "--budget=apbd:160"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = rules::ParseJson(result.out).value();
  EXPECT_EQ(json.Find("difference")->Find("objective")->text, "3.5");
  EXPECT_EQ(TextAt(*json.Find("difference"), "newly_met", 0, "person"), "ani");
}

TEST(AllocateProgram, RepairsWhenAnOfferingIsCancelled) {
  const std::string problem = Problem(
      R"(}, {"id": "o2", "course": "c", "first_day": "2026-05-02", "last_day": "2026-05-03", "seats": 1)");
  const Outcome result = Allocate(problem, {"--json", "--cancel=o2"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = rules::ParseJson(result.out).value();
  EXPECT_EQ(json.Find("objective")->text, "7.75");
  const Json& difference = *json.Find("difference");
  ASSERT_EQ(difference.Find("seats_taken_away")->items.size(), 1u);
  EXPECT_EQ(TextAt(difference, "seats_taken_away", 0, "offering"), "o2");
}

TEST(AllocateProgram, NamesLineFieldAndRemedy) {
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
    const Outcome result = Allocate(test.problem);
    EXPECT_EQ(result.status, 1) << test.problem;
    EXPECT_THAT(result.err, HasSubstr(test.message));
    EXPECT_THAT(result.out, IsEmpty());
  }
  const Outcome indonesian =
      teraju::testing::RunProgram(TERAJU_ALLOCATE, {}, Problem(R"(, "classes": 0)"));
  EXPECT_THAT(indonesian.err, HasSubstr("Di luar batas"));
}

TEST(AllocateProgram, RefusesWrongUsage) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{"--gap=x"}, "--gap=x is no gap; write a percentage from 0"},
      {{"--seconds", "-1"}, "--seconds=-1 is no time; write whole seconds from 0"},
      {{"--budget=apbd"}, "--budget=apbd is no budget; write ID:AMOUNT"},
      {{"--budget=apbd:-1"}, "--budget=apbd:-1 is no budget"},
      {{"--budget", "other:5"}, "The file has no budget other; it has: apbd."},
      {{"--cancel=other"}, "The file has no offering other; see its offerings.id."},
      {{"--loud"}, "There is no option --loud; check its spelling."},
      {{"--lang=fr"}, "There is no language \"fr\""},
      {{"a.json", "b.json"}, "\"b.json\" is too much"},
      {{"nowhere.json"}, "nowhere.json cannot be read: there is no such file; name a file"},
  };
  for (const auto& test : cases) {
    const Outcome result = Allocate(Problem(), test.arguments);
    EXPECT_EQ(result.status, 2) << test.message;
    EXPECT_THAT(result.err, HasSubstr(test.message));
    EXPECT_THAT(result.out, IsEmpty());
  }
  EXPECT_THAT(Allocate("", {"--loud"}).err,
              HasSubstr("\n\n  teraju-allocate [option...] [file.json]\n\n"));
}

TEST(AllocateProgram, TellsByItsStatusThatTheGapIsWide) {
  // Without time there is a plan, but its bound is what everybody together would like.
  const Outcome result = Allocate(Problem(), {"--seconds=0", "--gap=0"});
  EXPECT_EQ(result.status, 3) << result.out;
  EXPECT_THAT(result.out, HasSubstr("Weight closed 4.25"));
}

}  // namespace
}  // namespace teraju::allocation
