#include "common/engines/rules/distribution.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Unit = UnitPredicate;

// The violated constraints as `CODE by`.
std::vector<std::string> Violations(Unit unit,
                                    const Counts& counts,
                                    const DistributionRules& rules = StandardDistribution()) {
  std::vector<std::string> violations;
  const Distribution result = CheckDistribution(unit, counts, rules);
  for (const ConstraintResult& line : result.constraints) {
    if (!line.holds()) violations.push_back(line.code + " " + std::to_string(line.by));
  }
  EXPECT_EQ(result.conforms, violations.empty());
  return violations;
}

TEST(CheckDistribution, GivesTheWorkedExample) {
  EXPECT_THAT(Violations(Unit::kGood, Counts(8, 26, 5, 1, 0)), IsEmpty());
  EXPECT_THAT(Violations(Unit::kGood, Counts(10, 30, 0, 0, 0)),
              ElementsAre("GOOD_AT_MOST_70 2", "SOME_BELOW_GOOD 1"));
}

TEST(CheckDistribution, KnowsTheBoundsOfEveryPattern) {
  struct Row {
    Unit unit;
    Counts counts;
    std::vector<std::string> violations;
  };
  const Row table[] = {
      // Exceptional: most are very good, at most 70 %.
      {Unit::kExceptional, {70, 30, 0, 0, 0}, {}},
      {Unit::kExceptional, {71, 29, 0, 0, 0}, {"VERY_GOOD_AT_MOST_70 1"}},
      {Unit::kExceptional, {40, 30, 30, 0, 0}, {}},
      {Unit::kExceptional, {40, 40, 20, 0, 0}, {"VERY_GOOD_MOST 1"}},
      {Unit::kExceptional, {0, 0, 0, 0, 100}, {"VERY_GOOD_MOST 101"}},
      // Good: most are good, at most 70 %, and somebody below good.
      {Unit::kGood, {29, 70, 1, 0, 0}, {}},
      {Unit::kGood, {29, 70, 0, 1, 0}, {}},
      {Unit::kGood, {30, 70, 0, 0, 0}, {"SOME_BELOW_GOOD 1"}},
      {Unit::kGood, {29, 70, 0, 0, 1}, {"SOME_BELOW_GOOD 1"}},
      {Unit::kGood, {28, 71, 1, 0, 0}, {"GOOD_AT_MOST_70 1"}},
      {Unit::kGood, {49, 49, 2, 0, 0}, {"GOOD_MOST 1"}},
      // Needs improvement: at least 60 % so, at most 10 % very good.
      {Unit::kNeedsImprovement, {10, 30, 60, 0, 0}, {}},
      {Unit::kNeedsImprovement, {10, 31, 59, 0, 0}, {"NEEDS_IMPROVEMENT_AT_LEAST_60 1"}},
      {Unit::kNeedsImprovement, {11, 29, 60, 0, 0}, {"VERY_GOOD_AT_MOST_10 1"}},
      {Unit::kNeedsImprovement, {0, 0, 0, 0, 100}, {"NEEDS_IMPROVEMENT_AT_LEAST_60 60"}},
      // Poor: at least 60 % so, at least 10 % need improvement, at most 10 % very good.
      {Unit::kPoor, {10, 20, 10, 60, 0}, {}},
      {Unit::kPoor, {10, 20, 11, 59, 0}, {"POOR_AT_LEAST_60 1"}},
      {Unit::kPoor, {10, 21, 9, 60, 0}, {"NEEDS_IMPROVEMENT_AT_LEAST_10 1"}},
      {Unit::kPoor, {11, 19, 10, 60, 0}, {"VERY_GOOD_AT_MOST_10 1"}},
      // Very poor: at least 60 % so, at least 10 % poor or in need of improvement, nobody very
      // good.
      {Unit::kVeryPoor, {0, 30, 5, 5, 60}, {}},
      {Unit::kVeryPoor, {0, 30, 0, 10, 60}, {}},
      {Unit::kVeryPoor, {0, 31, 4, 5, 60}, {"POOR_OR_NEEDS_IMPROVEMENT_AT_LEAST_10 1"}},
      {Unit::kVeryPoor, {0, 31, 5, 5, 59}, {"VERY_POOR_AT_LEAST_60 1"}},
      {Unit::kVeryPoor, {1, 29, 5, 5, 60}, {"VERY_GOOD_NONE 1"}},
  };
  for (const Row& row : table) {
    EXPECT_EQ(Violations(row.unit, row.counts), row.violations)
        << Label(row.unit).en << " " << row.counts[Predicate::kVeryGood];
  }
}

TEST(CheckDistribution, MostCanMeanMoreThanHalf) {
  DistributionRules majority = StandardDistribution();
  majority.most = Most::kMajority;
  const Counts plurality(40, 30, 30, 0, 0);
  EXPECT_THAT(Violations(Unit::kExceptional, plurality), IsEmpty());
  EXPECT_THAT(Violations(Unit::kExceptional, plurality, majority),
              ElementsAre("VERY_GOOD_MOST 11"));
  EXPECT_THAT(Violations(Unit::kExceptional, Counts(50, 50, 0, 0, 0), majority),
              ElementsAre("VERY_GOOD_MOST 1"));
  EXPECT_THAT(Violations(Unit::kExceptional, Counts(51, 49, 0, 0, 0), majority), IsEmpty());
}

