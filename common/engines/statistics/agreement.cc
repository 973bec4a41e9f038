#include "common/engines/statistics/agreement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "common/engines/statistics/distributions.h"

namespace teraju::statistics {
namespace {

// Values of the units that can be paired, as indices into the sorted distinct values.
struct Pairable {
  std::vector<std::vector<int>> units;
  std::vector<double> values;
  std::vector<double> counts;
  double total = 0;
};

Pairable PairableOf(const Table& ratings) {
  std::vector<std::vector<double>> units;
  std::map<double, int> index;
  for (int r = 0; r < ratings.rows(); ++r) {
    std::vector<double> unit;
    for (int c = 0; c < ratings.columns(); ++c) {
      if (ratings.Has(r, c)) unit.push_back(ratings.at(r, c));
    }
    if (unit.size() < 2) continue;
    for (const double value : unit) index.emplace(value, 0);
    units.push_back(std::move(unit));
  }
  Pairable result;
  for (auto& [value, i] : index) {
    i = static_cast<int>(result.values.size());
    result.values.push_back(value);
  }
  result.counts.resize(result.values.size());
  for (const auto& unit : units) {
    std::vector<int>& indices = result.units.emplace_back();
    for (const double value : unit) {
      indices.push_back(index[value]);
      ++result.counts[indices.back()];
      ++result.total;
    }
  }
  return result;
}

// Where each value stands on the line of its metric. Ordinal distances are differences of
// mid-ranks: sum of counts from c to k minus half of both ends (Krippendorff 2011).
std::vector<double> Positions(const Pairable& data, Metric metric) {
  if (metric != Metric::kOrdinal) return data.values;
  std::vector<double> positions;
  double below = 0;
  for (const double count : data.counts) {
    positions.push_back(below + count / 2);
    below += count;
  }
  return positions;
}

double Distance(Metric metric, double a, double b) {
  switch (metric) {
    case Metric::kNominal:
      return a == b ? 0 : 1;
    case Metric::kRatio:
      return a == b ? 0 : std::pow((a - b) / (a + b), 2);
    default:
      return (a - b) * (a - b);
  }
}

// The sum of distances over all ordered pairs of `n` values given as counts.
double PairSum(const std::vector<std::pair<double, double>>& counted, Metric metric) {
  double n = 0;
  double sum = 0;
  double squares = 0;
  double same = 0;
  double pairs = 0;
  for (const auto& [value, count] : counted) n += count;
  double centre = 0;
  for (const auto& [value, count] : counted) centre += value * count / n;
  for (const auto& [value, count] : counted) {
    sum += (value - centre) * count;
    squares += (value - centre) * (value - centre) * count;
    same += count * count;
  }
  if (metric == Metric::kNominal) return n * n - same;
  if (metric != Metric::kRatio) return 2 * (n * squares - sum * sum);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    for (std::size_t j = i + 1; j < counted.size(); ++j) {
      pairs += 2 * counted[i].second * counted[j].second *
               Distance(metric, counted[i].first, counted[j].first);
    }
  }
  return pairs;
}

struct Ranks {
  std::vector<double> ranks;
  double ties = 0;  // sum of t^3 - t
};

Ranks RankColumn(const Table& table, int column) {
  const int n = table.rows();
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return table.at(a, column) < table.at(b, column);
  });
  Ranks result{std::vector<double>(n), 0};
  for (int first = 0; first < n;) {
    int last = first;
    while (last < n && table.at(order[last], column) == table.at(order[first], column)) ++last;
    const double t = last - first;
    result.ties += t * t * t - t;
    for (int i = first; i < last; ++i) result.ranks[order[i]] = (first + 1 + last) / 2.0;
    first = last;
  }
  return result;
}

struct CategoryShares {
  std::vector<double> shares;
  double raters = 0;
  double agreeing = 0;        // sum over subjects of the squares of counts
  std::vector<double> split;  // per category: sum over subjects of x (m - x)
};

CategoryShares SharesOf(const Table& counts) {
  CategoryShares result;
  for (int c = 0; c < counts.columns(); ++c) result.raters += counts.at(0, c);
  for (int c = 0; c < counts.columns(); ++c) {
    double sum = 0;
    double split = 0;
    for (int r = 0; r < counts.rows(); ++r) {
      const double x = counts.at(r, c);
      sum += x;
      result.agreeing += x * x;
      split += x * (result.raters - x);
    }
    result.shares.push_back(sum / (counts.rows() * result.raters));
    result.split.push_back(split);
  }
  return result;
}

bool SameRatersEverywhere(const Table& counts) {
  double raters = -1;
  for (int r = 0; r < counts.rows(); ++r) {
    double sum = 0;
    for (int c = 0; c < counts.columns(); ++c) {
      const double x = counts.at(r, c);
      if (!(x >= 0) || x != std::floor(x)) return false;
      sum += x;
    }
    if (raters >= 0 && sum != raters) return false;
    raters = sum;
  }
  return true;
}

struct TieSums {
  double pairs = 0;    // t (t - 1) / 2
  double triples = 0;  // t (t - 1) (t - 2)
  double fives = 0;    // t (t - 1) (2 t + 5)
};

TieSums TiesOf(std::span<const double> values) {
  std::map<double, double> counts;
  for (const double value : values) ++counts[value];
  TieSums sums;
  for (const auto& [value, t] : counts) {
    sums.pairs += t * (t - 1) / 2;
    sums.triples += t * (t - 1) * (t - 2);
    sums.fives += t * (t - 1) * (2 * t + 5);
  }
  return sums;
}

}  // namespace

