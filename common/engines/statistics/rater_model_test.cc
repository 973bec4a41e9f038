#include "common/engines/statistics/rater_model.h"

#include <cmath>

#include "common/engines/statistics/campaign_simulation.h"
#include "common/engines/statistics/testdata/rater_model_reference.h"
#include "common/engines/statistics/testdata/tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

Ratings FromTable(const Table& table) {
  Ratings ratings{.ratees = table.rows(), .raters = table.columns()};
  for (int r = 0; r < table.rows(); ++r) {
    for (int c = 0; c < table.columns(); ++c) {
      if (table.Has(r, c)) ratings.answers.push_back({r, c, table.at(r, c)});
    }
  }
  return ratings;
}

std::vector<double> Values(const std::vector<Effect>& effects) {
  std::vector<double> values;
  for (const Effect& effect : effects) values.push_back(effect.value);
  return values;
}

std::vector<double> ConditionalSds(const std::vector<Effect>& effects) {
  std::vector<double> values;
  for (const Effect& effect : effects) values.push_back(effect.conditional_sd);
  return values;
}

TEST(FitRaterModel, AgreesWithLme4) {
  for (const testdata::ReferenceFit& expected : testdata::ReferenceFits()) {
    SCOPED_TRACE(expected.name);
    const auto fit = FitRaterModel(expected.ratings, {.pair_effect = expected.pair_effect});
    ASSERT_TRUE(fit.ok()) << fit.refusal().en;
    EXPECT_NEAR(fit->ratee_sd, expected.ratee_sd, 1e-4 * expected.ratee_sd);
    EXPECT_NEAR(fit->rater_sd, expected.rater_sd, 1e-4 * expected.rater_sd + 1e-9);
    EXPECT_NEAR(fit->item_sd, expected.item_sd, 1e-4 * expected.item_sd);
    EXPECT_NEAR(fit->pair_sd, expected.pair_sd, 1e-4 * expected.pair_sd);
    EXPECT_NEAR(fit->residual_sd, expected.residual_sd, 1e-4 * expected.residual_sd);
    EXPECT_NEAR(fit->criterion, expected.criterion, 1e-6 * expected.criterion);
    for (std::size_t g = 0; g < expected.group_means.size(); ++g) {
      EXPECT_NEAR(fit->groups[g].mean, expected.group_means[g], 1e-4);
      EXPECT_NEAR(fit->groups[g].standard_error, expected.group_errors[g], 1e-4);
    }
    EXPECT_THAT(Values(fit->ratee_effects), Pointwise(DoubleNear(1e-4), expected.ratee_effects));
    EXPECT_THAT(Values(fit->rater_effects), Pointwise(DoubleNear(1e-4), expected.rater_effects));
    EXPECT_THAT(ConditionalSds(fit->ratee_effects),
                Pointwise(DoubleNear(1e-4), expected.ratee_conditional_sds));
    EXPECT_THAT(ConditionalSds(fit->rater_effects),
                Pointwise(DoubleNear(1e-4), expected.rater_conditional_sds));
  }
}

TEST(FitRaterModel, PublishedFitOfABalancedTable) {
  const auto fit = FitRaterModel(FromTable(testdata::ShroutFleiss()));
  ASSERT_TRUE(fit.ok());
  // Balanced: REML is the analysis of variance, so these are exact.
  EXPECT_NEAR(fit->ratee_sd, std::sqrt(23.0 / 9), 1e-7);
  EXPECT_NEAR(fit->rater_sd, std::sqrt(236.0 / 45), 1e-7);
  EXPECT_NEAR(fit->residual_sd, 1.00967488, 1e-6);
  EXPECT_NEAR(fit->mean, 5.29166667, 1e-8);
  EXPECT_NEAR(fit->criterion, 91.27866712, 1e-8);
  EXPECT_THAT(
      Values(fit->ratee_effects),
      Pointwise(DoubleNear(1e-6),
                {0.64409874, -2.08384886, 1.09875667, -1.17453299, 2.00807253, -0.49254609}));
  EXPECT_THAT(Values(fit->rater_effects),
              Pointwise(DoubleNear(1e-6), {2.30047045, -2.70406176, -0.92826001, 1.33185131}));
  EXPECT_NEAR(fit->ratee_effects[0].conditional_sd, 0.719101, 1e-6);
  EXPECT_NEAR(fit->rater_effects[0].conditional_sd, 0.684502, 1e-6);
  EXPECT_EQ(fit->ratees[0].raters, 4);
  EXPECT_DOUBLE_EQ(fit->ratees[0].raw, 6);
  EXPECT_NEAR(fit->ratees[0].adjusted, 5.29166667 + 0.64409874, 1e-6);
  EXPECT_LT(fit->ratees[0].interval.lower, fit->ratees[0].adjusted);
  EXPECT_TRUE(fit->exact);
}

