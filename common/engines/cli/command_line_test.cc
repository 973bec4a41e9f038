#include "common/engines/cli/command_line.h"

#include "common/testing/program.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::cli {
namespace {

using ::teraju::testing::IsOkAndHolds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CommandLine Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "program");
  return ParseCommandLine({.flags = {"--loud"}, .options = {"--scale"}, .most_words = 2},
                          static_cast<int>(words.size()),
                          words.data());
}

auto IsOption(const std::string& name, const std::string& value) {
  return AllOf(Field(&Option::name, name), Field(&Option::value, value));
}

TEST(ParseCommandLine, TakesValuesInBothForms) {
  const CommandLine line =
      Parse({"--scale=1:5", "a", "--scale", "-1:5", "--loud", "-", "--lang", "en", "--json"});
  EXPECT_FALSE(line.problem);
  EXPECT_THAT(
      line.options,
      ElementsAre(IsOption("--scale", "1:5"), IsOption("--scale", "-1:5"), IsOption("--loud", "")));
  EXPECT_THAT(line.words, ElementsAre("a", "-"));
  EXPECT_EQ(line.language, Language::kEnglish);
  EXPECT_TRUE(line.json);
  EXPECT_FALSE(line.help);
  EXPECT_EQ(Parse({"--scale=a=b"}).options[0].value, "a=b");
  EXPECT_EQ(Parse({"--lang=en", "--lang=id"}).language, Language::kIndonesian);
  EXPECT_TRUE(Parse({"--help"}).help);
}

TEST(ParseCommandLine, NamesWhatIsWrongAndTheRemedy) {
  EXPECT_EQ(Parse({"--colour"}).problem->en, "There is no option --colour; check its spelling.");
  EXPECT_EQ(Parse({"--colour=red"}).problem->id, "Opsi --colour tidak dikenal; periksa ejaannya.");
  EXPECT_EQ(Parse({"-s"}).problem->en, "There is no option -s; check its spelling.");
  EXPECT_EQ(Parse({"--scale"}).problem->en, "--scale needs a value; write --scale=VALUE.");
  EXPECT_EQ(Parse({"--scale="}).problem->id, "--scale memerlukan nilai; tulis --scale=NILAI.");
  EXPECT_EQ(Parse({"--json=yes"}).problem->en, "--json takes no value; leave \"=yes\" out.");
  EXPECT_THAT(Parse({"--lang=fr"}).problem->en, HasSubstr("no language \"fr\""));
  EXPECT_THAT(Parse({"a", "b", "c"}).problem->en, HasSubstr("\"c\" is too much"));
}

TEST(ParseCommandLine, TellsTheFirstProblemInALanguageThatIsChosenLater) {
  const CommandLine line = Parse({"--colour", "--size", "--lang", "en"});
  EXPECT_THAT(line.problem->en, HasSubstr("--colour"));
  EXPECT_EQ(line.language, Language::kEnglish);
}

TEST(ReadInput, GivesTheWholeFile) {
  const teraju::testing::TemporaryFolder folder;
  const std::string text(200'000, '\0');
  EXPECT_THAT(ReadInput(folder.Write("file", text), Language::kEnglish), IsOkAndHolds(text));
  EXPECT_THAT(ReadInput(folder.Write("empty", ""), Language::kEnglish), IsOkAndHolds(IsEmpty()));
}

TEST(ReadInput, NamesFileReasonAndRemedy) {
  EXPECT_EQ(ReadInput("/nowhere/x.csv", Language::kEnglish).status().message(),
            "/nowhere/x.csv cannot be read: there is no such file; name a file that can, or - for "
            "standard input.");
  EXPECT_THAT(std::string(ReadInput("/", Language::kIndonesian).status().message()),
              HasSubstr("/ tidak dapat dibaca: itu sebuah folder; beri nama"));
}

TEST(UsageText, ShowsTheCall) {
  const Text help = {"teraju-x: menghitung\n\n  teraju-x [opsi]\n\nOpsi\n  --a\n",
                     "teraju-x: computes\n\n  teraju-x [option]\n\nOptions\n  --a\n"};
  EXPECT_EQ(UsageText({"Salah.", "Wrong."}, help, Language::kEnglish),
            "teraju-x: Wrong.\n\n  teraju-x [option]\n\nteraju-x --help explains everything.\n");
  EXPECT_THAT(UsageText({"Salah.", "Wrong."}, help, Language::kIndonesian),
              HasSubstr("teraju-x: Salah.\n\n  teraju-x [opsi]\n\n"));
}

}  // namespace
}  // namespace teraju::cli
