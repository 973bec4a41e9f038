#include "common/decimal/rounding.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "common/errors/error.h"

namespace teraju {
namespace {

constexpr std::array<std::pair<Rounding, std::string_view>, 6> kNames = {{
    {Rounding::kHalfUp, "HALF_UP"},
    {Rounding::kHalfEven, "HALF_EVEN"},
    {Rounding::kDown, "DOWN"},
    {Rounding::kUp, "UP"},
    {Rounding::kCeiling, "CEILING"},
    {Rounding::kFloor, "FLOOR"},
}};

// Whether |value|, cut to `whole` with a rest of `twice_rest`/2 divisors, goes up to `whole` + 1.
bool GoesUp(Rounding rounding,
            bool negative,
            const Integer& whole,
            const Integer& twice_rest,
            const Integer& divisor) {
  if (twice_rest == 0) return false;
  switch (rounding) {
    case Rounding::kHalfUp:
      return twice_rest >= divisor;
    case Rounding::kHalfEven:
      return twice_rest > divisor || (twice_rest == divisor && whole % 2 != 0);
    case Rounding::kDown:
      return false;
    case Rounding::kUp:
      return true;
    case Rounding::kCeiling:
      return !negative;
    case Rounding::kFloor:
      return negative;
  }
  return false;
}

Integer RoundToInteger(const Rational& value, Rounding rounding) {
  const bool negative = value.sign() < 0;
  const Integer dividend = boost::multiprecision::abs(Integer(numerator(value)));
  const Integer divisor(denominator(value));
  Integer whole = dividend / divisor;
  const Integer twice_rest = 2 * (dividend % divisor);
  if (GoesUp(rounding, negative, whole, twice_rest, divisor)) ++whole;
  return negative ? Integer(-whole) : whole;
}

}  // namespace

std::string_view RoundingName(Rounding rounding) {
  return std::find_if(kNames.begin(),
                      kNames.end(),
                      [&](const auto& entry) { return entry.first == rounding; })
      ->second;
}

absl::StatusOr<Rounding> ParseRounding(std::string_view name) {
  for (const auto& [rounding, known] : kNames) {
    if (known == name) return rounding;
  }
  return errors::InvalidArgument(
      errors::reasons::FIELD_INVALID,
      "Rounding is one of HALF_UP, HALF_EVEN, DOWN, UP, CEILING, FLOOR.");
}

Rational ToRational(const Decimal& value) {
  if (value.scale() == 0) return Rational(value.unscaled());
  return Rational(value.unscaled(), PowerOfTen(value.scale()));
}

Decimal Round(const Rational& value, int digits, Rounding rounding) {
  if (digits >= 0) {
    return {RoundToInteger(value * Rational(PowerOfTen(digits)), rounding), digits};
  }
  const Integer unit = PowerOfTen(-digits);
  return {RoundToInteger(value / Rational(unit), rounding) * unit, 0};
}

}  // namespace teraju
