// Exact quotients, and rounding as a named step: nothing is rounded unless somebody says how.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"

namespace teraju {

// An exact fraction in lowest terms. Division by zero throws: check the divisor, it is always data.
using Rational = boost::multiprecision::number<
    boost::multiprecision::rational_adaptor<boost::multiprecision::cpp_int_backend<>>,
    boost::multiprecision::et_off>;

enum class Rounding {
  kHalfUp,    // to the nearest, ties away from zero
  kHalfEven,  // to the nearest, ties to the even neighbour
  kDown,      // towards zero
  kUp,        // away from zero
  kCeiling,   // towards +infinity
  kFloor,     // towards -infinity
};

// `HALF_UP`, `HALF_EVEN`, `DOWN`, `UP`, `CEILING`, `FLOOR`: the names in data and receipts.
std::string_view RoundingName(Rounding rounding);
// INVALID_ARGUMENT (FIELD_INVALID) for any other name.
absl::StatusOr<Rounding> ParseRounding(std::string_view name);

Rational ToRational(const Decimal& value);

// To `digits` after the point; negative digits round to tens, hundreds and so on. The result has
// exactly max(digits, 0).
Decimal Round(const Rational& value, int digits, Rounding rounding);
inline Decimal Round(const Decimal& value, int digits, Rounding rounding) {
  return Round(ToRational(value), digits, rounding);
}

}  // namespace teraju
