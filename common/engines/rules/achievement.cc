#include "common/engines/rules/achievement.h"

#include "common/errors/error.h"

namespace teraju::rules {

std::optional<Decimal> DivisorOf(const Target& target, const Decimal& realised) {
  if (!target.high) return target.low;
  if (realised > *target.high) return target.high;
  if (realised < target.low) return target.low;
  return std::nullopt;
}

absl::StatusOr<Rational> Achievement(Condition condition,
                                     const Target& target,
                                     const Decimal& realised) {
  if (target.low.sign() <= 0 || (target.high && *target.high < target.low)) {
    return errors::InvalidArgument(
        errors::reasons::FIELD_INVALID,
        "A target is greater than zero, and a range ends above its beginning.");
  }
  const std::optional<Decimal> divisor = DivisorOf(target, realised);
  if (!divisor) return Rational(100);
  const Rational quotient = ToRational(realised) / ToRational(*divisor);
  switch (condition) {
    case Condition::kNormal:
      return quotient * 100;
    case Condition::kSpecial:
      return (1 + (1 - quotient)) * 100;
  }
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, "No such condition.");
}

Category CategoryOf(const Rational& percent, Rounding rounding, const CategoryBands& bands) {
  const Decimal whole = Round(percent, 0, rounding);
  for (std::size_t i = 0; i < bands.from.size(); ++i) {
    if (whole >= Decimal(bands.from[i])) return static_cast<Category>(i + 1);
  }
  return Category::kVeryPoor;
}

std::string_view CategoryName(Category category) {
  switch (category) {
    case Category::kVeryGood:
      return "SANGAT_BAIK";
    case Category::kGood:
      return "BAIK";
    case Category::kFair:
      return "CUKUP";
    case Category::kPoor:
      return "KURANG";
    case Category::kVeryPoor:
      return "SANGAT_KURANG";
  }
  return "";
}

Text Label(Category category) {
  switch (category) {
    case Category::kVeryGood:
      return {"Sangat Baik", "very good"};
    case Category::kGood:
      return {"Baik", "good"};
    case Category::kFair:
      return {"Cukup", "fair"};
    case Category::kPoor:
      return {"Kurang", "poor"};
    case Category::kVeryPoor:
      return {"Sangat Kurang", "very poor"};
  }
  return {};
}

}  // namespace teraju::rules
