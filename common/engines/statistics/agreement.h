// Agreement of raters beyond chance: Krippendorff's alpha, Kendall's W, Fleiss' kappa. Formulas and
// sources: README.md.
#pragma once

#include <span>
#include <vector>

#include "common/engines/statistics/refusal.h"
#include "common/engines/statistics/table.h"

namespace teraju::statistics {

enum class Metric { kNominal, kOrdinal, kInterval, kRatio };

// Rows are units (ratees), columns observers (raters); missing values are allowed, units with one
// value do not count. The ratio metric is for values of one sign. Refused: no unit with two values,
// one value only in all pairable data.
Outcome<double> KrippendorffAlpha(const Table& ratings, Metric metric);

struct KendallW {
  double w = 0;
  double chi_square = 0;
  int degrees = 0;
  double p = 0;
};

// Concordance of the raters (columns) in ranking the ratees (rows), corrected for ties. Refused:
// missing values, fewer than two raters or ratees, every rater ties everybody.
Outcome<KendallW> KendallConcordance(const Table& ratings);

struct FleissKappa {
  double kappa = 0;
  double standard_error = 0;  // under kappa = 0 (Fleiss, Nee and Landis 1979)
  double z = 0;
  double p = 0;  // two-sided
  std::vector<double> by_category;
};

// `counts`: for each subject (row) how many raters chose each category (column), the same number of
// raters for every subject. Refused: other numbers, fewer than two subjects or raters, one
// category in use.
Outcome<FleissKappa> FleissAgreement(const Table& counts);

struct KendallTau {
  double tau = 0;  // tau-b
  double z = 0;
  double p = 0;  // two-sided, normal approximation with ties
};

// Whether two orders agree: the test that no order gives away another. Refused: fewer than three
// values or other lengths, one side all tied.
Outcome<KendallTau> RankCorrelation(std::span<const double> x, std::span<const double> y);

}  // namespace teraju::statistics
