// A mixed-integer linear programme that maximises, solved by CBC, relaxed by Clp.
#pragma once

#include <vector>

#include "absl/status/statusor.h"

namespace teraju::allocation {

// For bounds that are none.
inline constexpr double kNoBound = 1e30;

struct MipLimits {
  double seconds = 60;         // of elapsed time; a run that ends by it need not repeat exactly
  double relative_gap = 1e-3;  // good enough
};

class Mip {
 public:
  struct Term {
    int column;
    double value;
  };

  // Returns the column. `gain` is its coefficient in the objective.
  int AddColumn(double lower, double upper, double gain, bool integer);
  // Returns the row: lower <= sum of terms <= upper. A column at most once.
  int AddRow(double lower, double upper, const std::vector<Term>& terms);

  struct Relaxation {
    bool solved = false;      // within the time
    double bound = kNoBound;  // if solved: no solution has a larger objective
    std::vector<double> columns;
    std::vector<double> row_prices;  // what one more unit of a row's limit would add
  };
  // Without integrality.
  Relaxation Relax(double seconds) const;

  struct Solution {
    std::vector<double> columns;  // empty when none was found within the limits
    double bound = 0;
  };
  // `start` are the integer columns of a solution to begin with; a wrong one is ignored.
  // Single-threaded and deterministic within the time limit. One at a time in a process.
  absl::StatusOr<Solution> Solve(const MipLimits& limits,
                                 const std::vector<Term>& start = {}) const;

 private:
  struct Columns {
    std::vector<int> starts;
    std::vector<int> rows;
    std::vector<double> values;
  };
  // The coefficients column by column, as the solvers take them.
  Columns ByColumn() const;
  int columns() const { return static_cast<int>(gains_.size()); }
  int rows() const { return static_cast<int>(row_lower_.size()); }

  std::vector<double> lower_, upper_, gains_;
  std::vector<bool> integer_;
  std::vector<double> row_lower_, row_upper_;
  std::vector<std::vector<Term>> terms_;
};

}  // namespace teraju::allocation
