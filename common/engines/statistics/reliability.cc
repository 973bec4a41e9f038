#include "common/engines/statistics/reliability.h"

#include <cmath>
#include <limits>

#include "common/engines/statistics/distributions.h"

namespace teraju::statistics {
namespace {

// Rounding leaves dust where exact arithmetic gives zero.
bool IsDust(double value, double scale) { return std::abs(value) <= 1e-12 * std::abs(scale); }

struct Means {
  std::vector<double> rows;
  std::vector<double> columns;
  double all = 0;
};

Means MeansOf(const Table& table) {
  Means means{std::vector<double>(table.rows()), std::vector<double>(table.columns()), 0};
  for (int r = 0; r < table.rows(); ++r) {
    for (int c = 0; c < table.columns(); ++c) {
      means.rows[r] += table.at(r, c) / table.columns();
      means.columns[c] += table.at(r, c) / table.rows();
    }
    means.all += means.rows[r] / table.rows();
  }
  return means;
}

std::optional<Refusal> CheckComplete(const Table& table) {
  if (table.rows() < 2) {
    return TooFew("At least two ratees are needed. Add ratees.",
                  "Diperlukan sedikitnya dua orang yang dinilai. Tambahkan orang yang dinilai.");
  }
  if (table.columns() < 2) {
    return Refusal{RefusalReason::kOneRater,
                   "There is one column only (one rater, or one item): agreement needs at least "
                   "two. Add raters or items.",
                   "Hanya ada satu kolom (satu penilai atau satu butir): kesesuaian memerlukan "
                   "sedikitnya dua. Tambahkan penilai atau butir."};
  }
  if (!table.Complete()) return MissingAnswers();
  if (!table.Finite()) return NotANumber();
  return std::nullopt;
}

double SampleVariance(const std::vector<double>& values) {
  double mean = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return sum / (static_cast<double>(values.size()) - 1);
}

struct FTest {
  double f, d1, d2;
};

// Limits of an ICC that is (F - 1) / (F + k - 1) of a mean-square ratio.
Interval RatioInterval(const FTest& test, double k, double tail) {
  const double lower = test.f / FQuantile(1 - tail, test.d1, test.d2);
  const double upper = test.f * FQuantile(1 - tail, test.d2, test.d1);
  return {(lower - 1) / (lower + k - 1), (upper - 1) / (upper + k - 1)};
}

// Below the formula's pole there is no limit.
Interval StepUp(const Interval& single, double k) {
  const auto step = [&](double r) {
    const double denominator = 1 + (k - 1) * r;
    return denominator > 0 ? k * r / denominator : -std::numeric_limits<double>::infinity();
  };
  return {step(single.lower), step(single.upper)};
}

// Shrout and Fleiss 1979, p. 424: Satterthwaite's degrees of freedom for the denominator.
Interval TwoWayRandomInterval(const AnalysisOfVariance& a, double icc, double tail) {
  const double n = a.ratees;
  const double k = a.raters;
  const double fj = a.between_raters / a.residual;
  const double core = n * (1 + (k - 1) * icc) - k * icc;
  const double numerator = (k - 1) * (n - 1) * std::pow(k * icc * fj + core, 2);
  const double denominator = (n - 1) * std::pow(k * icc * fj, 2) + core * core;
  const double v = numerator / denominator;
  const double upper_f = FQuantile(1 - tail, n - 1, v);
  const double lower_f = FQuantile(1 - tail, v, n - 1);
  const double spread = k * a.between_raters + (k * n - k - n) * a.residual;
  const double b = a.between_ratees;
  return {n * (b - upper_f * a.residual) / (upper_f * spread + n * b),
          n * (lower_f * b - a.residual) / (spread + n * lower_f * b)};
}

}  // namespace

Outcome<AnalysisOfVariance> AnalyseVariance(const Table& ratings) {
  if (auto refusal = CheckComplete(ratings)) return *std::move(refusal);
  const Means means = MeansOf(ratings);
  const double n = ratings.rows();
  const double k = ratings.columns();
  AnalysisOfVariance result{.ratees = ratings.rows(), .raters = ratings.columns()};
  result.mean = means.all;
  double within = 0;
  double residual = 0;
  double total = 0;
  double scale = 0;
  for (int r = 0; r < ratings.rows(); ++r) {
    result.between_ratees += std::pow(means.rows[r] - means.all, 2) * k / (n - 1);
    for (int c = 0; c < ratings.columns(); ++c) {
      const double y = ratings.at(r, c);
      within += std::pow(y - means.rows[r], 2);
      residual += std::pow(y - means.rows[r] - means.columns[c] + means.all, 2);
      total += std::pow(y - means.all, 2);
      scale += y * y;
    }
  }
  for (const double mean : means.columns) {
    result.between_raters += std::pow(mean - means.all, 2) * n / (k - 1);
  }
  if (IsDust(total, scale)) return ConstantAnswers();
  if (IsDust(residual, total)) residual = 0;
  result.within_ratees = within / (n * (k - 1));
  result.residual = residual / ((n - 1) * (k - 1));
  return result;
}

Outcome<std::array<Icc, 6>> IntraclassCorrelations(const Table& ratings, double confidence) {
  const auto analysis = AnalyseVariance(ratings);
  if (!analysis.ok()) return analysis.refusal();
  const AnalysisOfVariance& a = *analysis;
  if (a.residual == 0 || a.within_ratees == 0) return ZeroVariance();
  const double n = a.ratees;
  const double k = a.raters;
  const double tail = (1 - confidence) / 2;
  const double b = a.between_ratees;
  const FTest one_way{b / a.within_ratees, n - 1, n * (k - 1)};
  const FTest two_way{b / a.residual, n - 1, (n - 1) * (k - 1)};
  const double icc1 = (b - a.within_ratees) / (b + (k - 1) * a.within_ratees);
  const double icc2 =
      (b - a.residual) / (b + (k - 1) * a.residual + k * (a.between_raters - a.residual) / n);
  const double icc3 = (b - a.residual) / (b + (k - 1) * a.residual);
  const Interval limits1 = RatioInterval(one_way, k, tail);
  const Interval limits2 = TwoWayRandomInterval(a, icc2, tail);
  const Interval limits3 = RatioInterval(two_way, k, tail);
  const double mean2 = (b - a.residual) / (b + (a.between_raters - a.residual) / n);
  const auto make = [](IccForm form, int raters, double value, Interval limits, const FTest& t) {
    return Icc{form, raters, value, limits, t.f, t.d1, t.d2, FUpperTail(t.f, t.d1, t.d2)};
  };
  using enum IccForm;
  return std::array<Icc, 6>{
      make(kOneWay, 1, icc1, limits1, one_way),
      make(kTwoWayRandom, 1, icc2, limits2, two_way),
      make(kTwoWayMixed, 1, icc3, limits3, two_way),
      make(kOneWay, a.raters, (b - a.within_ratees) / b, StepUp(limits1, k), one_way),
      make(kTwoWayRandom, a.raters, mean2, StepUp(limits2, k), two_way),
      make(kTwoWayMixed, a.raters, (b - a.residual) / b, StepUp(limits3, k), two_way)};
}

VarianceComponents ComponentsOf(const AnalysisOfVariance& analysis) {
  return {std::max(0.0, (analysis.between_ratees - analysis.residual) / analysis.raters),
          std::max(0.0, (analysis.between_raters - analysis.residual) / analysis.ratees),
          analysis.residual};
}

Outcome<Generalizability> Generalize(const VarianceComponents& components, int raters) {
  if (raters < 1) {
    return TooFew("At least one rater is needed.", "Diperlukan sedikitnya satu penilai.");
  }
  const double relative = components.residual / raters;
  const double absolute = (components.rater + components.residual) / raters;
  if (components.ratee + absolute <= 0) return ConstantAnswers();
  if (components.ratee + relative <= 0) return ZeroVariance();
  return Generalizability{components.ratee / (components.ratee + relative),
                          components.ratee / (components.ratee + absolute),
                          std::sqrt(relative),
                          std::sqrt(absolute)};
}

Outcome<double> SpearmanBrown(double single, double raters) {
  const double denominator = 1 + (raters - 1) * single;
  if (!(single > -1 && single <= 1) || !(raters > 0) || !(denominator > 0)) return NotANumber();
  return raters * single / denominator;
}

Outcome<double> RatersNeeded(double single, double target) {
  if (!(single > 0 && single < 1 && target > 0 && target < 1)) return NotANumber();
  return target * (1 - single) / (single * (1 - target));
}

Outcome<Shrinkage> ShrinkTowardsMean(const std::vector<double>& values, double error_variance) {
  if (values.size() < 4) {
    return TooFew("At least four values are needed.", "Diperlukan sedikitnya empat nilai.");
  }
  if (!(error_variance >= 0)) return NotANumber();
  Shrinkage result;
  for (const double v : values) result.mean += v / static_cast<double>(values.size());
  const double squares = SampleVariance(values) * (static_cast<double>(values.size()) - 1);
  if (!(squares > 0)) return ConstantAnswers();
  const double lost = (static_cast<double>(values.size()) - 3) * error_variance / squares;
  result.factor = std::max(0.0, 1 - lost);
  for (const double v : values) {
    result.values.push_back(result.mean + result.factor * (v - result.mean));
  }
  return result;
}

Outcome<Cronbach> CronbachAlpha(const Table& answers) {
  if (auto refusal = CheckComplete(answers)) return *std::move(refusal);
  const int k = answers.columns();
  const int n = answers.rows();
  std::vector<std::vector<double>> columns(k, std::vector<double>(n));
  std::vector<double> totals(n);
  for (int r = 0; r < n; ++r) {
    for (int c = 0; c < k; ++c) {
      columns[c][r] = answers.at(r, c);
      totals[r] += answers.at(r, c);
    }
  }
  std::vector<double> variances;
  double sum = 0;
  for (const auto& column : columns) {
    variances.push_back(SampleVariance(column));
    if (variances.back() <= 0) return ZeroVariance();
    sum += variances.back();
  }
  const double total = SampleVariance(totals);
  if (IsDust(total, sum)) return ZeroVariance();
  Cronbach result;
  result.raw = k / (k - 1.0) * (1 - sum / total);
  // The sum of all correlations is the variance of the sum of standardised items.
  std::vector<double> standardized(n);
  for (int c = 0; c < k; ++c) {
    for (int r = 0; r < n; ++r) standardized[r] += columns[c][r] / std::sqrt(variances[c]);
  }
  const double all = SampleVariance(standardized);
  result.standardized = k / (k - 1.0) * (1 - k / all);
  for (int c = 0; c < k && k > 2; ++c) {
    std::vector<double> rest(n);
    for (int r = 0; r < n; ++r) rest[r] = totals[r] - columns[c][r];
    result.if_dropped.push_back((k - 1.0) / (k - 2.0) *
                                (1 - (sum - variances[c]) / SampleVariance(rest)));
  }
  return result;
}

}  // namespace teraju::statistics
