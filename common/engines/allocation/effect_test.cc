#include "common/engines/allocation/effect.h"

#include <functional>
#include <random>

#include "common/decimal/rounding.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Decimal D(const std::string& text) { return Decimal::Parse(text).value(); }
Decimal Figure(double value) { return Round(Rational(value), 4, Rounding::kHalfUp); }
double ToDouble(const Decimal& value) { return static_cast<double>(ToRational(value)); }

TEST(EstimateEffect, AgreesWithTheTextbook) {
  // Paired differences 1, 2, 3, 4: mean 2.5, s = 1.290994, t(0.975; 3) = 3.182446.
  std::vector<Measured> trained, untrained;
  for (int i = 1; i <= 4; ++i) {
    trained.push_back({.stratum = "a", .before = 10 * i, .after = 10 * i + i});
    untrained.push_back({.stratum = "a", .before = 10 * i, .after = 10 * i});
  }
  const EffectEstimate estimate =
      EstimateEffect(trained, untrained, {.caliper = 1, .minimum_pairs = 4}).value();
  EXPECT_TRUE(estimate.estimated);
  EXPECT_EQ(estimate.pairs, 4);
  EXPECT_EQ(estimate.mean, D("2.5"));
  EXPECT_EQ(estimate.standard_error, D("0.645497"));
  EXPECT_NEAR(ToDouble(estimate.lower), 2.5 - 3.182446305 * 0.6454972244, 1e-6);
  EXPECT_NEAR(ToDouble(estimate.upper), 2.5 + 3.182446305 * 0.6454972244, 1e-6);
  EXPECT_TRUE(estimate.significant);
  EXPECT_THAT(estimate.text.en, HasSubstr("Observed, not proven"));
  EXPECT_THAT(estimate.text.en, HasSubstr("n = 4 pairs"));
  EXPECT_THAT(estimate.text.id, HasSubstr("bukan bukti"));
}

TEST(EstimateEffect, ComparesOnlyLikeWithLike) {
  const std::vector<Measured> trained = {{"a", 10, 12}, {"a", 50, 52}, {"b", 10, 12}};
  const std::vector<Measured> untrained = {{"a", 11, 11}, {"a", 30, 30}, {"c", 10, 10}};
  const EffectEstimate estimate =
      EstimateEffect(trained, untrained, {.caliper = 2, .minimum_pairs = 2}).value();
  EXPECT_EQ(estimate.pairs, 1);
  EXPECT_FALSE(estimate.estimated);
  EXPECT_THAT(estimate.text.en, HasSubstr("only 1 of 3"));
  EXPECT_THAT(estimate.text.id, HasSubstr("hanya 1 dari 3"));
}

TEST(EstimateEffect, MakesAsManyPairsAsPossible) {
  // The nearest of both is the same colleague; only together do both find one.
  const std::vector<Measured> trained = {{"a", 10, 10}, {"a", 12, 12}};
  const std::vector<Measured> untrained = {{"a", 11, 11}, {"a", 8, 8}};
  EXPECT_EQ(EstimateEffect(trained, untrained, {.caliper = 2, .minimum_pairs = 2})->pairs, 2);
}

TEST(EstimateEffect, SaysThatNothingSignificantChanged) {
  std::vector<Measured> trained, untrained;
  for (int i = 0; i < 10; ++i) {
    trained.push_back({.stratum = "a", .before = i, .after = i + (i % 2 == 0 ? 1 : -1)});
    untrained.push_back({.stratum = "a", .before = i, .after = i});
  }
  const EffectEstimate estimate = EstimateEffect(trained, untrained, {.caliper = 1}).value();
  EXPECT_FALSE(estimate.significant);
  EXPECT_THAT(estimate.text.en, HasSubstr("no significant change"));
  EXPECT_THAT(estimate.text.id, HasSubstr("tidak ada perubahan yang nyata"));
}

// Those with low figures are sent to courses, and low figures rise by themselves: without a
// comparison the course looks better than it is.
struct Truth {
  std::vector<Measured> trained, untrained;
};
Truth Simulate(std::uint32_t seed, double effect) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 5);
  Truth truth;
  for (int i = 0; i < 300; ++i) {
    const double ability = 70 + 2 * noise(random);
    const double before = ability + noise(random);
    const bool sent = before + noise(random) < 63;
    const double after = ability + noise(random) + (sent ? effect : 0);
    (sent ? truth.trained : truth.untrained)
        .push_back({.stratum = "", .before = Figure(before), .after = Figure(after)});
  }
  return truth;
}

