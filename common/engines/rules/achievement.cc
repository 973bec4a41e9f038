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

bool HasRange(Formula formula) {
  return formula != Formula::kBinary && formula != Formula::kMilestone;
}

absl::StatusOr<Rational> AchievementBy(Formula formula,
                                       const Target& target,
                                       const Decimal& realised) {
  return AchievementBy(formula,
                       ToRational(target.low),
                       target.high ? std::optional(ToRational(*target.high)) : std::nullopt,
                       ToRational(realised));
}

absl::StatusOr<Rational> AchievementBy(Formula formula,
                                       const Rational& low,
                                       const std::optional<Rational>& high,
                                       const Rational& realised) {
  const bool may_be_zero = formula == Formula::kLowerIsBetter || formula == Formula::kBinary;
  if (low.sign() < 0 || (low.sign() == 0 && !(may_be_zero && !high)) || (high && *high < low)) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "A target is greater than zero (or zero where lower is better "
                                   "and for yes or no), and a range ends above its beginning.");
  }
  const bool ranged = high.has_value() && HasRange(formula);
  const bool above = ranged && realised > *high;
  if (ranged && !above && realised >= low) return Rational(100);
  const Rational& end = above ? *high : low;
  switch (formula) {
    case Formula::kHigherIsBetter:
      return realised / end * 100;
    case Formula::kLowerIsBetter:
      if (low.sign() == 0) return Rational(realised.sign() <= 0 ? 100 : 0);
      return (2 - realised / end) * 100;
    case Formula::kRange:
      return above ? Rational((2 - realised / end) * 100) : Rational(realised / end * 100);
    case Formula::kMilestone:
      return ToRational(Round(realised, 0, Rounding::kFloor)) / end * 100;
    case Formula::kBinary:
      return Rational(realised >= low ? 100 : 0);
  }
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, "No such formula.");
}

std::string_view FormulaName(Formula formula) {
  switch (formula) {
    case Formula::kHigherIsBetter:
      return "HIGHER_IS_BETTER";
    case Formula::kLowerIsBetter:
      return "LOWER_IS_BETTER";
    case Formula::kRange:
      return "RANGE";
    case Formula::kMilestone:
      return "MILESTONE";
    case Formula::kBinary:
      return "BINARY";
  }
  return "";
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
