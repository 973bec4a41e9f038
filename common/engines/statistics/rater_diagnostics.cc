#include "common/engines/statistics/rater_diagnostics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace teraju::statistics {
namespace {

struct Sums {
  double n = 0;
  double sum = 0;
  double squares = 0;
  void Add(double value) {
    ++n;
    sum += value;
    squares += value * value;
  }
  double mean() const { return sum / n; }
  double variance() const { return n < 2 ? 0 : std::max(0.0, (squares - sum * sum / n) / (n - 1)); }
};

// Mean deviation of answers from the others' answers to the same question, with the period.
struct Deviation {
  double value = 0;
  int period = 0;
};

using Question = std::pair<int, int>;  // ratee, item

struct Collected {
  int answers = 0;
  int middle = 0;
  std::vector<Deviation> deviations;
  std::map<int, Sums> by_ratee;
};

bool IsMiddle(double value, const Interval& scale) {
  return std::abs(value - (scale.lower + scale.upper) / 2) < 0.5 - 1e-9 ||
         value == (scale.lower + scale.upper) / 2;
}

std::map<int, Collected> Collect(const Ratings& ratings, const Interval& scale) {
  std::map<Question, Sums> all;
  std::map<std::pair<Question, int>, Sums> own;
  for (const Rating& a : ratings.answers) {
    all[{a.ratee, a.item}].Add(a.value);
    own[{{a.ratee, a.item}, a.rater}].Add(a.value);
  }
  std::map<int, Collected> raters;
  for (const Rating& a : ratings.answers) {
    Collected& rater = raters[a.rater];
    ++rater.answers;
    rater.middle += IsMiddle(a.value, scale) ? 1 : 0;
    rater.by_ratee[a.ratee].Add(a.value);
    const Question question{a.ratee, a.item};
    const Sums& mine = own[{question, a.rater}];
    const Sums& everybody = all[question];
    if (everybody.n == mine.n) continue;
    const double others = (everybody.sum - mine.sum) / (everybody.n - mine.n);
    rater.deviations.push_back({a.value - others, a.period});
  }
  return raters;
}

// Deviations about one ratee hang together, but are taken as they are: the standard error is one
// of the rater's consistency, not of the ratees.
void AddSeverity(const Collected& rater, RaterDiagnostics& line) {
  Sums deviations;
  Sums periods;
  double products = 0;
  for (const Deviation& d : rater.deviations) {
    deviations.Add(d.value);
    periods.Add(d.period);
    products += d.value * d.period;
  }
  if (deviations.n == 0) return;
  line.severity = deviations.mean();
  line.severity_standard_error = std::sqrt(deviations.variance() / deviations.n);
  if (deviations.n < 3 || periods.variance() <= 0) return;
  const double spread = periods.variance() * (periods.n - 1);
  line.drift = (products - deviations.sum * periods.mean()) / spread;
  const double rest =
      deviations.variance() * (deviations.n - 1) - *line.drift * *line.drift * spread;
  line.drift_standard_error = std::sqrt(std::max(0.0, rest) / (deviations.n - 2) / spread);
}

// Of one rater: mean variance within ratees, variance of the ratees' means.
struct Spread {
  Sums within;
  Sums between;
};

Spread SpreadOf(const Collected& rater) {
  Spread spread;
  for (const auto& [ratee, sums] : rater.by_ratee) {
    if (sums.n >= 2) spread.within.Add(sums.variance());
    spread.between.Add(sums.mean());
  }
  return spread;
}

}  // namespace

std::vector<RaterDiagnostics> DiagnoseRaters(const Ratings& ratings, const Interval& scale) {
  const std::map<int, Collected> raters = Collect(ratings, scale);
  Sums within;
  Sums between;
  double middle = 0;
  double answers = 0;
  for (const auto& [id, rater] : raters) {
    const Spread spread = SpreadOf(rater);
    if (spread.within.n > 0) within.Add(spread.within.mean());
    if (spread.between.n >= 3) between.Add(spread.between.variance());
    middle += rater.middle;
    answers += rater.answers;
  }
  std::vector<RaterDiagnostics> result;
  for (const auto& [id, rater] : raters) {
    RaterDiagnostics line{.rater = id, .answers = rater.answers};
    line.ratees = static_cast<int>(rater.by_ratee.size());
    AddSeverity(rater, line);
    const Spread spread = SpreadOf(rater);
    if (spread.within.n > 0 && within.sum > 0) {
      line.halo = std::sqrt(spread.within.mean() / within.mean());
    }
    if (spread.between.n >= 3 && between.sum > 0) {
      line.range = std::sqrt(spread.between.variance() / between.mean());
    }
    line.central_tendency = 1.0 * rater.middle / rater.answers - middle / answers;
    result.push_back(line);
  }
  return result;
}

SeverityBand BandOf(double severity, double standard_error, int answers, double margin) {
  if (answers < 3) return SeverityBand::kUnknown;
  const double needed = std::max(margin, 2 * standard_error);
  if (severity <= -needed) return SeverityBand::kSevere;
  if (severity >= needed) return SeverityBand::kLenient;
  return SeverityBand::kUsual;
}

SeverityBand BandOf(const RaterDiagnostics& rater, double margin) {
  if (!rater.severity) return SeverityBand::kUnknown;
  return BandOf(*rater.severity, rater.severity_standard_error, rater.answers, margin);
}

}  // namespace teraju::statistics
