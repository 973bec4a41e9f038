#include "common/engines/statistics/modular.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace teraju::statistics {
namespace {

using Whole = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                            boost::multiprecision::et_off>;
__extension__ using Wide = unsigned __int128;

constexpr int kBits = 61;
constexpr std::uint64_t kCeiling = std::uint64_t{1} << kBits;

// Moduli lie so close below 2^61 that what stands above it is folded down by a small factor twice,
// which costs less than a division.
std::uint64_t Multiply(std::uint64_t a, std::uint64_t b, std::uint64_t p) {
  const auto fold = [p](Wide n) { return (n >> kBits) * (kCeiling - p) + (n & (kCeiling - 1)); };
  const auto rest = static_cast<std::uint64_t>(fold(fold(Wide{a} * b)));
  return rest >= p ? rest - p : rest;
}

std::uint64_t Power(std::uint64_t base, std::uint64_t exponent, std::uint64_t p) {
  std::uint64_t result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = Multiply(result, base, p);
    base = Multiply(base, base, p);
  }
  return result;
}

std::uint64_t Inverse(std::uint64_t a, std::uint64_t p) { return Power(a, p - 2, p); }

// Miller and Rabin with the bases that decide every number below 2^64 (Sorenson and Webster 2015).
bool IsPrime(std::uint64_t n) {
  std::uint64_t odd = n - 1;
  int twos = 0;
  for (; odd % 2 == 0; odd /= 2) ++twos;
  for (const std::uint64_t base : {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}) {
    std::uint64_t x = Power(base, odd, n);
    if (x == 1 || x == n - 1) continue;
    bool composite = true;
    for (int i = 1; i < twos && composite; ++i) {
      x = Multiply(x, x, n);
      composite = x != n - 1;
    }
    if (composite) return false;
  }
  return true;
}

std::uint64_t PrimeBelow(std::uint64_t n) {
  for (n -= 1 + n % 2; !IsPrime(n); n -= 2) {
  }
  return n;
}

std::uint64_t Residue(const Rational& value, std::uint64_t p) {
  if (value == 1) return 1;
  const auto mod = [&](Whole n) {
    n %= p;
    if (n < 0) n += p;
    return static_cast<std::uint64_t>(n);
  };
  return Multiply(mod(numerator(value)), Inverse(mod(denominator(value)), p), p);
}

// Whole numbers in the same directions, so that Hadamard's bound applies.
std::vector<RationalRow> ClearDenominators(const std::vector<RationalRow>& rows) {
  std::vector<RationalRow> result = rows;
  for (RationalRow& row : result) {
    Whole common = 1;
    for (const auto& [column, value] : row) common = lcm(common, denominator(value));
    for (auto& [column, value] : row) value *= Rational(common);
  }
  return result;
}

// log2 of Hadamard's bound on the minors: the product of the rows' norms.
double BoundBits(const std::vector<RationalRow>& rows) {
  double bits = 1;
  for (const RationalRow& row : rows) {
    double squares = 0;
    for (const auto& [column, value] : row) {
      const double v = static_cast<double>(numerator(value));
      squares += v * v;
    }
    bits += 0.5 * std::log2(std::max(1.0, squares)) + 1e-6;
  }
  return bits;
}

// Work of one elimination: rows in echelon form, by pivot column.
class Echelon {
 public:
  Echelon(int columns, std::uint64_t prime) : prime_(prime), pivot_rows_(columns), work_(columns) {}

  void Add(const RationalRow& row) {
    for (const auto& [column, value] : row) work_[column] = Residue(value, prime_);
    Insert();
  }

  // True where the row was not in the span yet.
  bool Add(const ModularRow& row) {
    for (const auto& [column, value] : row) work_[column] = value;
    return Insert();
  }

  int rank() const { return rank_; }

  // The rows with a pivot of `first` or more, each cleared of the others' pivots.
  std::vector<ModularRow> Reduced(int first) {
    const int columns = static_cast<int>(work_.size());
    std::vector<ModularRow> result;
    for (int pivot = columns - 1; pivot >= first; --pivot) {
      if (pivot_rows_[pivot].empty()) continue;
      for (const auto& [column, value] : pivot_rows_[pivot]) work_[column] = value;
      for (int c = pivot + 1; c < columns; ++c) {
        if (work_[c] != 0 && !pivot_rows_[c].empty()) Subtract(c);
      }
      pivot_rows_[pivot] = Take();
      result.push_back(pivot_rows_[pivot]);
    }
    return result;
  }

