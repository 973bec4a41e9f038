#include "common/engines/statistics/rater_diagnostics.h"

#include "common/engines/statistics/testdata/tables.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

constexpr Interval kScale{1, 5};

// Four ratees, three items; raters: 0 and 1 ordinary, 2 severe, 3 halo, 4 always in the middle.
Ratings Drawn() {
  Ratings ratings{.ratees = 4, .raters = 5, .items = 3};
  for (int ratee = 0; ratee < 4; ++ratee) {
    for (int item = 0; item < 3; ++item) {
      const double honest = 2 + (ratee % 3) + (item == 1 ? 1 : 0) - (item == 2 ? 0.5 : 0);
      const auto add = [&](int rater, double value) {
        ratings.answers.push_back({ratee, rater, value, item, 0, ratee % 2});
      };
      add(0, honest);
      add(1, honest + (ratee == 0 ? 0.25 : 0));
      add(2, honest - 1);
      add(3, 2 + (ratee % 3));
      add(4, 3);
    }
  }
  return ratings;
}

TEST(DiagnoseRaters, TellsWhatEachRaterDoes) {
  const auto lines = DiagnoseRaters(Drawn(), kScale);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[2].answers, 12);
  EXPECT_EQ(lines[2].ratees, 4);
  for (const int other : {0, 1, 3, 4}) EXPECT_LT(*lines[2].severity, *lines[other].severity - 0.5);
  EXPECT_EQ(*lines[3].halo, 0);
  EXPECT_GT(*lines[0].halo, 1);
  EXPECT_GT(lines[4].central_tendency, 0.5);
  EXPECT_LT(lines[0].central_tendency, 0.1);
  EXPECT_EQ(*lines[4].range, 0);
  EXPECT_GT(*lines[0].range, 1);
}

TEST(DiagnoseRaters, SeverityIsTheMeanDifferenceToTheOthers) {
  // One item, two ratees: others' means are 3 and 3.5.
  const Ratings ratings{
      2, 3, 1, 1, {{0, 0, 2}, {0, 1, 2}, {0, 2, 4}, {1, 0, 3}, {1, 1, 4}, {1, 2, 3}}};
  const auto lines = DiagnoseRaters(ratings, kScale);
  EXPECT_DOUBLE_EQ(*lines[0].severity, ((2 - 3.0) + (3 - 3.5)) / 2);
  EXPECT_DOUBLE_EQ(lines[0].severity_standard_error, 0.25);
  EXPECT_EQ(lines[0].halo, std::nullopt);
  EXPECT_EQ(lines[0].range, std::nullopt);
  EXPECT_EQ(lines[0].drift, std::nullopt);
}

TEST(DiagnoseRaters, JudgesOfShroutAndFleiss) {
  const Table table = testdata::ShroutFleiss();
  Ratings ratings{.ratees = 6, .raters = 4};
  for (int r = 0; r < 6; ++r) {
    for (int c = 0; c < 4; ++c) ratings.answers.push_back({r, c, table.at(r, c)});
  }
  const auto lines = DiagnoseRaters(ratings, {1, 10});
  // Beside the other three judges: 4/3 of what it is beside all four.
  const double beside_all[] = {2.375, -2.791667, -0.958333, 1.375};
  for (int c = 0; c < 4; ++c) EXPECT_NEAR(0.75 * *lines[c].severity, beside_all[c], 1e-6);
}

TEST(DiagnoseRaters, SeesDrift) {
  Ratings ratings{.ratees = 8, .raters = 3};
  for (int ratee = 0; ratee < 8; ++ratee) {
    const int period = ratee / 2;
    for (int rater = 0; rater < 3; ++rater) {
      const double drift = rater == 2 ? 0.3 * period : 0;
      ratings.answers.push_back({ratee, rater, 3 + drift, 0, 0, period});
    }
  }
  const auto lines = DiagnoseRaters(ratings, kScale);
  EXPECT_NEAR(*lines[2].drift, 0.3, 1e-12);
  EXPECT_NEAR(lines[2].drift_standard_error, 0, 1e-6);
  EXPECT_NEAR(*lines[0].drift, -0.15, 1e-12);  // beside the other two
}

TEST(DiagnoseRaters, NobodyElseMeansNoSeverity) {
  const Ratings alone{2, 1, 1, 1, {{0, 0, 2}, {1, 0, 4}}};
  EXPECT_EQ(DiagnoseRaters(alone, kScale)[0].severity, std::nullopt);
  EXPECT_TRUE(DiagnoseRaters({}, kScale).empty());
}

TEST(BandOf, NeedsSizeAndCertainty) {
  const auto band = [](double severity, double error, int answers) {
    return BandOf(
        RaterDiagnostics{
            .answers = answers, .severity = severity, .severity_standard_error = error},
        0.5);
  };
  EXPECT_EQ(band(-0.8, 0.1, 10), SeverityBand::kSevere);
  EXPECT_EQ(band(0.8, 0.1, 10), SeverityBand::kLenient);
  EXPECT_EQ(band(-0.4, 0.1, 10), SeverityBand::kUsual);
  EXPECT_EQ(band(-0.8, 0.5, 10), SeverityBand::kUsual);
  EXPECT_EQ(band(-0.8, 0.1, 2), SeverityBand::kUnknown);
  EXPECT_EQ(BandOf(RaterDiagnostics{.answers = 10}, 0.5), SeverityBand::kUnknown);
}

}  // namespace
}  // namespace teraju::statistics