TEST(FitRaterModel, Dyestuff) {
  const Ratings batches =
      FromTable({6, 5, {1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495,
                        1595, 1550, 1605, 1510, 1560, 1445, 1440, 1595, 1465, 1545,
                        1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445}});
  const auto fit = FitRaterModel(batches, {.rater_effect = false});
  ASSERT_TRUE(fit.ok());
  EXPECT_NEAR(fit->ratee_sd, 42.0006, 1e-4);
  EXPECT_NEAR(fit->residual_sd, 49.5101, 1e-4);
  EXPECT_NEAR(fit->mean, 1527.5, 1e-9);
  EXPECT_NEAR(fit->criterion, 319.654277, 1e-6);
  EXPECT_THAT(
      Values(fit->ratee_effects),
      Pointwise(DoubleNear(1e-4),
                {-17.60685137, 0.39126336, 28.56222555, -23.08453846, 56.73318774, -44.99528683}));
  EXPECT_TRUE(fit->rater_effects.empty());
  const auto full =
      FitRaterModel(batches, {.likelihood = Likelihood::kFull, .rater_effect = false});
  EXPECT_NEAR(full->ratee_sd, 37.26035, 1e-5 * 37);
  EXPECT_NEAR(full->residual_sd, 49.51010, 1e-5 * 49);
}

TEST(FitRaterModel, RemovesSeverity) {
  // Two ratees of the same worth, one seen by the severe raters only; a third links them.
  Ratings ratings{.ratees = 8, .raters = 6};
  for (int ratee = 0; ratee < 8; ++ratee) {
    for (int rater = 0; rater < 6; ++rater) {
      if (ratee == 0 && rater < 3) continue;   // seen by the lenient
      if (ratee == 1 && rater >= 3) continue;  // seen by the severe
      const double severity = rater < 3 ? -1 : 1;
      const double noise = ((ratee * 5 + rater * 3) % 4 - 1.5) / 10;
      const int pair = ratee / 2;
      ratings.answers.push_back({ratee, rater, 3 + severity + 0.2 * pair + noise});
    }
  }
  const auto fit = FitRaterModel(ratings);
  ASSERT_TRUE(fit.ok());
  EXPECT_GT(fit->ratees[0].raw - fit->ratees[1].raw, 1.5);
  EXPECT_NEAR(fit->ratees[0].adjusted, fit->ratees[1].adjusted, 0.25);
}

TEST(FitRaterModel, TheGroupsSharesDecideTheLevel) {
  const Ratings ratings = testdata::ReferenceFits()[3].ratings;
  const auto as_answered = FitRaterModel(ratings);
  const auto first_only = FitRaterModel(ratings, {.group_weights = {1, 0, 0}});
  EXPECT_NEAR(first_only->mean, first_only->groups[0].mean, 1e-12);
  EXPECT_NEAR(first_only->ratees[2].adjusted - first_only->mean,
              as_answered->ratees[2].adjusted - as_answered->mean,
              1e-9);
}

TEST(FitRaterModel, TheIterativeWayIsCloseOnSmallData) {
  // Probes average over levels: on twenty ratees the error is large, on thousands it is small.
  const testdata::ReferenceFit reference = testdata::ReferenceFits()[1];
  const auto fit = FitRaterModel(reference.ratings, {.exact_limit = 0});
  ASSERT_TRUE(fit.ok());
  EXPECT_FALSE(fit->exact);
  EXPECT_NEAR(fit->ratee_sd, reference.ratee_sd, 0.02);
  EXPECT_NEAR(fit->rater_sd, reference.rater_sd, 0.02);
  EXPECT_NEAR(fit->criterion, reference.criterion, 1);
}

