#include "common/engines/rules/credit.h"

#include <algorithm>

#include "common/errors/error.h"

namespace teraju::rules {
namespace {

constexpr int kMonthsOfYear = 12;

// Tenths and hundredths without a parser: 3.75 is (375, 2).
CreditRules MakeStandard() {
  CreditRules rules;
  rules.levels = {
      {"PM", "52", {Integer(375), 2}, 15, 15},
      {"TR", "62", 5, 20, 60},
      {"MH", "72", {Integer(125), 1}, 50, 100},
      {"PY", "82", 25, 100, std::nullopt},
      {"PT", "12", {Integer(125), 1}, 50, 100},
      {"MU", "22", 25, 100, 200},
      {"MA", "32", {Integer(375), 1}, 150, 450},
      {"UT", "42", 50, 200, std::nullopt},
  };
  return rules;
}

}  // namespace

const CreditLevel* CreditRules::Find(std::string_view code) const {
  const std::string_view known = code == "MD" ? "MA" : code;
  const auto level = std::find_if(
      levels.begin(), levels.end(), [&](const CreditLevel& entry) { return entry.code == known; });
  return level == levels.end() ? nullptr : &*level;
}

const CreditRules& StandardCredits() {
  static const auto* const rules = new CreditRules(MakeStandard());
  return *rules;
}

int MonthsBetween(absl::CivilMonth first, absl::CivilMonth last) {
  return std::max(0, static_cast<int>(last - first) + 1);
}

absl::StatusOr<Rational> Credit(Predicate predicate,
                                std::string_view level,
                                int months,
                                const CreditRules& rules) {
  const CreditLevel* known = rules.Find(level);
  if (known == nullptr || months < 1 || months > kMonthsOfYear) {
    return errors::InvalidArgument(
        errors::reasons::FIELD_INVALID,
        "Credits need a functional level (PM, TR, MH, PY, PT, MU, MA, UT) and 1 to 12 months.");
  }
  const Decimal& percent = rules.percent_by_predicate[static_cast<std::size_t>(predicate) - 1];
  const Rational factor = ToRational(percent) / 100;
  return factor * ToRational(known->coefficient) * Rational(months, kMonthsOfYear);
}

}  // namespace teraju::rules
