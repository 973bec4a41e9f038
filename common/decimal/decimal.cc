#include "common/decimal/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <ostream>

#include "common/errors/error.h"

namespace teraju {
namespace {

constexpr int kMostDigits = 100;
constexpr int kLargestExponent = 100;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits at the beginning of `text`, which are taken off it.
std::string_view TakeDigits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  const std::string_view digits = text.substr(0, end - text.begin());
  text.remove_prefix(digits.size());
  return digits;
}

bool TakeSign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

// The exponent with its `e`; 0 when there is none, nullopt when it is malformed or too large.
std::optional<int> TakeExponent(std::string_view& text) {
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return 0;
  text.remove_prefix(1);
  const bool negative = TakeSign(text);
  const std::string_view digits = TakeDigits(text);
  int exponent = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (result.ec != std::errc() || exponent > kLargestExponent) return std::nullopt;
  return negative ? -exponent : exponent;
}

absl::Status Malformed() {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                 "Not a decimal number: digits with at most one point, such as "
                                 "-12.50, and at most 100 of them.");
}

Integer Rescaled(const Decimal& value, int scale) {
  return value.scale() == scale ? value.unscaled()
                                : value.unscaled() * PowerOfTen(scale - value.scale());
}

}  // namespace

Integer PowerOfTen(int exponent) {
  // Those of everyday scales are looked up: scoring asks for them a dozen times per person.
  static constexpr std::array<std::uint64_t, 10> kSmall = {
      1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
  if (static_cast<std::size_t>(exponent) < kSmall.size()) return kSmall[exponent];
  return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(exponent));
}

absl::StatusOr<Decimal> Decimal::Parse(std::string_view text) {
  if (text.empty()) return Decimal();
  const bool negative = TakeSign(text);
  std::string digits(TakeDigits(text));
  int scale = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view fraction = TakeDigits(text);
    digits += fraction;
    scale = static_cast<int>(std::min<std::size_t>(fraction.size(), kMostDigits + 1));
  }
  const std::optional<int> exponent = TakeExponent(text);
  if (digits.empty() || digits.size() > kMostDigits || !exponent || !text.empty()) {
    return Malformed();
  }
  // A leading zero would make boost read octal digits.
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  Integer unscaled(digits);
  scale -= *exponent;
  if (scale < 0) {
    unscaled *= PowerOfTen(-scale);
    scale = 0;
  }
  return Decimal(negative ? Integer(-unscaled) : unscaled, scale);
}

std::string Decimal::ToString() const {
  std::string digits = boost::multiprecision::abs(unscaled_).str();
  const std::size_t fraction = static_cast<std::size_t>(scale_);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  if (fraction > 0) digits.insert(digits.size() - fraction, 1, '.');
  if (unscaled_.sign() < 0) digits.insert(0, 1, '-');
  return digits;
}

Decimal Decimal::Normalized() const {
  Decimal value = *this;
  while (value.scale_ > 0 && value.unscaled_ % 10 == 0) {
    value.unscaled_ /= 10;
    --value.scale_;
  }
  return value;
}

Decimal operator+(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  return {Rescaled(a, scale) + Rescaled(b, scale), scale};
}

Decimal operator-(const Decimal& a, const Decimal& b) { return a + -b; }

Decimal operator*(const Decimal& a, const Decimal& b) {
  return {a.unscaled_ * b.unscaled_, a.scale_ + b.scale_};
}

std::weak_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale_, b.scale_);
  return Rescaled(a, scale).compare(Rescaled(b, scale)) <=> 0;
}

std::ostream& operator<<(std::ostream& out, const Decimal& value) {
  return out << value.ToString();
}

}  // namespace teraju
