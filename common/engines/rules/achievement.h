// Achievement of an individual indicator (capaian IKI): PermenPANRB 8/2021. Decision support, never
// a predicate by itself.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/decimal/rounding.h"
#include "common/engines/text.h"

namespace teraju::rules {

enum class Condition {
  kNormal,   // higher is better
  kSpecial,  // kondisi khusus: lower is better
};

// A value, or a range from `low` to `high`.
struct Target {
  Decimal low;
  std::optional<Decimal> high;
};

// In percent, exact; below 0 where a special indicator is missed by more than its target. A range
// is met anywhere within it, and otherwise measured from its nearer end. INVALID_ARGUMENT
// (FIELD_INVALID) unless 0 < low <= high.
absl::StatusOr<Rational> Achievement(Condition condition,
                                     const Target& target,
                                     const Decimal& realised);

// The end of the target that `realised` is divided by; nullopt within a range, where nothing is
// divided.
std::optional<Decimal> DivisorOf(const Target& target, const Decimal& realised);

// How a policy pack measures an indicator.
enum class Formula {
  kHigherIsBetter,  // realised / target
  kLowerIsBetter,   // 2 - realised / target; a target of 0 is met (100) or not (0)
  kRange,           // within it 100; below it as higher, above it as lower is better
  kMilestone,       // whole milestones reached, of `target`
  kBinary,          // 100 from the target on, 0 below it
};
std::string_view FormulaName(Formula formula);

// Milestones and yes or no have one target: they ignore the upper end of a range.
bool HasRange(Formula formula);

// In percent, exact, without floor or cap. A range is met anywhere within it and measured from the
// nearer end. INVALID_ARGUMENT
// (FIELD_INVALID) for a target that is not greater than 0 (except where 0 is met or not), or a
// range that ends below its beginning.
absl::StatusOr<Rational> AchievementBy(Formula formula,
                                       const Rational& low,
                                       const std::optional<Rational>& high,
                                       const Rational& realised);
absl::StatusOr<Rational> AchievementBy(Formula formula,
                                       const Target& target,
                                       const Decimal& realised);

enum class Category { kVeryGood = 1, kGood = 2, kFair = 3, kPoor = 4, kVeryPoor = 5 };

// The least whole percent of each category but the last, from the best one down.
struct CategoryBands {
  std::array<int, 4> from = {101, 100, 80, 60};
};

// Rounds to a whole percent first: the bands have gaps between whole percents, 99.5 would be in
// none.
Category CategoryOf(const Rational& percent,
                    Rounding rounding = Rounding::kHalfUp,
                    const CategoryBands& bands = {});

// `SANGAT_BAIK`, `BAIK`, `CUKUP`, `KURANG`, `SANGAT_KURANG`: how data and receipts name it.
std::string_view CategoryName(Category category);
Text Label(Category category);

}  // namespace teraju::rules