 private:
  void Subtract(int pivot) {
    const std::uint64_t factor = prime_ - work_[pivot];
    for (const auto& [column, value] : pivot_rows_[pivot]) {
      const std::uint64_t sum = work_[column] + Multiply(factor, value, prime_);
      work_[column] = sum >= prime_ ? sum - prime_ : sum;
    }
  }

  ModularRow Take() {
    ModularRow row;
    for (int c = 0; c < static_cast<int>(work_.size()); ++c) {
      if (work_[c] != 0) row.emplace_back(c, work_[c]);
      work_[c] = 0;
    }
    return row;
  }

  bool Insert() {
    for (int c = 0; c < static_cast<int>(work_.size()); ++c) {
      if (work_[c] != 0 && !pivot_rows_[c].empty()) Subtract(c);
    }
    ModularRow row = Take();
    if (row.empty()) return false;
    const std::uint64_t scale = Inverse(row.front().second, prime_);
    for (auto& [column, value] : row) value = Multiply(value, scale, prime_);
    const int pivot = row.front().first;
    pivot_rows_[pivot] = std::move(row);
    ++rank_;
    return true;
  }

  std::uint64_t prime_;
  int rank_ = 0;
  std::vector<ModularRow> pivot_rows_;
  std::vector<std::uint64_t> work_;  // zero between calls
};

}  // namespace

RowSpace ReduceRows(const std::vector<RationalRow>& rows, int columns, int first_kept) {
  const std::vector<RationalRow> whole = ClearDenominators(rows);
  const int most = std::min(static_cast<int>(rows.size()), columns);
  double bits = BoundBits(whole);
  RowSpace best;
  for (std::uint64_t prime = kCeiling; bits > 0; bits -= kBits - 1) {
    prime = PrimeBelow(prime);
    Echelon echelon(columns, prime);
    for (const RationalRow& row : whole) echelon.Add(row);
    if (echelon.rank() > best.rank || best.prime == 0) {
      best = {prime, echelon.rank(), echelon.Reduced(first_kept)};
    }
    if (best.rank == most) break;
  }
  return best;
}

bool DependentOutside(const std::vector<const ModularRow*>& rows,
                      const std::vector<bool>& outside,
                      std::uint64_t prime) {
  std::map<int, int> column_number;
  for (const ModularRow* row : rows) {
    for (const auto& [column, value] : *row) {
      if (outside[column]) column_number.emplace(column, 0);
    }
  }
  int columns = 0;
  for (auto& [column, number] : column_number) number = columns++;
  if (static_cast<int>(rows.size()) > columns) return true;
  Echelon echelon(columns, prime);
  for (const ModularRow* row : rows) {
    ModularRow restricted;
    for (const auto& [column, value] : *row) {
      if (outside[column]) restricted.emplace_back(column_number[column], value);
    }
    if (!echelon.Add(restricted)) return true;
  }
  return false;
}

std::vector<int> CombinationInside(const std::vector<RationalRow>& rows,
                                   const std::vector<bool>& outside) {
  // Outside columns first, then inside, then a column for each row that marks its part.
  std::vector<int> order(outside.size());
  int next = 0;
  for (const bool pass : {true, false}) {
    for (std::size_t c = 0; c < outside.size(); ++c) {
      if (outside[c] == pass) order[c] = next++;
    }
  }
  const int first_inside = static_cast<int>(std::count(outside.begin(), outside.end(), true));
  const int first_mark = static_cast<int>(outside.size());
  Echelon echelon(first_mark + static_cast<int>(rows.size()), PrimeBelow(kCeiling));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    RationalRow marked;
    for (const auto& [column, value] : rows[r]) marked.emplace_back(order[column], value);
    marked.emplace_back(first_mark + static_cast<int>(r), 1);
    echelon.Add(marked);
  }
  for (const ModularRow& row : echelon.Reduced(first_inside)) {
    if (row.front().first >= first_mark) continue;
    std::vector<int> marks;
    for (const auto& [column, value] : row) {
      if (column >= first_mark) marks.push_back(column - first_mark);
    }
    return marks;
  }
  return {};
}

}  // namespace teraju::statistics
