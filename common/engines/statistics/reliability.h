// How far ratings of the same persons by several raters, or answers to several items, agree.
// Formulas and sources: README.md.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "common/engines/statistics/refusal.h"
#include "common/engines/statistics/table.h"

namespace teraju::statistics {

struct Interval {
  double lower = 0;
  double upper = 0;
};

// Mean squares of a complete table of ratees (rows) by raters (columns).
struct AnalysisOfVariance {
  int ratees = 0;
  int raters = 0;
  double mean = 0;
  double between_ratees = 0;
  double between_raters = 0;
  double within_ratees = 0;
  double residual = 0;
};

// Refused: a missing value, fewer than two ratees or raters, no variation at all.
Outcome<AnalysisOfVariance> AnalyseVariance(const Table& ratings);

enum class IccForm { kOneWay, kTwoWayRandom, kTwoWayMixed };  // Shrout and Fleiss' 1, 2, 3

struct Icc {
  IccForm form = IccForm::kOneWay;
  int raters = 1;  // 1: of a single rater; k: of the mean of all raters
  double value = 0;
  Interval interval;  // may reach to minus infinity
  double f = 0;       // test of value = 0
  double degrees1 = 0;
  double degrees2 = 0;
  double p = 0;
};

// ICC(1,1), (2,1), (3,1), (1,k), (2,k), (3,k), in this order (Shrout and Fleiss 1979).
// `confidence`: 0.95 for a 95 % interval. Refused also where the residual is zero: then F is
// infinite and the interval has no width.
Outcome<std::array<Icc, 6>> IntraclassCorrelations(const Table& ratings, double confidence = 0.95);

// Shares of variance of a design in which every rater rates every ratee. Negative estimates are
// set to zero.
struct VarianceComponents {
  double ratee = 0;
  double rater = 0;
  double residual = 0;
};
VarianceComponents ComponentsOf(const AnalysisOfVariance& analysis);

struct Generalizability {
  double relative = 0;        // for ranking: rater severity cancels out
  double absolute = 0;        // phi, for the value itself
  double relative_error = 0;  // standard error of measurement
  double absolute_error = 0;
};

// Of the mean of `raters` raters. Refused where ratees do not differ and nothing else does either.
Outcome<Generalizability> Generalize(const VarianceComponents& components, int raters);

// The reliability of the mean of `raters` raters (or items), given that of one. `raters` may be a
// fraction. Refused outside (-1, 1] and where the formula has a pole.
Outcome<double> SpearmanBrown(double single, double raters);

// How many raters (exactly; round up) give `target`, given the reliability of one. Refused unless
// both lie strictly between 0 and 1.
Outcome<double> RatersNeeded(double single, double target);

// Values of many units, each measured with the same error, drawn towards their mean.
struct Shrinkage {
  double mean = 0;
  double factor = 0;  // of the distance to the mean that is kept; never below 0
  std::vector<double> values;
};

// Efron and Morris 1977: factor 1 - (k - 3) variance / sum of squares. Refused: fewer than four
// values, no differences.
Outcome<Shrinkage> ShrinkTowardsMean(const std::vector<double>& values, double error_variance);

struct Cronbach {
  double raw = 0;
  double standardized = 0;
  std::vector<double> if_dropped;  // raw alpha without each item; empty with two items
};

// Rows are persons, columns items. Refused: missing values, fewer than two items or persons, an
// item or a total without variance.
Outcome<Cronbach> CronbachAlpha(const Table& answers);

}  // namespace teraju::statistics
