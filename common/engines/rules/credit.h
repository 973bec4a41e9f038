// Credits (angka kredit) of functional officials from the predicate: Peraturan BKN 3/2023.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/decimal/rounding.h"
#include "common/engines/rules/predicate.h"

namespace teraju::rules {

// A functional level (jenjang).
struct CreditLevel {
  std::string code;                   // PM TR MH PY PT MU MA UT
  std::string siasn_id;               // `koefisienId`
  Decimal coefficient;                // credits per year
  Decimal rank_need;                  // credits to the next rank (pangkat)
  std::optional<Decimal> level_need;  // credits to the next level; none at the top
};

struct CreditRules {
  std::array<Decimal, 5> percent_by_predicate = {150, 100, 75, 50, 25};
  std::vector<CreditLevel> levels;

  // nullptr when unknown. `MD` is another spelling of `MA` (ahli madya).
  const CreditLevel* Find(std::string_view code) const;
};

// The table of the regulation.
const CreditRules& StandardCredits();

// Months from first to last, both counted; 0 when last lies before first.
int MonthsBetween(absl::CivilMonth first, absl::CivilMonth last);

// factor * coefficient * months / 12, exact: round only where it is printed (slides show two
// digits, decrees three). INVALID_ARGUMENT (FIELD_INVALID) for an unknown level, or months outside
// 1 to 12.
absl::StatusOr<Rational> Credit(Predicate predicate,
                                std::string_view level,
                                int months,
                                const CreditRules& rules = StandardCredits());

}  // namespace teraju::rules