Outcome<double> KrippendorffAlpha(const Table& ratings, Metric metric) {
  if (!ratings.Finite()) return NotANumber();
  const Pairable data = PairableOf(ratings);
  if (data.units.empty()) {
    return Refusal{RefusalReason::kOneRater,
                   "No ratee has answers of two raters: there is nothing to compare. Let raters "
                   "overlap.",
                   "Tidak ada orang yang dinilai oleh dua penilai: tidak ada yang dapat "
                   "dibandingkan. Buat penilai saling tumpang tindih."};
  }
  if (data.values.size() < 2) return ConstantAnswers();
  if (metric == Metric::kRatio && data.values.front() < 0) return NotANumber();
  const std::vector<double> positions = Positions(data, metric);
  double observed = 0;
  for (const auto& unit : data.units) {
    std::map<int, double> counts;
    for (const int value : unit) ++counts[value];
    std::vector<std::pair<double, double>> counted;
    for (const auto& [value, count] : counts) counted.emplace_back(positions[value], count);
    observed += PairSum(counted, metric) / (static_cast<double>(unit.size()) - 1);
  }
  std::vector<std::pair<double, double>> all;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    all.emplace_back(positions[i], data.counts[i]);
  }
  const double expected = PairSum(all, metric) / (data.total - 1);
  if (!(expected > 0)) return ZeroVariance();
  return 1 - observed / expected;
}

Outcome<KendallW> KendallConcordance(const Table& ratings) {
  const int n = ratings.rows();
  const int m = ratings.columns();
  if (n < 2 || m < 2) {
    return TooFew("At least two raters and two ratees are needed.",
                  "Diperlukan sedikitnya dua penilai dan dua orang yang dinilai.");
  }
  if (!ratings.Complete()) return MissingAnswers();
  std::vector<double> sums(n);
  double ties = 0;
  for (int c = 0; c < m; ++c) {
    const Ranks ranks = RankColumn(ratings, c);
    ties += ranks.ties;
    for (int r = 0; r < n; ++r) sums[r] += ranks.ranks[r];
  }
  const double mean = m * (n + 1) / 2.0;
  double s = 0;
  for (const double sum : sums) s += (sum - mean) * (sum - mean);
  const double denominator = 1.0 * m * m * (1.0 * n * n * n - n) - m * ties;
  if (!(denominator > 0)) return ConstantAnswers();
  KendallW result;
  result.w = 12 * s / denominator;
  result.degrees = n - 1;
  result.chi_square = m * (n - 1) * result.w;
  result.p = ChiSquareUpperTail(result.chi_square, result.degrees);
  return result;
}

Outcome<FleissKappa> FleissAgreement(const Table& counts) {
  if (!counts.Complete()) return MissingAnswers();
  if (counts.rows() < 2) {
    return TooFew("At least two subjects are needed.", "Diperlukan sedikitnya dua subjek.");
  }
  if (!SameRatersEverywhere(counts)) {
    return Refusal{RefusalReason::kMissingAnswers,
                   "Fleiss' kappa needs the same number of raters for every subject. Use "
                   "Krippendorff's alpha (nominal) instead.",
                   "Kappa Fleiss memerlukan jumlah penilai yang sama untuk setiap subjek. Pakai "
                   "alpha Krippendorff (nominal)."};
  }
  const CategoryShares data = SharesOf(counts);
  const double n = counts.rows();
  const double m = data.raters;
  if (m < 2) return Refusal{RefusalReason::kOneRater, "One rater only.", "Hanya satu penilai."};
  double expected = 0;
  double pq = 0;
  double skew = 0;
  FleissKappa result;
  for (std::size_t c = 0; c < data.shares.size(); ++c) {
    const double p = data.shares[c];
    expected += p * p;
    pq += p * (1 - p);
    skew += p * (1 - p) * (1 - 2 * p);
    result.by_category.push_back(1 - data.split[c] / (n * m * (m - 1) * p * (1 - p)));
  }
  if (!(pq > 0)) return ConstantAnswers();
  const double observed = (data.agreeing - n * m) / (n * m * (m - 1));
  result.kappa = (observed - expected) / (1 - expected);
  result.standard_error = std::sqrt(2.0 / (n * m * (m - 1)) * (pq * pq - skew)) / pq;
  result.z = result.kappa / result.standard_error;
  result.p = 2 * NormalUpperTail(std::abs(result.z));
  return result;
}

Outcome<KendallTau> RankCorrelation(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 3 || x.size() != y.size()) {
    return TooFew("At least three pairs of values are needed.",
                  "Diperlukan sedikitnya tiga pasang nilai.");
  }
  double score = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      const double product = (x[i] - x[j]) * (y[i] - y[j]);
      score += product > 0 ? 1 : product < 0 ? -1 : 0;
    }
  }
  const TieSums a = TiesOf(x);
  const TieSums b = TiesOf(y);
  const double n = static_cast<double>(x.size());
  const double pairs = n * (n - 1) / 2;
  if (!(pairs > a.pairs && pairs > b.pairs)) return ConstantAnswers();
  KendallTau result;
  result.tau = score / std::sqrt((pairs - a.pairs) * (pairs - b.pairs));
  // Kendall 1970, p. 55.
  const double variance = (n * (n - 1) * (2 * n + 5) - a.fives - b.fives) / 18 +
                          a.triples * b.triples / (9 * n * (n - 1) * (n - 2)) +
                          2 * a.pairs * b.pairs / (n * (n - 1));
  result.z = score / std::sqrt(variance);
  result.p = 2 * NormalUpperTail(std::abs(result.z));
  return result;
}

}  // namespace teraju::statistics
