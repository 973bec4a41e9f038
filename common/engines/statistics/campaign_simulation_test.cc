// A small version of the published simulation (cli/simulation_main.cc), seeded.
#include "common/engines/statistics/campaign_simulation.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

constexpr std::uint64_t kSeed = 20250101;

CampaignSettings Small(const std::string& name) {
  const auto all = StandardCampaigns();
  CampaignSettings settings =
      *std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.name == name; });
  settings.people = 120;
  return settings;
}

TEST(CampaignSimulation, IntervalsCoverTheTruth) {
  const Comparison result = Compare(Small("realistic"), 60, kSeed);
  EXPECT_EQ(result.refused, 0);
  for (const Coverage& row : result.coverage) {
    SCOPED_TRACE(row.least_raters);
    EXPECT_GT(row.ratees, 1000);
    EXPECT_GE(row.covered, 0.93 * row.ratees);
    EXPECT_LE(row.covered, 0.97 * row.ratees);
  }
}

TEST(CampaignSimulation, AdjustedValuesAreCloserToTheTruthThanRawMeans) {
  const Comparison result = Compare(Small("realistic"), 30, kSeed);
  EXPECT_LE(result.adjusted_error, 0.75 * result.raw_error);
}

TEST(CampaignSimulation, NeverMuchWorseThanTheRawMean) {
  for (const char* name : {"ordinal",
                           "chosen raters",
                           "collusion",
                           "ordinal, chosen",
                           "ordinal, collusion",
                           "little severity"}) {
    SCOPED_TRACE(name);
    const Comparison result = Compare(Small(name), 10, kSeed);
    EXPECT_LE(result.adjusted_error, 1.01 * result.raw_error);
  }
}

TEST(CampaignSimulation, TheSameSeedGivesTheSameCampaign) {
  const CampaignSettings settings = Small("ordinal");
  const Campaign a = DrawCampaign(settings, 5);
  const Campaign b = DrawCampaign(settings, 5);
  EXPECT_EQ(a.truth, b.truth);
  ASSERT_EQ(a.ratings.answers.size(), b.ratings.answers.size());
  EXPECT_NE(a.truth, DrawCampaign(settings, 6).truth);
  for (const Rating& answer : a.ratings.answers) {
    EXPECT_NE(answer.ratee, answer.rater);
    EXPECT_TRUE(answer.value == 1 || answer.value == 2 || answer.value == 3 || answer.value == 4 ||
                answer.value == 5);
  }
}

}  // namespace
}  // namespace teraju::statistics
