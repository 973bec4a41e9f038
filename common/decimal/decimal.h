// Exact decimal numbers of any size: scores, weights, money. Never binary floating point.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace teraju {

// Without expression templates: `auto` holds a value.
using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                              boost::multiprecision::et_off>;

// 10^exponent, for exponent >= 0.
Integer PowerOfTen(int exponent);

// unscaled * 10^-scale. The scale is kept as written (`1.50`), comparison is by value (1.5
// == 1.50).
class Decimal {
 public:
  Decimal() = default;
  Decimal(std::int64_t value) : unscaled_(value) {}  // NOLINT(google-explicit-constructor)
  // `scale` >= 0.
  Decimal(Integer unscaled, int scale) : unscaled_(std::move(unscaled)), scale_(scale) {}

  // The grammar of google.type.Decimal: `-1`, `.5`, `2.5e8`; empty text is 0. No blanks, no
  // separators. At most 100 digits and exponents from -100 to 100; INVALID_ARGUMENT (FIELD_INVALID)
  // otherwise.
  static absl::StatusOr<Decimal> Parse(std::string_view text);

  // Plain notation with exactly `scale` digits after the point; Parse reads it back unchanged.
  std::string ToString() const;
  // The same value without trailing zeros after the point.
  Decimal Normalized() const;

  const Integer& unscaled() const { return unscaled_; }
  int scale() const { return scale_; }
  // -1, 0 or 1.
  int sign() const { return unscaled_.sign(); }

  friend Decimal operator+(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a, const Decimal& b);
  friend Decimal operator*(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a) { return {-a.unscaled_, a.scale_}; }
  Decimal& operator+=(const Decimal& other) { return *this = *this + other; }

  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend std::ostream& operator<<(std::ostream& out, const Decimal& value);

 private:
  Integer unscaled_;
  int scale_ = 0;
};

}  // namespace teraju
