#include "services/feedback/domain/survey_precision.h"

#include "gmock/gmock.h"

namespace teraju::feedback::domain {
namespace {

using ::testing::DoubleNear;
using ::testing::Optional;

// Two items; the own indices are 25 times half the sum: 50, 62.5, 75, 87.5, 100, twice.
std::vector<SurveyAnswer> TenAnswers() {
  std::vector<SurveyAnswer> answers;
  for (int i = 0; i < 2; ++i)
    for (const SurveyAnswer& answer : {SurveyAnswer{2, 2}, {2, 3}, {3, 3}, {3, 4}, {4, 4}})
      answers.push_back(answer);
  return answers;
}

// R: x <- rep(c(50, 62.5, 75, 87.5, 100), 2); sd(x) / sqrt(10) * sqrt(1 - 10 / 40)
TEST(IndexError, IsCorrectedForTheShareThatAnswered) {
  EXPECT_THAT(IndexError(TenAnswers(), 0.5, 40), Optional(DoubleNear(5.103104, 1e-6)));
  EXPECT_THAT(IndexError(TenAnswers(), 0.5, 10), Optional(DoubleNear(0, 1e-12)));
  auto nine = TenAnswers();
  nine.pop_back();
  EXPECT_EQ(IndexError(nine, 0.5, 40), std::nullopt);
}

// R: 75 + c(-1, 1) * qt(0.975, 9) * 5.103104
TEST(SetInterval, IsStudentsWithinTheScale) {
  v1::SurveyResult result;
  result.mutable_index()->set_value("75.00");
  result.set_answers(10);
  SetInterval(5.103104, result);
  EXPECT_EQ(result.lower().value(), "63.46");
  EXPECT_EQ(result.upper().value(), "86.54");
  SetInterval(30, result);
  EXPECT_EQ(result.lower().value(), "25.00");
  EXPECT_EQ(result.upper().value(), "100.00");
}

TEST(ItemDeviation, NeedsTenAnswers) {
  // R: sd(rep(c(2, 2, 3, 3, 4), 2))
  EXPECT_THAT(ItemDeviation(TenAnswers(), 0), Optional(DoubleNear(0.7888106, 1e-6)));
  EXPECT_EQ(ItemDeviation({{1}, {2}}, 0), std::nullopt);
}

SurveyStratum Unit(const char* index, int population, std::optional<double> error) {
  SurveyStratum stratum;
  stratum.result.mutable_index()->set_value(index);
  stratum.result.set_answers(20);
  stratum.population = population;
  stratum.error = error;
  return stratum;
}

TEST(MakeOverall, WeighsUnitsByThePeopleServed) {
  SurveyStratum withheld;
  withheld.result.set_withheld(true);
  withheld.population = 5000;
  const auto overall = MakeOverall({Unit("90.00", 1000, 1), withheld, Unit("80.01", 3000, 2)});
  ASSERT_TRUE(overall.has_value());
  EXPECT_EQ(overall->units(), 2);
  EXPECT_EQ(overall->units_withheld(), 1);
  EXPECT_EQ(overall->population(), 4000);
  EXPECT_EQ(overall->answers(), 40);
  EXPECT_EQ(overall->index().value(), "82.51");  // 82.5075
  EXPECT_EQ(overall->grade(), "B");
  // R: 82.51 + c(-1, 1) * qnorm(0.975) * sqrt((0.25 * 1)^2 + (0.75 * 2)^2)
  EXPECT_EQ(overall->lower().value(), "79.53");
  EXPECT_EQ(overall->upper().value(), "85.49");
}

TEST(MakeOverall, HasNoIntervalWhereOneUnitHasNoneAndNothingWithoutResults) {
  const auto overall = MakeOverall({Unit("90.00", 1000, 1), Unit("80.00", 1000, std::nullopt)});
  ASSERT_TRUE(overall.has_value());
  EXPECT_EQ(overall->index().value(), "85.00");
  EXPECT_FALSE(overall->has_lower());
  EXPECT_FALSE(MakeOverall({}).has_value());
}

}  // namespace
}  // namespace teraju::feedback::domain
