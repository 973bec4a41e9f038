// Ratings, predicates and the matrix that joins them: PermenPANRB 6/2022, SE MenPANRB 3/2023. The
// numbers are SIASN's codes.
#pragma once

#include <array>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/engines/text.h"

namespace teraju::rules {

// Of results (hasil kerja) and of behaviour (perilaku kerja), against expectation.
enum class Rating { kAbove = 1, kAsExpected = 2, kBelow = 3 };

// Of a person. "Butuh Perbaikan" and "Cukup" name the same one, "Kurang" and "misconduct" too.
enum class Predicate { kVeryGood = 1, kGood = 2, kNeedsImprovement = 3, kPoor = 4, kVeryPoor = 5 };

// Of a unit: Istimewa, Baik, Butuh Perbaikan, Kurang, Sangat Kurang.
enum class UnitPredicate {
  kExceptional = 1,
  kGood = 2,
  kNeedsImprovement = 3,
  kPoor = 4,
  kVeryPoor = 5
};

inline constexpr std::array kRatings = {Rating::kAbove, Rating::kAsExpected, Rating::kBelow};
inline constexpr std::array kPredicates = {Predicate::kVeryGood,
                                           Predicate::kGood,
                                           Predicate::kNeedsImprovement,
                                           Predicate::kPoor,
                                           Predicate::kVeryPoor};
inline constexpr std::array kUnitPredicates = {UnitPredicate::kExceptional,
                                               UnitPredicate::kGood,
                                               UnitPredicate::kNeedsImprovement,
                                               UnitPredicate::kPoor,
                                               UnitPredicate::kVeryPoor};

// From SIASN's codes. INVALID_ARGUMENT (FIELD_INVALID) for any other number.
absl::StatusOr<Rating> RatingOf(int code);
absl::StatusOr<Predicate> PredicateOf(int code);
absl::StatusOr<UnitPredicate> UnitPredicateOf(int code);

// Predicates by the rating of results (rows, from above to below) and of behaviour (columns,
// likewise).
using Matrix = std::array<std::array<Predicate, 3>, 3>;

// The quadrants of PermenPANRB 6/2022. It is a table, not a maximum: poor behaviour is misconduct
// whatever the results.
inline constexpr Matrix kMatrix = {{
    {Predicate::kVeryGood, Predicate::kGood, Predicate::kPoor},
    {Predicate::kGood, Predicate::kGood, Predicate::kPoor},
    {Predicate::kNeedsImprovement, Predicate::kNeedsImprovement, Predicate::kVeryPoor},
}};

Predicate Combine(Rating results, Rating behavior, const Matrix& matrix = kMatrix);

// A head's rating of results is the predicate of the unit (SE 3/2023), on the three steps of a
// rating: Istimewa is above, Baik as expected, all below Baik is below.
Rating ResultsOfHead(UnitPredicate unit);

// The words of the regulation, and in English.
Text Label(Rating rating);
Text Label(Predicate predicate);
Text Label(UnitPredicate predicate);

}  // namespace teraju::rules
