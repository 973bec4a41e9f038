#include "common/engines/rules/predicate.h"

#include "common/errors/error.h"

namespace teraju::rules {
namespace {

std::size_t Index(Rating rating) { return static_cast<std::size_t>(rating) - 1; }

template <typename E, std::size_t N>
absl::StatusOr<E> FromCode(const std::array<E, N>& values, int code) {
  if (code < 1 || code > static_cast<int>(N)) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "Not one of the codes of the regulation.");
  }
  return values[static_cast<std::size_t>(code) - 1];
}

}  // namespace

absl::StatusOr<Rating> RatingOf(int code) { return FromCode(kRatings, code); }
absl::StatusOr<Predicate> PredicateOf(int code) { return FromCode(kPredicates, code); }
absl::StatusOr<UnitPredicate> UnitPredicateOf(int code) { return FromCode(kUnitPredicates, code); }

Predicate Combine(Rating results, Rating behavior, const Matrix& matrix) {
  return matrix[Index(results)][Index(behavior)];
}

Rating ResultsOfHead(UnitPredicate unit) {
  switch (unit) {
    case UnitPredicate::kExceptional:
      return Rating::kAbove;
    case UnitPredicate::kGood:
      return Rating::kAsExpected;
    case UnitPredicate::kNeedsImprovement:
    case UnitPredicate::kPoor:
    case UnitPredicate::kVeryPoor:
      return Rating::kBelow;
  }
  return Rating::kBelow;
}

Text Label(Rating rating) {
  switch (rating) {
    case Rating::kAbove:
      return {"di atas ekspektasi", "above expectation"};
    case Rating::kAsExpected:
      return {"sesuai ekspektasi", "as expected"};
    case Rating::kBelow:
      return {"di bawah ekspektasi", "below expectation"};
  }
  return {};
}

Text Label(Predicate predicate) {
  switch (predicate) {
    case Predicate::kVeryGood:
      return {"Sangat Baik", "very good"};
    case Predicate::kGood:
      return {"Baik", "good"};
    case Predicate::kNeedsImprovement:
      return {"Butuh Perbaikan", "needs improvement"};
    case Predicate::kPoor:
      return {"Kurang", "poor"};
    case Predicate::kVeryPoor:
      return {"Sangat Kurang", "very poor"};
  }
  return {};
}

Text Label(UnitPredicate predicate) {
  if (predicate == UnitPredicate::kExceptional) return {"Istimewa", "exceptional"};
  return Label(static_cast<Predicate>(predicate));
}

}  // namespace teraju::rules
