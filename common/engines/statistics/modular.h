// Row spaces over prime fields near 2^61, with a bound that makes the answer one over the
// rationals.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "common/decimal/rounding.h"

namespace teraju::statistics {

using RationalRow = std::vector<std::pair<int, Rational>>;  // column, coefficient

// A vector of the row space, columns ascending; the first is its pivot, with the coefficient 1.
using ModularRow = std::vector<std::pair<int, std::uint64_t>>;

struct RowSpace {
  std::uint64_t prime = 0;
  int rank = 0;
  // A reduced basis of those vectors of the row space whose columns are all `first_kept` or more.
  std::vector<ModularRow> kept;
};

// The row space of `rows` over `columns` columns. Primes are tried until their product exceeds
// Hadamard's bound on every minor, or the rank cannot be higher; the prime with the highest rank
// has the rank over the rationals, so that every vector of few columns that is in the rational row
// space is in this one. (The reverse may fail: an audit may refuse what is safe, never the
// opposite.)
RowSpace ReduceRows(const std::vector<RationalRow>& rows, int columns, int first_kept);

// Whether the rows, restricted to columns for which `outside` is true, are linearly dependent:
// whether some combination of them has no outside column.
bool DependentOutside(const std::vector<const ModularRow*>& rows,
                      const std::vector<bool>& outside,
                      std::uint64_t prime);

// The rows of one combination that has no outside column; empty where there is none.
std::vector<int> CombinationInside(const std::vector<RationalRow>& rows,
                                   const std::vector<bool>& outside);

}  // namespace teraju::statistics
