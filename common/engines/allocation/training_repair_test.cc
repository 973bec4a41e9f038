// What happens to a plan when something changes: repair, what-if, the price of money.
#include <algorithm>
#include <random>

#include "common/engines/allocation/testing/generated_city.h"
#include "common/engines/allocation/testing/plan_check.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_bound.h"
#include "common/engines/allocation/training_difference.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr MipLimits kExact{.relative_gap = 0};

Days Day(int day) { return {absl::CivilDay(2026, 1, 1) + day, absl::CivilDay(2026, 1, 1) + day}; }

int LargestOffering(const TrainingPlan& plan) {
  const auto largest = std::max_element(
      plan.participants.begin(), plan.participants.end(), [](const auto& a, const auto& b) {
        return a.size() < b.size();
      });
  return static_cast<int>(largest - plan.participants.begin());
}

TEST(RepairTraining, LeavesTheSeatsOfPeopleWhoAreNotConcerned) {
  TrainingProblem city = GeneratedCity({.persons = 200, .offerings = 40, .seed = 1});
  const TrainingPlan approved = PlanTraining(city).value();
  const int cancelled = LargestOffering(approved);
  city.offerings[cancelled].seats = 0;
  city.kept = SeatsOf(approved);
  const TrainingPlan repaired = PlanTraining(city).value();
  EXPECT_EQ(BrokenRule(city, repaired.participants).value_or(""), "");
  const TrainingDifference difference = DifferenceOf(approved, repaired);
  for (const Seat& seat : difference.taken_away) EXPECT_EQ(seat.offering, cancelled);
  EXPECT_EQ(difference.taken_away.size(), approved.participants[cancelled].size());
  EXPECT_FALSE(difference.given.empty());  // some found another course
  // Planned anew instead, others would lose their seats too.
  city.kept.clear();
  const TrainingDifference rebuilt = DifferenceOf(approved, PlanTraining(city).value());
  EXPECT_TRUE(std::any_of(rebuilt.taken_away.begin(),
                          rebuilt.taken_away.end(),
                          [&](const Seat& seat) { return seat.offering != cancelled; }));
}

TEST(RepairTraining, KeepsWhatLessMoneyStillPays) {
  TrainingProblem problem;
  problem.budgets = {300};
  problem.offerings = {
      {.topics = {"A"}, .days = Day(0), .seats = 9, .cost_per_seat = 100, .budgets = {0}}};
  for (int person = 0; person < 4; ++person) {
    problem.persons.push_back({.budgets = {0}, .busy = {}});
    problem.needs.push_back({.person = person, .topic = "A", .weight = 4 - person});
  }
  problem.kept = SeatsOf(PlanTraining(problem, kExact).value());
  ASSERT_EQ(problem.kept.size(), 3u);
  problem.budgets = {200};
  problem.needs[3].weight = 9;  // now the most urgent, but too late
  EXPECT_THAT(PlanTraining(problem, kExact)->participants[0], ElementsAre(0, 1));
  // Priced, what is kept may go for more.
  problem.kept_weight = 1;
  const TrainingPlan priced = PlanTraining(problem, kExact).value();
  EXPECT_THAT(priced.participants[0], ElementsAre(0, 3));
  EXPECT_EQ(priced.gain.kept, Decimal(1));
}

TEST(DifferenceOf, SaysWhatMoreMoneyWouldBuy) {
  TrainingProblem problem;
  problem.budgets = {100};
  problem.persons = {{.budgets = {0}, .busy = {}}, {.budgets = {0}, .busy = {}}};
  problem.needs = {{0, "A", 2}, {1, "A", 3}};
  problem.offerings = {
      {.topics = {"A"}, .days = Day(0), .seats = 9, .cost_per_seat = 100, .budgets = {0}}};
  const TrainingPlan before = PlanTraining(problem, kExact).value();
  problem.budgets = {200};
  const TrainingPlan after = PlanTraining(problem, kExact).value();
  const TrainingDifference difference = DifferenceOf(before, after);
  EXPECT_EQ(difference.objective, Decimal(2));
  EXPECT_THAT(difference.spent, ElementsAre(100));
  EXPECT_THAT(difference.newly_met, ElementsAre(0));
  EXPECT_THAT(difference.no_longer_met, IsEmpty());
  EXPECT_THAT(difference.given, ElementsAre(Seat{0, 0}));
  EXPECT_THAT(DifferenceOf(after, before).no_longer_met, ElementsAre(0));
}

// The value of the linear relaxation, which the bound equals where prices are exact and persons
// have but one offering.
double RelaxedValue(const TrainingProblem& problem) {
  const TrainingArcs arcs(problem);
  const TrainingModel model(problem, arcs, std::vector<ArcUse>(arcs.arcs.size(), ArcUse::kFree));
  return model.mip.Relax(60).bound;
}

TEST(MarginalValue, IsTheSlopeOfTheRelaxation) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    TrainingProblem city =
        GeneratedCity({.persons = 80, .offerings = 15, .budget_percent = 5, .seed = seed});
    const TrainingPlan plan = PlanTraining(city).value();
    for (std::size_t budget = 0; budget < city.budgets.size(); ++budget) {
      const double price = ToDouble(plan.marginal_values[budget]);
      const std::int64_t step = 1000;  // rupiah
      const double here = RelaxedValue(city);
      city.budgets[budget] += step;
      const double more = (RelaxedValue(city) - here) / step;
      city.budgets[budget] -= 2 * step;
      const double less = (here - RelaxedValue(city)) / step;
      city.budgets[budget] += step;
      // Where the slope changes, the price lies between those of both sides.
      EXPECT_LE(more, price + 1e-9) << seed << " " << budget;
      EXPECT_GE(less, price - 1e-9) << seed << " " << budget;
    }
    EXPECT_GT(plan.marginal_values[0], Decimal(0));
  }
}

TEST(TrainingBound, HoldsAtAnyPrices) {
  std::mt19937 random(31);
  const TrainingProblem city =
      GeneratedCity({.persons = 60, .offerings = 12, .topics = 6, .seed = 2});
  const TrainingPlan best = PlanTraining(city, kExact).value();
  ASSERT_EQ(best.gap_percent, Decimal(0));
  const TrainingArcs arcs(city);
  for (int round = 0; round < 20; ++round) {
    const auto some = [&](std::size_t count, double scale) {
      std::vector<double> prices(count);
      for (double& price : prices) price = scale * static_cast<double>(random() % 1000) / 1000;
      return prices;
    };
    const TrainingPrices prices = {.budgets = some(city.budgets.size(), 1e-5),
                                   .seats = some(city.offerings.size(), 5),
                                   .minima = some(city.offerings.size(), 2),
                                   .coverage = {}};
    EXPECT_GE(TrainingBound(city, arcs, prices).Total(), ToDouble(best.objective));
  }
}

}  // namespace
}  // namespace teraju::allocation
