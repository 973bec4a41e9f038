#include "common/engines/rules/satisfaction.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;

std::vector<ElementAnswers> Elements(const std::vector<std::int64_t>& sums, std::int64_t answers) {
  std::vector<ElementAnswers> elements;
  for (const std::int64_t sum : sums) {
    elements.push_back({"U" + std::to_string(elements.size() + 1), sum, answers});
  }
  return elements;
}

const SatisfactionRules kPrinted{.weight = ElementWeight::kPrinted};

TEST(SatisfactionIndex, GivesTheWorkedExample) {
  const auto elements = Elements({17, 16, 14, 19, 16, 17, 18, 15, 14}, 5);
  const Satisfaction result = SatisfactionIndex(elements).value();
  EXPECT_EQ(result.index.ToString(), "81.11");
  EXPECT_EQ(result.grade, Grade::kB);
  EXPECT_EQ(result.weight, Rational(1, 9));
  EXPECT_EQ(result.elements[3].mean, Rational(19, 5));
  EXPECT_EQ(Round(result.exact / 25, 5, Rounding::kHalfUp).ToString(), "3.24444");
  EXPECT_THAT(LowestElements(result, 2), ElementsAre("U3", "U9"));
  EXPECT_EQ(SatisfactionIndex(elements, kPrinted)->index.ToString(), "80.30");
}

TEST(SatisfactionIndex, TheWeightCanDecideTheGrade) {
  const auto elements = Elements(std::vector<std::int64_t>(9, 309), 100);
  EXPECT_EQ(SatisfactionIndex(elements)->index.ToString(), "77.25");
  EXPECT_EQ(SatisfactionIndex(elements)->grade, Grade::kB);
  EXPECT_EQ(SatisfactionIndex(elements, kPrinted)->index.ToString(), "76.48");
  EXPECT_EQ(SatisfactionIndex(elements, kPrinted)->grade, Grade::kC);
  const auto best = Elements(std::vector<std::int64_t>(9, 4), 1);
  EXPECT_EQ(SatisfactionIndex(best)->index.ToString(), "100.00");
  EXPECT_EQ(SatisfactionIndex(best, kPrinted)->index.ToString(), "99.00");
}

TEST(SatisfactionIndex, DropsElementsWithoutAnswers) {
  auto elements = Elements({17, 16, 14, 19, 16, 17, 18, 15, 14}, 5);
  elements[3] = {"U4", 0, 0};
  for (const auto& rules : {SatisfactionRules(), kPrinted}) {
    const Satisfaction result = SatisfactionIndex(elements, rules).value();
    EXPECT_EQ(result.weight, Rational(1, 8));
    EXPECT_EQ(result.elements.size(), 8u);
    EXPECT_EQ(result.index.ToString(), "79.38");  // 127 / 40 * 25 = 79.375
  }
}

TEST(SatisfactionIndex, GradesTheRoundedIndex) {
  // index = sum * 25 / 10000 for one element and 10,000 answers.
  const std::pair<std::int64_t, Grade> table[] = {
      {10000, Grade::kD},  // 25.00
      {25996, Grade::kD},  // 64.99
      {25997, Grade::kD},  // 64.9925 rounds to 64.99
      {25998, Grade::kC},  // 64.995 rounds to 65.00
      {26000, Grade::kC},  // 65.00
      {30640, Grade::kC},  // 76.60
      {30641, Grade::kC},  // 76.6025
      {30642, Grade::kB},  // 76.605 rounds to 76.61
      {30644, Grade::kB},  // 76.61
      {35320, Grade::kB},  // 88.30
      {35322, Grade::kA},  // 88.305 rounds to 88.31
      {35324, Grade::kA},  // 88.31
      {40000, Grade::kA},
  };
  for (const auto& [sum, grade] : table) {
    EXPECT_EQ(SatisfactionIndex(Elements({sum}, 10000))->grade, grade) << sum;
  }
}

TEST(SatisfactionIndex, RefusesWhatCannotBe) {
  EXPECT_THAT(SatisfactionIndex({}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SatisfactionIndex(Elements({0, 0}, 0)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SatisfactionIndex(Elements({4}, 5)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SatisfactionIndex(Elements({21}, 5)), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SampleSize, GivesThePublishedTable) {
  const std::pair<std::int64_t, std::int64_t> table[] = {
      {0, 0},      {10, 10},    {15, 14},     {20, 19},     {25, 24},
      {30, 28},    {40, 36},    {50, 44},     {100, 80},    {200, 132},
      {300, 169},  {400, 196},  {500, 217},   {1000, 278},  {2000, 322},
      {3000, 341}, {5000, 357}, {10000, 370}, {50000, 381}, {1000000, 384},
  };
  for (const auto& [population, sample] : table)
    EXPECT_EQ(SampleSize(population), sample) << population;
}

TEST(Grade, HasLetterAndLabel) {
  EXPECT_EQ(GradeLetter(Grade::kA), 'A');
  EXPECT_EQ(GradeLetter(Grade::kD), 'D');
  EXPECT_EQ(Label(Grade::kC).id, "Kurang Baik");
}

}  // namespace
}  // namespace teraju::rules
