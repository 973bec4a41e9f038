#include "common/engines/statistics/disclosure_parts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace teraju::statistics {
namespace {

using Column = std::vector<std::pair<int, Rational>>;  // number, coefficient

struct Columns {
  std::vector<Column> of_answer;  // empty for open answers
  std::vector<AuditRow> rows;     // bounds, less what is open
};

Columns ColumnsOf(const Publication& publication) {
  Columns columns{std::vector<Column>(publication.person.size()), {}};
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
        column.back().second += term.coefficient;
      } else {
        column.emplace_back(n, term.coefficient);
      }
    }
  }
  for (Column& column : columns.of_answer) {
    std::erase_if(column, [](const auto& entry) { return entry.second == 0; });
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
    atom.persons.push_back(publication.person[a]);
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
    for (const auto& [number, value] : *atom.column) parent[find(number)] = find(first);
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

constexpr double kMargin = 1e-9;

std::optional<Range> RangeOf(const AuditRow& row) {
  if (!row.least || !row.most) return std::nullopt;
  Range range{{}, static_cast<double>(*row.least), static_cast<double>(*row.most), false, false};
  range.most_strict = *row.least != *row.most;
  for (const auto& [atom, value] : row.terms) {
    range.terms.emplace_back(atom, static_cast<double>(value));
  }
  return range;
}

// a - factor b, with the factor that takes the atom away.
Range Difference(const Range& a, const Range& b, double factor) {
  std::map<int, double> terms(a.terms.begin(), a.terms.end());
  for (const auto& [atom, value] : b.terms) terms[atom] -= factor * value;
  Range result;
  for (const auto& [atom, value] : terms) {
    if (std::abs(value) > kMargin) result.terms.emplace_back(atom, value);
  }
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
    ranges.push_back(Difference(ranges[pair.first], ranges[pair.second], factor));
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

// What the other atoms leave for one of them.
std::pair<double, double> Left(const Range& range, const Bounds& bounds, int atom, double c) {
  double least = 0;
  double most = 0;
  for (const auto& [other, d] : range.terms) {
    if (other == atom) continue;
    least += d * (d > 0 ? bounds.low[other] : bounds.high[other]);
    most += d * (d > 0 ? bounds.high[other] : bounds.low[other]);
  }
  const double from_most = (range.most - least) / c;
  const double from_least = (range.least - most) / c;
  if (c > 0) {
    return {LeastWhole(from_least, range.least_strict), MostWhole(from_most, range.most_strict)};
  }
  return {LeastWhole(from_most, range.most_strict), MostWhole(from_least, range.least_strict)};
}

// Narrows the sums of atoms by one range; true where something changed. Numbers that contradict one
// another tell nothing: a bound never passes the other.
bool Narrow(const Range& range, Bounds& bounds) {
  bool changed = false;
  for (const auto& [atom, c] : range.terms) {
    const auto [low, high] = Left(range, bounds, atom, c);
    const double new_high = std::max(std::min(high, bounds.high[atom]), bounds.low[atom]);
    const double new_low = std::min(std::max(low, bounds.low[atom]), new_high);
    changed = changed || new_high != bounds.high[atom] || new_low != bounds.low[atom];
    bounds.high[atom] = new_high;
    bounds.low[atom] = new_low;
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
  const int numbers = static_cast<int>(publication.numbers.size());
  const std::vector<int> part_of = PartOfNumbers(atoms, numbers);
  std::map<int, AuditPart> parts;
  std::vector<int> row_of(numbers, -1);
  for (AtomColumn& atom : atoms) {
    AuditPart& part = parts[part_of[atom.column->front().first]];
    const int index = static_cast<int>(part.atoms.size());
    for (const auto& [number, value] : *atom.column) {
      if (row_of[number] < 0) {
        row_of[number] = static_cast<int>(part.rows.size());
        part.rows.push_back(columns.rows[number]);
      }
      part.rows[row_of[number]].terms.emplace_back(index, value);
    }
    part.first_small += is_small(atom) ? 0 : 1;
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