TEST(EstimateEffect, FindsTheTruthWhereTheRawChangeDoesNot) {
  constexpr double kEffect = 4;
  double matched = 0, raw = 0;
  int covered = 0, runs = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    const Truth truth = Simulate(seed, kEffect);
    const EffectEstimate estimate =
        EstimateEffect(truth.trained, truth.untrained, {.caliper = 1}).value();
    ASSERT_TRUE(estimate.estimated) << seed;
    ++runs;
    matched += ToDouble(estimate.mean);
    covered += ToDouble(estimate.lower) <= kEffect && kEffect <= ToDouble(estimate.upper);
    double change = 0;
    for (const Measured& person : truth.trained) change += ToDouble(person.after - person.before);
    raw += change / static_cast<double>(truth.trained.size());
  }
  EXPECT_NEAR(matched / runs, kEffect, 0.3);
  EXPECT_GT(raw / runs, kEffect + 1);  // regression to the mean
  EXPECT_GE(covered, runs * 92 / 100);
  EXPECT_LE(covered, runs * 98 / 100);
}

TEST(EstimateEffect, RefusesWhatMakesNoSense) {
  const auto refused = [](const std::function<void(EffectSettings&)>& change) {
    EffectSettings settings{.caliper = 1};
    change(settings);
    EXPECT_THAT(EstimateEffect({}, {}, settings), StatusIs(absl::StatusCode::kInvalidArgument));
  };
  refused([](EffectSettings& s) { s.caliper = 0; });
  refused([](EffectSettings& s) { s.minimum_pairs = 1; });
  refused([](EffectSettings& s) { s.confidence = 1; });
  EXPECT_THAT(EstimateEffect({{"", 2'000'000, 0}}, {}, {.caliper = 1}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(EstimateEffect({}, {}, {.caliper = 1})->estimated);
}

CourseEffect Known(const char* mean, const char* error, int gap) {
  CourseEffect course{.estimate = {}, .mean_gap = gap};
  course.estimate.estimated = true;
  course.estimate.mean = D(mean);
  course.estimate.standard_error = D(error);
  return course;
}

TEST(ExpectedEffects, TrustEstimatesAsFarAsTheyAreSure) {
  const Decimal prior = D("0.6");
  // Exact, as unsure as courses differ (0.25 of the gap), and not known.
  EXPECT_THAT(ExpectedEffects({Known("2", "0", 10), Known("2", "2.5", 10)}, prior),
              ElementsAre(D("0.2"), D("0.4")));
  EXPECT_THAT(ExpectedEffects({CourseEffect{}}, prior), ElementsAre(prior));
  EXPECT_THAT(ExpectedEffects({Known("2", "0", 0)}, prior), ElementsAre(prior));
  // Within what an offering takes.
  EXPECT_THAT(ExpectedEffects({Known("-5", "0", 10), Known("50", "0", 10)}, prior),
              ElementsAre(D("0.001"), D("1")));
}

TEST(ExpectedEffects, AreNearerTheTruthThanTheEstimates) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  double shrunk_error = 0, raw_error = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<CourseEffect> courses;
    std::vector<double> truths;
    for (int i = 0; i < 12; ++i) {
      truths.push_back(0.6 + 0.08 * normal(random));
      CourseEffect course{.estimate = {}, .mean_gap = 10};
      course.estimate.estimated = true;
      course.estimate.mean = Figure(10 * (truths.back() + 0.15 * normal(random)));
      course.estimate.standard_error = D("1.5");
      courses.push_back(course);
    }
    const std::vector<Decimal> shrunk = ExpectedEffects(courses, D("0.6"));
    for (std::size_t i = 0; i < truths.size(); ++i) {
      shrunk_error += std::abs(ToDouble(shrunk[i]) - truths[i]);
      raw_error += std::abs(ToDouble(courses[i].estimate.mean) / 10 - truths[i]);
    }
  }
  EXPECT_LT(shrunk_error, 0.7 * raw_error);
}

}  // namespace
}  // namespace teraju::allocation
