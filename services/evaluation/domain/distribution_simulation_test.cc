#include "services/evaluation/domain/distribution_simulation.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "services/evaluation/domain/unit_result.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const std::string kPerson = "agencies/a/evaluations/person";
const std::string kYear = "agencies/a/annualResults/year";

// SE 3/2023, the worked unit of 40 under Baik; `person` is one of the Baik.
v1::UnitResult UnitOf(int very_good, int good, int needs_improvement, int poor, int rated) {
  v1::UnitResult result;
  result.set_predicate(v1::UNIT_GOOD);
  result.set_state(v1::UnitResult::DRAFT);
  v1::DistributionCheck& counts = *result.mutable_distribution();
  counts.set_population(40);
  counts.set_rated(rated);
  counts.set_very_good(very_good);
  counts.set_good(good);
  counts.set_needs_improvement(needs_improvement);
  counts.set_poor(poor);
  return result;
}

CountedPerson Good() {
  return {.evaluation = kPerson,
          .annual_result = kYear,
          .employee = "agencies/a/employees/person",
          .results = v1::AS_EXPECTED,
          .behavior = v1::AS_EXPECTED,
          .rated = v1::GOOD};
}

CountedPeople People(const CountedPerson& person) { return {{kPerson, person}, {kYear, person}}; }

v1::SimulateUnitResultRequest Proposing(const std::string& result,
                                        v1::Predicate predicate,
                                        v1::Rating results = v1::RATING_UNSPECIFIED,
                                        v1::Rating behavior = v1::RATING_UNSPECIFIED) {
  v1::SimulateUnitResultRequest request;
  v1::ProposedChange& change = *request.add_changes();
  change.set_result(result);
  change.set_predicate(predicate);
  change.set_result_rating(results);
  change.set_behavior_rating(behavior);
  return request;
}

TEST(SimulateDistribution, ShowsWhichConstraintIsMissedBeforeAndAfterAndByHowMany) {
  const auto simulation = SimulateDistribution(
      UnitOf(10, 30, 0, 0, 40), People(Good()), Proposing(kPerson, v1::NEEDS_IMPROVEMENT));
  ASSERT_THAT(simulation, IsOk());
  EXPECT_FALSE(simulation->before().conforms());
  ASSERT_EQ(simulation->before().violations_size(), 2);
  EXPECT_EQ(simulation->before().violations(0).constraint(), "GOOD_AT_MOST_70");
  EXPECT_EQ(simulation->before().violations(0).by(), 2);
  EXPECT_EQ(simulation->before().violations(1).constraint(), "SOME_BELOW_GOOD");
  EXPECT_EQ(simulation->before().violations(1).by(), 1);
  ASSERT_EQ(simulation->after().violations_size(), 1);
  EXPECT_EQ(simulation->after().violations(0).by(), 1);
  EXPECT_EQ(simulation->after().good(), 29);
  EXPECT_EQ(simulation->after().needs_improvement(), 1);
  EXPECT_EQ(simulation->changes(0).from(), v1::GOOD);
  EXPECT_EQ(simulation->changes(0).to(), v1::NEEDS_IMPROVEMENT);
}

TEST(SimulateDistribution, TakesRatingsByTheMatrixAndKeepsTheOneThatIsLeftOut) {
  const auto simulation =
      SimulateDistribution(UnitOf(8, 26, 5, 1, 40),
                           People(Good()),
                           Proposing(kPerson, v1::PREDICATE_UNSPECIFIED, v1::BELOW_EXPECTATION));
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(simulation->changes(0).to(), v1::NEEDS_IMPROVEMENT);
  EXPECT_TRUE(simulation->before().conforms());
  EXPECT_TRUE(simulation->after().conforms());
}

TEST(SimulateDistribution, CountsWhoIsNotRatedYetAndAsksForBothRatings) {
  CountedPerson open = Good();
  open.results = open.behavior = v1::RATING_UNSPECIFIED;
  open.rated = v1::PREDICATE_UNSPECIFIED;
  const v1::UnitResult unit = UnitOf(8, 26, 4, 1, 39);
  const auto simulation = SimulateDistribution(
      unit,
      People(open),
      Proposing(kPerson, v1::PREDICATE_UNSPECIFIED, v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION));
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(simulation->before().rated(), 39);
  EXPECT_EQ(simulation->after().rated(), 40);
  EXPECT_EQ(simulation->after().very_good(), 9);
  EXPECT_EQ(simulation->changes(0).from(), v1::PREDICATE_UNSPECIFIED);
  EXPECT_THAT(
      SimulateDistribution(
          unit, People(open), Proposing(kPerson, v1::PREDICATE_UNSPECIFIED, v1::ABOVE_EXPECTATION)),
      ViolatesField("changes[0].behaviorRating"));
}

