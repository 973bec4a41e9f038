#include "common/engines/statistics/suppression.h"

#include <numeric>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::ElementsAre;

constexpr int kThreshold = 3;

// How many answers beyond the shown cells the total gives away; 0 when it gives nothing away.
int GivenAway(const std::vector<int>& answers, const Suppression& result) {
  if (!result.total_shown) return 0;
  int hidden = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) hidden += result.shown[i] ? 0 : answers[i];
  return hidden;
}

TEST(Suppress, ShowsCellsWithEnoughAnswers) {
  const Suppression result = Suppress(std::vector{3, 4, 5}, kThreshold);
  EXPECT_THAT(result.shown, ElementsAre(true, true, true));
  EXPECT_TRUE(result.total_shown);
}

TEST(Suppress, WithholdsASecondCellBesideALonelySmallOne) {
  EXPECT_THAT(Suppress(std::vector{2, 9, 5, 5}, kThreshold).shown,
              ElementsAre(false, true, false, true));
  EXPECT_THAT(Suppress(std::vector{9, 1}, kThreshold).shown, ElementsAre(false, false));
  EXPECT_THAT(Suppress(std::vector{1, 1, 4, 6}, kThreshold).shown,
              ElementsAre(false, false, false, true));
}

TEST(Suppress, LeavesSmallCellsThatProtectOneAnother) {
  EXPECT_THAT(Suppress(std::vector{2, 1, 5}, kThreshold).shown, ElementsAre(false, false, true));
}

TEST(Suppress, EmptyCellsNeedNoProtection) {
  const Suppression result = Suppress(std::vector{0, 5, 0}, kThreshold);
  EXPECT_THAT(result.shown, ElementsAre(false, true, false));
  EXPECT_TRUE(result.total_shown);
}

TEST(Suppress, WithholdsASmallTotal) {
  EXPECT_FALSE(Suppress(std::vector{1, 1}, kThreshold).total_shown);
  EXPECT_TRUE(Suppress(std::vector{1, 2}, kThreshold).total_shown);
  EXPECT_FALSE(Suppress(std::vector<int>{}, kThreshold).total_shown);
  EXPECT_FALSE(Suppress(std::vector{0, 0}, 0).total_shown);
}

// Every table of four cells with up to six answers each.
TEST(Suppress, NothingSmallCanBeGotBySubtraction) {
  int without_protection = 0;
  for (int code = 0; code < 7 * 7 * 7 * 7; ++code) {
    const std::vector<int> answers = {code % 7, code / 7 % 7, code / 49 % 7, code / 343};
    const Suppression result = Suppress(answers, kThreshold);
    const int given_away = GivenAway(answers, result);
    EXPECT_TRUE(given_away == 0 || given_away >= kThreshold) << code;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_TRUE(!result.shown[i] || answers[i] >= kThreshold) << code;
    }
    // The control: withholding only the small cells gives some of them away.
    Suppression naive = result;
    for (std::size_t i = 0; i < answers.size(); ++i) naive.shown[i] = answers[i] >= kThreshold;
    const int naively = GivenAway(answers, naive);
    without_protection += naively > 0 && naively < kThreshold;
  }
  EXPECT_GT(without_protection, 100);
}

TEST(DetailFor, TellsMoreFromTwiceTheThreshold) {
  EXPECT_EQ(DetailFor(2, kThreshold), Detail::kNothing);
  EXPECT_EQ(DetailFor(3, kThreshold), Detail::kMean);
  EXPECT_EQ(DetailFor(5, kThreshold), Detail::kMean);
  EXPECT_EQ(DetailFor(6, kThreshold), Detail::kAll);
  EXPECT_EQ(DetailFor(0, 0), Detail::kNothing);
}

}  // namespace
}  // namespace teraju::statistics
