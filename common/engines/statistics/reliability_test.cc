#include "common/engines/statistics/reliability.h"

#include <cmath>

#include "common/engines/statistics/testdata/tables.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

// Agreement with a published value or with R: relative.
constexpr double kTolerance = 1e-6;
void ExpectClose(double actual, double expected, const char* what) {
  EXPECT_NEAR(actual, expected, kTolerance * std::abs(expected)) << what;
}

TEST(AnalyseVariance, ShroutAndFleiss) {
  const AnalysisOfVariance a = AnalyseVariance(testdata::ShroutFleiss()).value();
  ExpectClose(a.between_ratees, 11.2416666667, "MSB");
  ExpectClose(a.between_raters, 32.4861111111, "MSJ");
  ExpectClose(a.residual, 1.0194444444, "MSE");
  ExpectClose(a.within_ratees, 6.2638888889, "MSW");
  const VarianceComponents c = ComponentsOf(a);
  ExpectClose(c.ratee, 2.5555555556, "ratee");
  ExpectClose(c.rater, 5.2444444444, "rater");
}

struct IccCase {
  double value, lower, upper, f, p;
};

void ExpectIcc(const Table& table, const std::array<IccCase, 6>& expected) {
  const auto result = IntraclassCorrelations(table);
  ASSERT_TRUE(result.ok());
  for (int i = 0; i < 6; ++i) {
    SCOPED_TRACE(i);
    const Icc& icc = result.value()[i];
    ExpectClose(icc.value, expected[i].value, "value");
    ExpectClose(icc.interval.lower, expected[i].lower, "lower");
    ExpectClose(icc.interval.upper, expected[i].upper, "upper");
    ExpectClose(icc.f, expected[i].f, "F");
    ExpectClose(icc.p, expected[i].p, "p");
  }
}

TEST(IntraclassCorrelations, ShroutAndFleiss1979) {
  // testdata/reliability.R, package psych; the article gives two digits of the values.
  constexpr double kF1 = 1.79467849224;
  constexpr double kP1 = 0.16476880929;
  constexpr double kF2 = 11.02724795640;
  constexpr double kP2 = 0.000134566534447;
  ExpectIcc(testdata::ShroutFleiss(),
            {{{0.16574177653, -0.132932309926, 0.722560121605, kF1, kP1},
              {0.28976377953, 0.018786523917, 0.761084388303, kF2, kP2},
              {0.71484071484, 0.342464815082, 0.945858307213, kF2, kP2},
              {0.44279713367, -0.884442188640, 0.912415383920, kF1, kP1},
              {0.62005054759, 0.071136781826, 0.927231999016, kF2, kP2},
              {0.90931554237, 0.675674723064, 0.985891708917, kF2, kP2}}});
}

TEST(IntraclassCorrelations, AgreesWithPsych) {
  constexpr double kF1 = 2.18181818182;
  constexpr double kP1 = 0.03147811631875;
  constexpr double kF2 = 3.48387096774;
  constexpr double kP2 = 0.00148815593506;
  ExpectIcc(testdata::Simulated(),
            {{{0.191176470588, -0.00821501767929, 0.529041452760, kF1, kP1},
              {0.237288135593, 0.04896570302012, 0.553035515603, kF2, kP2},
              {0.331896551724, 0.09317179712165, 0.657789875008, kF2, kP2},
              {0.541666666667, -0.04247067787484, 0.848866018114, kF1, kP1},
              {0.608695652174, 0.20472959994019, 0.860851582616, kF2, kP2},
              {0.712962962963, 0.33937738292864, 0.905757341425, kF2, kP2}}});
}