TEST(CheckDistribution, RoundsSmallUnitsToPeopleAndSaysSo) {
  const Distribution result = CheckDistribution(Unit::kNeedsImprovement, Counts(1, 1, 2, 0, 0));
  ASSERT_EQ(result.constraints.size(), 2u);
  EXPECT_EQ(result.constraints[0].limit, 3);  // 60 % of 4 is 2.4
  EXPECT_EQ(result.constraints[0].have, 2);
  EXPECT_EQ(result.constraints[0].by, 1);
  EXPECT_EQ(result.constraints[0].text.en,
            "needs improvement at least 60% of 4 people = 3 (rounded up); there are 2.");
  EXPECT_EQ(result.constraints[0].text.id,
            "Butuh Perbaikan paling sedikit 60% dari 4 orang = 3 (dibulatkan ke atas); ada 2.");
  EXPECT_EQ(result.constraints[1].limit, 0);  // 10 % of 4 is 0.4
  EXPECT_THAT(result.constraints[1].text.id, HasSubstr("dibulatkan ke bawah"));
}

TEST(CheckDistribution, SaysWhenAUnitIsTooSmallForItsPattern) {
  const auto too_small = [](Unit unit, const Counts& counts) {
    return CheckDistribution(unit, counts).too_small;
  };
  EXPECT_TRUE(too_small(Unit::kExceptional, Counts(1, 0, 0, 0, 0)));
  EXPECT_TRUE(too_small(Unit::kExceptional, Counts(2, 0, 0, 0, 0)));
  EXPECT_FALSE(too_small(Unit::kExceptional, Counts(3, 0, 0, 0, 0)));  // two of three would do
  EXPECT_TRUE(too_small(Unit::kGood, Counts(0, 2, 0, 0, 0)));
  EXPECT_FALSE(too_small(Unit::kGood, Counts(0, 3, 0, 0, 0)));
  EXPECT_FALSE(too_small(Unit::kNeedsImprovement, Counts(0, 1, 0, 0, 0)));
  EXPECT_TRUE(too_small(Unit::kPoor, Counts(0, 0, 0, 2, 0)));
  EXPECT_FALSE(too_small(Unit::kPoor, Counts(0, 0, 0, 3, 0)));
  EXPECT_TRUE(too_small(Unit::kVeryPoor, Counts(0, 0, 0, 0, 2)));
  EXPECT_FALSE(too_small(Unit::kVeryPoor, Counts(0, 0, 0, 0, 3)));
}

TEST(CheckDistribution, AUnitWithoutPeopleConforms) {
  const Distribution result = CheckDistribution(Unit::kGood, Counts());
  EXPECT_TRUE(result.conforms);
  EXPECT_TRUE(result.too_small);
  EXPECT_THAT(result.constraints, IsEmpty());
}

// Every pattern can be met by every larger unit, so that only small ones are excused.
TEST(CheckDistribution, EveryPatternFitsLargerUnits) {
  for (const Unit unit : kUnitPredicates) {
    for (int n = 3; n <= 20; ++n) {
      EXPECT_FALSE(CheckDistribution(unit, Counts(0, 0, 0, 0, n)).too_small &&
                   CheckDistribution(unit, Counts(n, 0, 0, 0, 0)).too_small)
          << Label(unit).en << " " << n;
    }
  }
}

std::vector<std::string> RankingViolations(const Distribution& result) {
  std::vector<std::string> violations;
  for (const ConstraintResult& line : result.constraints) {
    if (!line.holds()) violations.push_back(line.code + " " + std::to_string(line.by));
  }
  return violations;
}

// 2.6: above expectation at most 20 %, as expected 60 to 70 %, below at most 20 %.
TEST(CheckRanking, KnowsItsBounds) {
  struct Row {
    int above, expected, below;
    std::vector<std::string> violations;
  };
  const Row table[] = {
      {20, 60, 20, {}},
      {20, 70, 10, {}},
      {10, 70, 20, {}},
      {20, 65, 15, {}},
      {21, 60, 19, {"ABOVE_AT_MOST 1"}},
      {20, 59, 21, {"EXPECTED_AT_LEAST 1", "BELOW_AT_MOST 1"}},
      {14, 71, 15, {"EXPECTED_AT_MOST 1"}},
      {100, 0, 0, {"ABOVE_AT_MOST 80", "EXPECTED_AT_LEAST 60"}},
  };
  for (const Row& row : table) {
    EXPECT_EQ(RankingViolations(CheckRanking(row.above, row.expected, row.below)), row.violations)
        << row.above << " " << row.expected << " " << row.below;
  }
}

TEST(CheckRanking, TheLowerLimitOfTheOuterGroupsIsAParameter) {
  EXPECT_THAT(RankingViolations(CheckRanking(20, 70, 10, {.outer_at_least = 10})), IsEmpty());
  EXPECT_THAT(RankingViolations(CheckRanking(20, 71, 9, {.outer_at_least = 10})),
              ElementsAre("EXPECTED_AT_MOST 1", "BELOW_AT_LEAST 1"));
}

TEST(CheckRanking, SaysWhichUnitsAreTooSmall) {
  for (const int n : {1, 2, 3, 4, 7, 8, 9}) {
    EXPECT_TRUE(CheckRanking(0, n, 0).too_small) << n;
  }
  EXPECT_FALSE(CheckRanking(0, 5, 0).too_small);  // 1, 3, 1 would do
  EXPECT_TRUE(CheckRanking(1, 3, 1).conforms);
  EXPECT_TRUE(CheckRanking(0, 7, 0).too_small);  // 60 % of 7 is 5 people, 70 % is 4
  EXPECT_THAT(CheckRanking(3, 3, 1).constraints[0].text.en,
              HasSubstr("above expectation at most 20% of 7 people = 1 (rounded down)"));
}

}  // namespace
}  // namespace teraju::rules
