#include "common/engines/statistics/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "common/engines/statistics/testdata/tables.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

void ExpectClose(double actual, double expected) {
  EXPECT_NEAR(actual, expected, 1e-6 * std::abs(expected));
}

// domain-rules section 10, Wikipedia's and Fleiss' worked example.
Table FleissExample() {
  return {10, 5, {0, 0, 0, 0, 14, 0, 2, 6, 4, 2, 0, 0, 3, 5, 6, 0, 3, 9, 2, 0, 2, 2, 8, 1, 1,
                  7, 7, 0, 0, 0,  3, 2, 6, 3, 0, 2, 5, 3, 2, 2, 6, 5, 2, 1, 0, 0, 2, 2, 3, 7}};
}

TEST(KrippendorffAlpha, Krippendorff2011) {
  const Table data = testdata::Krippendorff();
  // Exact fractions of the article's table; it prints three digits.
  EXPECT_NEAR(*KrippendorffAlpha(data, Metric::kNominal), 0.743421, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(data, Metric::kOrdinal), 0.815388, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(data, Metric::kInterval), 0.849107, 5e-7);
  EXPECT_NEAR(*KrippendorffAlpha(data, Metric::kRatio), 0.797403, 5e-7);
  ExpectClose(*KrippendorffAlpha(data, Metric::kNominal), 113.0 / 152);
}

TEST(KrippendorffAlpha, PerfectAgreementIsOne) {
  for (const Metric metric :
       {Metric::kNominal, Metric::kOrdinal, Metric::kInterval, Metric::kRatio}) {
    EXPECT_DOUBLE_EQ(*KrippendorffAlpha(Table(3, 2, {1, 1, 2, 2, 5, 5}), metric), 1);
  }
}

TEST(KrippendorffAlpha, RefusesWhatCannotBeCompared) {
  const double o = std::nan("");
  const auto reason = [](const Table& table, Metric metric) {
    return KrippendorffAlpha(table, metric).refusal().reason;
  };
  EXPECT_EQ(reason(Table(2, 2, {1, o, o, 2}), Metric::kNominal), RefusalReason::kOneRater);
  EXPECT_EQ(reason(Table(2, 2, {3, 3, 3, 3}), Metric::kInterval), RefusalReason::kConstantAnswers);
  EXPECT_EQ(reason(Table(2, 2, {-1, 3, 1, 3}), Metric::kRatio), RefusalReason::kNotANumber);
}

TEST(KendallConcordance, AgreesWithFriedmansTestOfR) {
  const KendallW w = KendallConcordance(testdata::Simulated()).value();
  ExpectClose(w.w, 0.465210608424337);
  ExpectClose(w.chi_square, 25.5865834633385);
  EXPECT_EQ(w.degrees, 11);
  ExpectClose(w.p, 0.0074739536915141);
}

TEST(KendallConcordance, IsOneWhereAllRankAlikeAndZeroWhereRanksCancel) {
  EXPECT_DOUBLE_EQ(KendallConcordance(Table(3, 2, {1, 10, 2, 20, 3, 30}))->w, 1);
  EXPECT_DOUBLE_EQ(KendallConcordance(Table(3, 2, {1, 3, 2, 2, 3, 1}))->w, 0);
  EXPECT_EQ(KendallConcordance(Table(2, 2, {1, 2, 1, 2})).refusal().reason,
            RefusalReason::kConstantAnswers);
  EXPECT_EQ(KendallConcordance(Table(1, 2, {1, 2})).refusal().reason, RefusalReason::kTooFew);
  EXPECT_EQ(KendallConcordance(Table(2, 2, {1, 2, 3, std::nan("")})).refusal().reason,
            RefusalReason::kMissingAnswers);
}

TEST(FleissAgreement, TenSubjectsFourteenRaters) {
  const FleissKappa kappa = FleissAgreement(FleissExample()).value();
  EXPECT_NEAR(kappa.kappa, 0.209931, 5e-7);
  // Exact: shares 20, 28, 39, 21, 32 of 140; sum of squares 3950 over 140 squared.
  const double expected = (400.0 + 784 + 1521 + 441 + 1024) / 19600;
  ExpectClose(kappa.kappa, (688.0 / 1820 - expected) / (1 - expected));
  EXPECT_GT(kappa.z, 10);
  EXPECT_LT(kappa.p, 1e-20);
}

TEST(FleissAgreement, RefusesUnequalRatersAndOneCategory) {
  EXPECT_EQ(FleissAgreement(Table(2, 2, {2, 1, 1, 1})).refusal().reason,
            RefusalReason::kMissingAnswers);
  EXPECT_EQ(FleissAgreement(Table(2, 2, {3, 0, 3, 0})).refusal().reason,
            RefusalReason::kConstantAnswers);
  EXPECT_EQ(FleissAgreement(Table(2, 2, {1, 0, 0, 1})).refusal().reason, RefusalReason::kOneRater);
}

TEST(RankCorrelation, AgreesWithCorTestOfR) {
  // R: cor.test(x, y, method = "kendall", exact = FALSE)
  const std::vector<double> x = {1, 2, 2, 3, 4, 5, 5, 5, 6, 7};
  const std::vector<double> y = {2, 1, 3, 3, 5, 4, 4, 7, 6, 6};
  const KendallTau tau = RankCorrelation(x, y).value();
  ExpectClose(tau.tau, 0.698845904432226);
  ExpectClose(tau.z, 2.67420278666703);
  ExpectClose(tau.p, 0.00749071409918269);
  EXPECT_FALSE(RankCorrelation(x, std::vector<double>{1, 2}).ok());
  EXPECT_FALSE(RankCorrelation(std::vector<double>(4, 1), std::vector<double>{1, 2, 3, 4}).ok());
}

TEST(RankCorrelation, FindsAnOrderThatWasKept) {
  std::vector<double> submitted(200);
  std::iota(submitted.begin(), submitted.end(), 0);
  std::vector<double> published = submitted;
  std::shuffle(published.begin(), published.end(), std::mt19937_64(3));
  EXPECT_GT(RankCorrelation(submitted, published)->p, 0.01);
  // The control: sorted within blocks of ten, as a careless batch would leave it.
  for (auto block = published.begin(); block != published.end(); block += 10) {
    std::iota(block, block + 10, std::distance(published.begin(), block));
    std::shuffle(block, block + 10, std::mt19937_64(4));
  }
  EXPECT_LT(RankCorrelation(submitted, published)->p, 1e-6);
}

}  // namespace
}  // namespace teraju::statistics
