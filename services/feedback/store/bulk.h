// Columns of many rows as the arrays that `unnest` takes, so that one statement writes them all,
// and arrays of small numbers.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/postgres/codec.h"

namespace teraju::feedback {

// `{"a","b"}` of `value(row)` for each row. Bytes go as hexadecimal text.
template <typename Rows, typename Value>
std::string ColumnOf(const Rows& rows, Value value) {
  std::vector<std::string> column;
  column.reserve(rows.size());
  for (const auto& row : rows) column.push_back(value(row));
  return postgres::ToArray(column);
}

// `{1,2,3}`.
inline std::string ToNumberArray(const std::vector<int>& numbers) {
  return "{" + absl::StrJoin(numbers, ",") + "}";
}
// From `array_to_string(column, ',')`.
inline std::vector<int> ToNumbers(const pqxx::field& field) {
  std::vector<int> numbers;
  for (const auto& part : absl::StrSplit(field.c_str(), ',', absl::SkipEmpty())) {
    int number = 0;
    if (absl::SimpleAtoi(part, &number)) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace teraju::feedback
