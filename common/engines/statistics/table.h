// A table of values: a row for each ratee, a column for each rater or item; NaN where missing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace teraju::statistics {

class Table {
 public:
  Table(int rows, int columns)
      : columns_(columns),
        rows_(rows),
        values_(static_cast<std::size_t>(rows) * columns,
                std::numeric_limits<double>::quiet_NaN()) {}
  // `values` row by row.
  Table(int rows, int columns, std::vector<double> values)
      : columns_(columns), rows_(rows), values_(std::move(values)) {}

  int rows() const { return rows_; }
  int columns() const { return columns_; }
  double& at(int row, int column) { return values_[Index(row, column)]; }
  double at(int row, int column) const { return values_[Index(row, column)]; }
  bool Has(int row, int column) const { return !std::isnan(at(row, column)); }
  bool Complete() const {
    return std::none_of(values_.begin(), values_.end(), [](double v) { return std::isnan(v); });
  }
  bool Finite() const {
    return std::none_of(values_.begin(), values_.end(), [](double v) { return std::isinf(v); });
  }

 private:
  std::size_t Index(int row, int column) const {
    return static_cast<std::size_t>(row) * columns_ + column;
  }

  int columns_;
  int rows_;
  std::vector<double> values_;
};

}  // namespace teraju::statistics
