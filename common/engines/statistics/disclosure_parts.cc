#include "common/engines/statistics/disclosure_parts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "common/engines/statistics/reliability.h"

namespace teraju::statistics {
namespace {

// Number, and which coefficient: the same ones come so often that comparing them would cost most.
using Column = std::vector<std::pair<int, int>>;

struct Columns {
  std::vector<Column> of_answer;  // empty for open answers
  std::vector<Rational> coefficients;
  std::vector<AuditRow> rows;  // bounds, less what is open
};

// Numbers each value, those of one row one after the other.
class Coefficients {
 public:
  explicit Coefficients(std::vector<Rational>& values) : values_(values) {}

  int Of(const Rational& value) {
    if (last_ < 0 || values_[last_] != value) {
      const auto [it, is_new] = number_of_.emplace(value, static_cast<int>(values_.size()));
      if (is_new) values_.push_back(value);
      last_ = it->second;
    }
    return last_;
  }

 private:
  std::vector<Rational>& values_;
  std::map<Rational, int> number_of_;
  int last_ = -1;
};

Columns ColumnsOf(const Publication& publication) {
  Columns columns{std::vector<Column>(publication.person.size()), {}, {}};
  Coefficients coefficients(columns.coefficients);
  for (int n = 0; n < static_cast<int>(publication.numbers.size()); ++n) {
    const PublishedNumber& number = publication.numbers[n];
    AuditRow& row = columns.rows.emplace_back(AuditRow{n, {}, number.least, number.most});
    for (const PublishedNumber::Term& term : number.terms) {
      const auto open = publication.open_answers.find(term.answer);
      if (open != publication.open_answers.end()) {
        if (row.least) *row.least -= term.coefficient * Rational(open->second);
        if (row.most) *row.most -= term.coefficient * Rational(open->second);
        continue;
      }
      Column& column = columns.of_answer[term.answer];
      if (!column.empty() && column.back().first == n) {
        column.back().second =
            coefficients.Of(columns.coefficients[column.back().second] + term.coefficient);
      } else {
        column.emplace_back(n, coefficients.Of(term.coefficient));
      }
    }
  }
  const int zero = coefficients.Of(0);
  for (Column& column : columns.of_answer) {
    std::erase_if(column, [&](const auto& entry) { return entry.second == zero; });
  }
  return columns;
}

struct AtomColumn {
  const Column* column;
  Atom atom;
};

std::vector<AtomColumn> AtomsOf(const Columns& columns, const Publication& publication) {
  std::map<Column, Atom> atoms;
  for (int a = 0; a < static_cast<int>(columns.of_answer.size()); ++a) {
    if (columns.of_answer[a].empty()) continue;
    Atom& atom = atoms[columns.of_answer[a]];
    atom.answers.push_back(a);
    if (publication.person[a] != kNobody) atom.persons.push_back(publication.person[a]);
  }
  std::vector<AtomColumn> result;
  for (auto& [column, atom] : atoms) {
    std::sort(atom.persons.begin(), atom.persons.end());
    atom.persons.erase(std::unique(atom.persons.begin(), atom.persons.end()), atom.persons.end());
    // The numbers of a column are the same for all its answers: any of them shows them.
    result.push_back({&columns.of_answer[atom.answers.front()], std::move(atom)});
  }
  return result;
}

// The part of each number: numbers that share an atom belong together.
std::vector<int> PartOfNumbers(const std::vector<AtomColumn>& atoms, int numbers) {
  std::vector<int> parent(numbers);
  std::iota(parent.begin(), parent.end(), 0);
  const auto find = [&](int x) {
    while (parent[x] != x) x = parent[x] = parent[parent[x]];
    return x;
  };
  for (const AtomColumn& atom : atoms) {
    const int first = atom.column->front().first;
    for (const auto& [number, coefficient] : *atom.column) parent[find(number)] = find(first);
  }
  std::vector<int> part(numbers);
  for (int n = 0; n < numbers; ++n) part[n] = find(n);
  return part;
}

// A row for the bounds: numbers of moderate size, so double suffices with a margin.
struct Range {
  std::vector<std::pair<int, double>> terms;
  double least = 0;
  double most = 0;
  bool least_strict = false;
  bool most_strict = false;
};

constexpr double kMargin = 1e-7;  // sums of thousands of terms; bounds are whole numbers

// Divided by its first coefficient: those of a mean become ones, exactly.
std::optional<Range> RangeOf(const AuditRow& row) {
  if (!row.least || !row.most) return std::nullopt;
  const Rational unit = abs(row.terms.front().second);
  Range range{{},
              static_cast<double>(Rational(*row.least / unit)),
              static_cast<double>(Rational(*row.most / unit)),
              false,
              *row.least != *row.most};
  for (const auto& [atom, value] : row.terms) {
    range.terms.emplace_back(atom, static_cast<double>(Rational(value / unit)));
  }
  return range;
}

// a - factor b, with the factor that takes an atom away. Terms are in the order of atoms.
Range Difference(const Range& a, const Range& b, double factor) {
  Range result;
  auto from_b = b.terms.begin();
  const auto add = [&](int atom, double value) {
    if (std::abs(value) > kMargin) result.terms.emplace_back(atom, value);
  };
  for (const auto& [atom, value] : a.terms) {
    for (; from_b != b.terms.end() && from_b->first < atom; ++from_b) {
      add(from_b->first, -factor * from_b->second);
    }
    const bool both = from_b != b.terms.end() && from_b->first == atom;
    add(atom, both ? value - factor * from_b->second : value);
    if (both) ++from_b;
  }
  for (; from_b != b.terms.end(); ++from_b) add(from_b->first, -factor * from_b->second);
  const bool turns = factor < 0;
  result.least = a.least - factor * (turns ? b.least : b.most);
  result.least_strict = a.least_strict || (turns ? b.least_strict : b.most_strict);
  result.most = a.most - factor * (turns ? b.most : b.least);
  result.most_strict = a.most_strict || (turns ? b.most_strict : b.least_strict);
  return result;
}

constexpr std::size_t kMostRanges = 20'000;

std::vector<Range> RangesOf(const AuditPart& part) {
  std::vector<Range> ranges;
  for (const AuditRow& row : part.rows) {
    if (auto range = RangeOf(row)) ranges.push_back(*std::move(range));
  }
  const std::size_t given = ranges.size();
  std::vector<std::vector<std::size_t>> at_atom(part.atoms.size());
  for (std::size_t r = 0; r < given; ++r) {
    for (const auto& [atom, value] : ranges[r].terms) at_atom[atom].push_back(r);
  }
  std::map<std::pair<std::size_t, std::size_t>, double> factors;
  for (std::size_t atom = 0; atom < at_atom.size(); ++atom) {
    const auto coefficient = [&](std::size_t r) {
      const auto& terms = ranges[r].terms;
      return std::lower_bound(terms.begin(), terms.end(), std::pair(static_cast<int>(atom), -1e300))
          ->second;
    };
    for (const std::size_t a : at_atom[atom]) {
      for (const std::size_t b : at_atom[atom]) {
        if (a == b || factors.size() >= kMostRanges) continue;
        factors.emplace(std::pair(a, b), coefficient(a) / coefficient(b));
      }
    }
  }
  for (const auto& [pair, factor] : factors) {
    Range difference = Difference(ranges[pair.first], ranges[pair.second], factor);
    const std::size_t longer =
        std::max(ranges[pair.first].terms.size(), ranges[pair.second].terms.size());
    if (difference.terms.size() < longer) ranges.push_back(std::move(difference));
  }
  return ranges;
}

struct Bounds {
  std::vector<double> low;
  std::vector<double> high;
};

double LeastWhole(double x, bool strict) {
  return strict ? std::floor(x + kMargin) + 1 : std::ceil(x - kMargin);
}
double MostWhole(double x, bool strict) {
  return strict ? std::ceil(x - kMargin) - 1 : std::floor(x + kMargin);
}

// What a term can contribute.
Interval Contribution(double c, const Bounds& bounds, int atom) {
  return c > 0 ? Interval{c * bounds.low[atom], c * bounds.high[atom]}
               : Interval{c * bounds.high[atom], c * bounds.low[atom]};
}

// What the range leaves for an atom when the others contribute `others`.
Interval Left(const Range& range, double c, const Interval& others) {
  const double from_most = (range.most - others.lower) / c;
  const double from_least = (range.least - others.upper) / c;
  if (c > 0) {
    return {LeastWhole(from_least, range.least_strict), MostWhole(from_most, range.most_strict)};
  }
  return {LeastWhole(from_most, range.most_strict), MostWhole(from_least, range.least_strict)};
}

// Narrows the sums of atoms by one range; true where something changed. Numbers that contradict one
// another tell nothing: a bound never passes the other.
bool Narrow(const Range& range, Bounds& bounds) {
  Interval all;
  for (const auto& [atom, c] : range.terms) {
    const Interval own = Contribution(c, bounds, atom);
    all.lower += own.lower;
    all.upper += own.upper;
  }
  bool changed = false;
  for (const auto& [atom, c] : range.terms) {
    const Interval own = Contribution(c, bounds, atom);
    const Interval others{all.lower - own.lower, all.upper - own.upper};
    const Interval left = Left(range, c, others);
    const double high = std::max(std::min(left.upper, bounds.high[atom]), bounds.low[atom]);
    const double low = std::min(std::max(left.lower, bounds.low[atom]), high);
    if (high == bounds.high[atom] && low == bounds.low[atom]) continue;
    changed = true;
    bounds.high[atom] = high;
    bounds.low[atom] = low;
    const Interval narrowed = Contribution(c, bounds, atom);
    all = {others.lower + narrowed.lower, others.upper + narrowed.upper};
  }
  return changed;
}

}  // namespace

std::vector<AuditPart> SplitPublication(const Publication& publication) {
  const Columns columns = ColumnsOf(publication);
  std::vector<AtomColumn> atoms = AtomsOf(columns, publication);
  const auto is_small = [&](const AtomColumn& atom) {
    return static_cast<int>(atom.atom.persons.size()) < publication.threshold;
  };
  std::stable_partition(
      atoms.begin(), atoms.end(), [&](const AtomColumn& atom) { return !is_small(atom); });
  std::stable_partition(atoms.begin(), atoms.end(), [](const AtomColumn& atom) {
    return !atom.atom.persons.empty();
  });
  const int numbers = static_cast<int>(publication.numbers.size());
  const std::vector<int> part_of = PartOfNumbers(atoms, numbers);
  std::map<int, AuditPart> parts;
  std::vector<int> row_of(numbers, -1);
  for (AtomColumn& atom : atoms) {
    AuditPart& part = parts[part_of[atom.column->front().first]];
    const int index = static_cast<int>(part.atoms.size());
    for (const auto& [number, coefficient] : *atom.column) {
      if (row_of[number] < 0) {
        row_of[number] = static_cast<int>(part.rows.size());
        part.rows.push_back(columns.rows[number]);
      }
      part.rows[row_of[number]].terms.emplace_back(index, columns.coefficients[coefficient]);
    }
    part.first_small += is_small(atom) ? 0 : 1;
    part.first_nobody += atom.atom.persons.empty() ? 0 : 1;
    part.atoms.push_back(std::move(atom.atom));
  }
  std::vector<AuditPart> result;
  for (auto& [number, part] : parts) result.push_back(std::move(part));
  return result;
}

std::vector<std::vector<int>> DeterminedByBounds(const AuditPart& part,
                                                 const Publication& publication) {
  const std::vector<Range> ranges = RangesOf(part);
  Bounds bounds;
  for (const Atom& atom : part.atoms) {
    const auto size = static_cast<double>(atom.answers.size());
    bounds.low.push_back(size * static_cast<double>(publication.scale_minimum));
    bounds.high.push_back(size * static_cast<double>(publication.scale_maximum));
  }
  const Bounds start = bounds;
  constexpr int kRounds = 100;
  bool changed = true;
  for (int round = 0; changed && round < kRounds; ++round) {
    changed = false;
    for (const Range& range : ranges) changed = Narrow(range, bounds) || changed;
  }
  std::vector<std::vector<int>> found;
  for (int a = 0; a < static_cast<int>(part.atoms.size()); ++a) {
    const bool at_an_end = bounds.low[a] == start.high[a] || bounds.high[a] == start.low[a];
    const bool single = part.atoms[a].answers.size() == 1 && bounds.low[a] == bounds.high[a];
    if (at_an_end || single) found.push_back({a});
  }
  return found;
}

}  // namespace teraju::statistics