TEST(FitRaterModel, TheFullLikelihoodIsTheHighestAtItsEstimates) {
  // With items and pairs: every trace takes part. Restricted estimates do not maximise it.
  const testdata::ReferenceFit reference = testdata::ReferenceFits()[5];
  const auto full =
      FitRaterModel(reference.ratings, {.likelihood = Likelihood::kFull, .pair_effect = true});
  ASSERT_TRUE(full.ok());
  EXPECT_NEAR(full->ratee_sd, reference.ml_ratee_sd, 1e-4);
  EXPECT_NEAR(full->pair_sd, reference.ml_pair_sd, 1e-4);
  EXPECT_NEAR(full->criterion, reference.ml_criterion, 1e-5);
}

TEST(FitRaterModel, TheIterativeWayAgreesOnAThousand) {
  const Ratings ratings = DrawCampaign({.people = 1000}, 3).ratings;
  const auto exact = FitRaterModel(ratings, {.exact_limit = 1e12});
  const auto iterative = FitRaterModel(ratings, {.exact_limit = 0});
  ASSERT_TRUE(exact.ok() && iterative.ok());
  EXPECT_TRUE(exact->exact);
  EXPECT_FALSE(iterative->exact);
  EXPECT_NEAR(iterative->ratee_sd, exact->ratee_sd, 2e-3 * exact->ratee_sd);
  EXPECT_NEAR(iterative->rater_sd, exact->rater_sd, 2e-3 * exact->rater_sd);
  EXPECT_NEAR(iterative->criterion, exact->criterion, 1e-3 * exact->criterion);
  for (std::size_t i = 0; i < exact->ratees.size(); ++i) {
    EXPECT_NEAR(iterative->ratees[i].adjusted, exact->ratees[i].adjusted, 2e-3);
    EXPECT_NEAR(iterative->ratees[i].standard_error,
                exact->ratees[i].standard_error,
                0.05 * exact->ratees[i].standard_error);
  }
}

TEST(FitRaterModel, IntervalsStayWithinTheScale) {
  RaterModelOptions options{.scale = Interval{1, 5}};
  const auto fit = FitRaterModel(testdata::ReferenceFits()[3].ratings, options);
  for (const AdjustedRatee& ratee : fit->ratees) {
    EXPECT_GE(ratee.interval.lower, 1);
    EXPECT_LE(ratee.interval.upper, 5);
  }
}

RefusalReason ReasonOf(const Ratings& ratings) { return FitRaterModel(ratings).refusal().reason; }

TEST(FitRaterModel, RefusesWhatCannotBeIdentified) {
  EXPECT_EQ(ReasonOf({2, 1, 1, 1, {{0, 0, 3}, {1, 0, 4}}}), RefusalReason::kOneRater);
  EXPECT_EQ(ReasonOf({1, 2, 1, 1, {{0, 0, 3}, {0, 1, 4}}}), RefusalReason::kTooFew);
  EXPECT_EQ(ReasonOf({0, 0, 1, 1, {}}), RefusalReason::kTooFew);
  EXPECT_EQ(ReasonOf(FromTable({3, 3, {4, 4, 4, 4, 4, 4, 4, 4, 4}})),
            RefusalReason::kConstantAnswers);
  EXPECT_EQ(ReasonOf(FromTable({2, 2, {1, 2, 4, 3}})), RefusalReason::kTooFew);
  EXPECT_EQ(ReasonOf({2, 2, 1, 1, {{0, 5, 3}, {1, 0, 4}}}), RefusalReason::kNotANumber);
  EXPECT_EQ(ReasonOf(FromTable({3, 3, {1, 2, INFINITY, 2, 3, 4, 3, 4, 5}})),
            RefusalReason::kNotANumber);
  // Every rater copies the first, a constant apart.
  EXPECT_EQ(ReasonOf(FromTable({4, 3, {1, 2, 3, 2, 3, 4, 4, 5, 6, 3, 4, 5}})),
            RefusalReason::kZeroVariance);
  const double o = std::nan("");
  const Ratings apart = FromTable({4, 4, {1, 2, o, o, 3, 3, o, o, o, o, 4, 5, o, o, 2, 2}});
  EXPECT_EQ(ReasonOf(apart), RefusalReason::kUnconnected);
  EXPECT_THAT(FitRaterModel(apart).refusal().en, HasSubstr("At least 1 further"));
}

}  // namespace
}  // namespace teraju::statistics