TEST(SimulateDistribution, ADecidedYearStaysWhateverTheEvaluationBecomes) {
  CountedPerson decided = Good();
  decided.decided = v1::POOR;
  const v1::UnitResult unit = UnitOf(8, 25, 5, 2, 40);
  const auto rated = SimulateDistribution(unit, People(decided), Proposing(kPerson, v1::VERY_GOOD));
  ASSERT_THAT(rated, IsOk());
  EXPECT_EQ(rated->changes(0).from(), v1::POOR);
  EXPECT_EQ(rated->changes(0).to(), v1::POOR);
  const auto year = SimulateDistribution(unit, People(decided), Proposing(kYear, v1::VERY_GOOD));
  ASSERT_THAT(year, IsOk());
  EXPECT_EQ(year->changes(0).to(), v1::VERY_GOOD);
  EXPECT_EQ(year->after().poor(), 1);
}

TEST(SimulateDistribution, TriesAnotherPredicateOfTheUnitAndSaysWhenItIsTooSmall) {
  v1::UnitResult two = UnitOf(1, 0, 1, 0, 2);
  two.mutable_distribution()->set_population(2);
  v1::SimulateUnitResultRequest request;
  request.set_predicate(v1::UNIT_POOR);
  const auto simulation = SimulateDistribution(two, {}, request);
  ASSERT_THAT(simulation, IsOk());
  EXPECT_EQ(simulation->before().violations(0).constraint(), "GOOD_MOST");
  EXPECT_TRUE(simulation->before().too_small());
  EXPECT_EQ(simulation->after().violations(0).constraint(), "POOR_AT_LEAST_60");
  request.set_predicate(static_cast<v1::UnitPredicate>(9));
  EXPECT_THAT(SimulateDistribution(two, {}, request), ViolatesField("predicate"));
}

TEST(SimulateDistribution, RefusesWhatCannotBeChanged) {
  const v1::UnitResult unit = UnitOf(8, 26, 5, 1, 40);
  const CountedPeople people = People(Good());
  const auto refused = [&](const v1::SimulateUnitResultRequest& request) {
    return SimulateDistribution(unit, people, request);
  };
  EXPECT_THAT(refused(Proposing("agencies/a/evaluations/other", v1::GOOD)),
              ViolatesField("changes[0].result"));
  v1::SimulateUnitResultRequest twice = Proposing(kPerson, v1::POOR);
  *twice.add_changes() = Proposing(kYear, v1::POOR).changes(0);
  EXPECT_THAT(refused(twice), ViolatesField("changes[1].result"));
  EXPECT_THAT(refused(Proposing(kPerson, v1::PREDICATE_UNSPECIFIED)),
              ViolatesField("changes[0].predicate"));
  EXPECT_THAT(refused(Proposing(kPerson, v1::GOOD, v1::AS_EXPECTED)),
              ViolatesField("changes[0].predicate"));
  EXPECT_THAT(refused(Proposing(kYear, v1::PREDICATE_UNSPECIFIED, v1::AS_EXPECTED)),
              ViolatesField("changes[0].result"));
  EXPECT_THAT(refused(Proposing(kPerson, static_cast<v1::Predicate>(9))),
              ViolatesField("changes[0].predicate"));
  EXPECT_THAT(
      refused(Proposing(kPerson, v1::PREDICATE_UNSPECIFIED, v1::RATING_UNSPECIFIED, v1::Rating(7))),
      ViolatesField("changes[0].behaviorRating"));
  v1::UnitResult confirmed = unit;
  confirmed.set_state(v1::UnitResult::CONFIRMED);
  EXPECT_THAT(SimulateDistribution(confirmed, people, Proposing(kPerson, v1::POOR)),
              HasReason(v1::UNIT_RESULT_CONFIRMED));
}

}  // namespace
}  // namespace teraju::evaluation::domain