TEST(IntraclassCorrelations, HaveNoLimitBelowThePole) {
  const auto result = IntraclassCorrelations(Table(2, 3, {4, 3, 4, 5, 5, 4}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value()[4].interval.lower, -INFINITY);
  EXPECT_LT(result.value()[4].interval.lower, result.value()[4].interval.upper);
}

TEST(Generalize, ShroutAndFleiss) {
  const VarianceComponents c = ComponentsOf(*AnalyseVariance(testdata::ShroutFleiss()));
  ExpectClose(Generalize(c, 4)->relative, 0.9093155424, "relative");
  ExpectClose(Generalize(c, 4)->absolute, 0.6200505476, "phi");
  ExpectClose(Generalize(c, 1)->absolute_error, 2.5027758, "SEM, absolute");
  ExpectClose(Generalize(c, 1)->relative_error, 1.0096754, "SEM, relative");
  EXPECT_FALSE(Generalize(c, 0).ok());
  EXPECT_EQ(Generalize({}, 3).refusal().reason, RefusalReason::kConstantAnswers);
}

TEST(SpearmanBrown, StepsUpAndBack) {
  const double single = 0.28976377953;
  for (const auto& [raters, expected] :
       {std::pair{3, 0.5503}, {4, 0.6201}, {5, 0.6710}, {10, 0.8031}}) {
    EXPECT_NEAR(*SpearmanBrown(single, raters), expected, 5e-5);
    ExpectClose(*RatersNeeded(single, *SpearmanBrown(single, raters)), raters, "raters");
  }
  EXPECT_NEAR(*RatersNeeded(single, 0.8), 9.804, 5e-4);
}

TEST(SpearmanBrown, RefusesWhatHasNoAnswer) {
  EXPECT_FALSE(SpearmanBrown(-0.5, 3).ok());  // a pole
  EXPECT_FALSE(SpearmanBrown(1.5, 3).ok());
  EXPECT_FALSE(SpearmanBrown(0.5, 0).ok());
  EXPECT_FALSE(RatersNeeded(0, 0.8).ok());
  EXPECT_FALSE(RatersNeeded(-0.1, 0.8).ok());
  EXPECT_FALSE(RatersNeeded(0.5, 1).ok());
}

TEST(ShrinkTowardsMean, BaseballPlayersOfEfronAndMorris) {
  const std::vector<double> hits = {
      18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7};
  std::vector<double> averages;
  double mean = 0;
  for (const double h : hits) {
    // As printed, to three digits.
    averages.push_back(std::round(1000 * h / 45) / 1000);
    mean += averages.back() / 18;
  }
  const auto result = ShrinkTowardsMean(averages, mean * (1 - mean) / 45);
  ASSERT_TRUE(result.ok());
  ExpectClose(result->mean, 0.2653889, "mean");
  ExpectClose(result->factor, 0.2123905, "factor");
  const std::array published = {.294,
                                .289,
                                .285,
                                .280,
                                .275,
                                .275,
                                .270,
                                .266,
                                .261,
                                .261,
                                .256,
                                .256,
                                .256,
                                .256,
                                .256,
                                .252,
                                .247,
                                .242};
  for (int i = 0; i < 18; ++i) EXPECT_NEAR(result->values[i], published[i], 0.001) << i;
  EXPECT_EQ(ShrinkTowardsMean({1, 1, 1, 1}, 1).refusal().reason, RefusalReason::kConstantAnswers);
  EXPECT_EQ(ShrinkTowardsMean({1, 2, 3}, 1).refusal().reason, RefusalReason::kTooFew);
  EXPECT_EQ(ShrinkTowardsMean({1, 2, 3, 4}, 1e6)->factor, 0);
}

TEST(CronbachAlpha, EqualsIcc3kAndAgreesWithPsych) {
  const Cronbach shrout = CronbachAlpha(testdata::ShroutFleiss()).value();
  ExpectClose(shrout.raw, 0.909315542377, "raw");
  ExpectClose(shrout.standardized, 0.926943650, "standardised");
  const Cronbach simulated = CronbachAlpha(testdata::Simulated()).value();
  ExpectClose(simulated.raw, 0.712962962963, "raw");
  ExpectClose(simulated.standardized, 0.716662402711, "standardised");
  const std::array dropped = {0.602150537634409,
                              0.758095238095238,
                              0.687922705314010,
                              0.615744805384841,
                              0.627885503231764};
  for (int i = 0; i < 5; ++i) ExpectClose(simulated.if_dropped[i], dropped[i], "if dropped");
  EXPECT_TRUE(CronbachAlpha(Table(3, 2, {1, 2, 2, 2.5, 3, 3}))->if_dropped.empty());
}

TEST(Reliability, GivesAnAnswerInsteadOfANumber) {
  const double o = std::nan("");
  const auto reason = [](const Table& table) {
    return IntraclassCorrelations(table).refusal().reason;
  };
  EXPECT_EQ(reason(Table(1, 3, {1, 2, 3})), RefusalReason::kTooFew);
  EXPECT_EQ(reason(Table(3, 1, {1, 2, 3})), RefusalReason::kOneRater);
  EXPECT_EQ(reason(Table(2, 2, {1, 2, o, 3})), RefusalReason::kMissingAnswers);
  EXPECT_EQ(reason(Table(2, 2, {4, 4, 4, 4})), RefusalReason::kConstantAnswers);
  EXPECT_EQ(reason(Table(3, 2, {0.1, 0.2, 0.3, 0.4, 0.5, 0.6})), RefusalReason::kZeroVariance);
  EXPECT_EQ(reason(Table(2, 2, {1, 2, INFINITY, 3})), RefusalReason::kNotANumber);
  EXPECT_EQ(CronbachAlpha(Table(3, 2, {1, 4, 2, 4, 3, 4})).refusal().reason,
            RefusalReason::kZeroVariance);
  const Refusal refusal = AnalyseVariance(Table(2, 2, {4, 4, 4, 4})).refusal();
  EXPECT_EQ(ReasonName(refusal.reason), "CONSTANT_ANSWERS");
  EXPECT_FALSE(refusal.en.empty());
  EXPECT_FALSE(refusal.id.empty());
}

}  // namespace
}  // namespace teraju::statistics
