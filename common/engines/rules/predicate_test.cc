#include "common/engines/rules/predicate.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;

TEST(Combine, GivesAllNineCellsOfTheMatrix) {
  // Codes of SIASN: results, behaviour, predicate.
  const int table[9][3] = {{1, 1, 1},
                           {1, 2, 2},
                           {1, 3, 4},
                           {2, 1, 2},
                           {2, 2, 2},
                           {2, 3, 4},
                           {3, 1, 3},
                           {3, 2, 3},
                           {3, 3, 5}};
  for (const auto& [results, behavior, predicate] : table) {
    EXPECT_EQ(Combine(*RatingOf(results), *RatingOf(behavior)), *PredicateOf(predicate))
        << results << " " << behavior;
  }
}

TEST(Combine, IsNotTheMaximumOfTheRatings) {
  // What a widely copied client computes: misconduct becomes "needs improvement".
  EXPECT_NE(static_cast<int>(Combine(Rating::kAbove, Rating::kBelow)), 3);
  EXPECT_NE(static_cast<int>(Combine(Rating::kAsExpected, Rating::kBelow)), 3);
}

TEST(Combine, TakesAnotherMatrixAsData) {
  Matrix matrix = kMatrix;
  matrix[1][1] = Predicate::kVeryGood;
  EXPECT_EQ(Combine(Rating::kAsExpected, Rating::kAsExpected, matrix), Predicate::kVeryGood);
}

TEST(ResultsOfHead, FollowTheUnit) {
  EXPECT_EQ(ResultsOfHead(UnitPredicate::kExceptional), Rating::kAbove);
  EXPECT_EQ(ResultsOfHead(UnitPredicate::kGood), Rating::kAsExpected);
  EXPECT_EQ(ResultsOfHead(UnitPredicate::kNeedsImprovement), Rating::kBelow);
  EXPECT_EQ(ResultsOfHead(UnitPredicate::kPoor), Rating::kBelow);
  EXPECT_EQ(ResultsOfHead(UnitPredicate::kVeryPoor), Rating::kBelow);
}

TEST(Codes, AreThoseOfSiasn) {
  EXPECT_THAT(RatingOf(3), IsOkAndHolds(Rating::kBelow));
  EXPECT_THAT(PredicateOf(4), IsOkAndHolds(Predicate::kPoor));
  EXPECT_THAT(UnitPredicateOf(1), IsOkAndHolds(UnitPredicate::kExceptional));
  for (const int code : {-1, 0, 6, 99}) {
    EXPECT_THAT(RatingOf(code), StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(PredicateOf(code), StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(UnitPredicateOf(code), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(RatingOf(4), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Label, SaysTheWordsOfTheRegulation) {
  EXPECT_EQ(Label(UnitPredicate::kExceptional).id, "Istimewa");
  EXPECT_EQ(Label(UnitPredicate::kNeedsImprovement).id, "Butuh Perbaikan");
  for (const Predicate predicate : kPredicates) EXPECT_FALSE(Label(predicate).en.empty());
  for (const Rating rating : kRatings) EXPECT_FALSE(Label(rating).en.empty());
}

}  // namespace
}  // namespace teraju::rules
