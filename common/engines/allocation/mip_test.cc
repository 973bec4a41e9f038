#include "common/engines/allocation/mip.h"

#include <csignal>
#include <random>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::teraju::testing::IsOk;

constexpr double kSeconds = 10;

// A knapsack: the largest gain within a capacity.
Mip Knapsack(const std::vector<double>& gains, const std::vector<double>& sizes, double capacity) {
  Mip mip;
  std::vector<Mip::Term> terms;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    terms.push_back({mip.AddColumn(0, 1, gains[i], true), sizes[i]});
  }
  mip.AddRow(-kNoBound, capacity, terms);
  return mip;
}

TEST(Mip, SolvesAKnapsack) {
  const Mip mip = Knapsack({10, 13, 7}, {3, 4, 2}, 6);
  const auto relaxation = mip.Relax(kSeconds);
  ASSERT_TRUE(relaxation.solved);
  EXPECT_NEAR(relaxation.bound, 7 + 10 + 13.0 / 4, 1e-6);
  EXPECT_NEAR(relaxation.columns[1], 1.0 / 4, 1e-6);
  EXPECT_NEAR(relaxation.row_prices[0], 13.0 / 4, 1e-6);
  const auto solution = mip.Solve({.relative_gap = 0});
  ASSERT_THAT(solution, IsOk());
  EXPECT_NEAR(solution->columns[0], 0, 1e-6);
  EXPECT_NEAR(solution->columns[1], 1, 1e-6);
  EXPECT_NEAR(solution->columns[2], 1, 1e-6);
  EXPECT_NEAR(solution->bound, 20, 1e-6);
}

TEST(Mip, FindsTheBestOfAllSubsets) {
  std::mt19937 random(11);
  for (int round = 0; round < 10; ++round) {
    std::vector<double> gains, sizes;
    for (int i = 0; i < 10; ++i) {
      gains.push_back(1 + random() % 50);
      sizes.push_back(1 + random() % 30);
    }
    double best = 0;
    for (int subset = 0; subset < 1 << 10; ++subset) {
      double gain = 0, size = 0;
      for (int i = 0; i < 10; ++i) {
        if ((subset >> i & 1) != 0) gain += gains[i], size += sizes[i];
      }
      if (size <= 60) best = std::max(best, gain);
    }
    const auto solution = Knapsack(gains, sizes, 60).Solve({.relative_gap = 0});
    ASSERT_THAT(solution, IsOk());
    double found = 0;
    for (int i = 0; i < 10; ++i) found += gains[i] * solution->columns[i];
    EXPECT_NEAR(found, best, 1e-6);
    EXPECT_NEAR(solution->bound, best, 1e-6);
  }
}

TEST(Mip, WithoutColumnsOrRowsIsSolved) {
  EXPECT_NEAR(Mip().Relax(kSeconds).bound, 0, 1e-9);
  EXPECT_THAT(Mip().Solve({}), IsOk());
  Mip free;
  free.AddColumn(0, 1, 2, true);
  EXPECT_NEAR(free.Solve({})->columns[0], 1, 1e-6);
}

void OnInterrupt(int) {}

TEST(Mip, LeavesTheSignalHandlerOfTheProcess) {
  struct sigaction before, after;
  std::signal(SIGINT, OnInterrupt);
  sigaction(SIGINT, nullptr, &before);
  ASSERT_THAT(Knapsack({10, 13, 7}, {3, 4, 2}, 6).Solve({}), IsOk());
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace teraju::allocation
