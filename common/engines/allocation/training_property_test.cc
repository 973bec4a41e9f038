#include <algorithm>
#include <map>
#include <random>

#include "common/engines/allocation/testing/generated_city.h"
#include "common/engines/allocation/testing/plan_check.h"
#include "common/engines/allocation/training.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

constexpr MipLimits kExact{.relative_gap = 0};

Days DayRange(int first, int days) {
  const absl::CivilDay start = absl::CivilDay(2026, 1, 1) + first;
  return {start, start + days};
}

// Three people, four offerings, and a little of everything.
class RandomProblem {
 public:
  explicit RandomProblem(std::uint32_t seed) : random_(seed) {}

  TrainingProblem Make() {
    problem_.budgets = {Below(14), Below(14)};
    problem_.courses.resize(3);
    if (OneIn(2)) problem_.courses[2].prerequisites = {0};
    if (OneIn(4)) problem_.courses[1].prerequisites = {0, 2};
    for (int person = 0; person < 3; ++person) AddPerson(person);
    for (int i = 0; i < 4; ++i) AddOffering();
    if (OneIn(2)) problem_.hour_weight = Decimal(Integer(Below(9)), 1);
    if (OneIn(3)) {
      problem_.coverage.push_back({.unit = Below(2),
                                   .topic = OneIn(2) ? "" : Topic(),
                                   .persons = 1 + Below(2),
                                   .weight = Decimal(Integer(Below(40)), 1)});
    }
    if (OneIn(4)) {
      problem_.kept = {{Below(3), Below(2)}, {Below(3), 2 + Below(2)}};
      problem_.kept_weight = Decimal(Integer(Below(30)), 1);
    }
    return problem_;
  }

 private:
  int Below(int most) { return static_cast<int>(random_() % static_cast<std::uint32_t>(most)); }
  bool OneIn(int times) { return Below(times) == 0; }
  std::string Topic() { return std::string(1, static_cast<char>('A' + Below(3))); }

  std::vector<int> SomeBudgets() {
    std::vector<int> budgets;
    for (int budget = 0; budget < 2; ++budget) {
      if (!OneIn(4)) budgets.push_back(budget);
    }
    return budgets;
  }

  void AddPerson(int index) {
    TrainingPerson person{.budgets = SomeBudgets(), .busy = {}};
    if (OneIn(5)) person.busy = {DayRange(Below(6), 0)};
    person.units = {Below(2)};
    if (OneIn(4)) person.completed = {Below(3)};
    if (OneIn(2)) person.hours_missing = Below(20);
    if (OneIn(4)) person.hours_limit = Below(24);
    problem_.persons.push_back(person);
    for (const char* topic : {"A", "B", "C"}) {
      if (!OneIn(3)) continue;
      const Decimal weight(Integer(1 + Below(90)), 1);
      problem_.needs.push_back({.person = index, .topic = topic, .weight = weight});
    }
  }

  void AddOffering() {
    Offering offering;
    offering.topics = {Topic()};
    if (OneIn(3)) offering.topics.push_back(Topic());
    offering.days = DayRange(Below(6), Below(2));
    offering.seats = 1 + Below(3);
    offering.minimum_participants = Below(3);
    offering.cost_per_seat = Below(5);
    offering.fixed_cost = OneIn(3) ? Below(5) : 0;
    offering.budgets = SomeBudgets();
    if (!OneIn(4)) offering.course = Below(3);
    offering.hours = Below(13);
    if (OneIn(2)) offering.effect = Decimal(Integer(1 + Below(10)), 1);
    if (OneIn(4)) offering.seat_budgets = {Below(2)};
    if (OneIn(4)) offering.units = {Below(2)};
    offering.for_hours = OneIn(3);
    offering.classes = 1 + Below(2);
    problem_.offerings.push_back(offering);
  }

  std::mt19937 random_;
  TrainingProblem problem_;
};

Participants FromBits(unsigned bits, std::size_t offerings, std::size_t persons) {
  Participants participants(offerings);
  for (std::size_t i = 0; i < offerings * persons; ++i) {
    if ((bits >> i & 1) != 0) participants[i / persons].push_back(static_cast<int>(i % persons));
  }
  return participants;
}

Decimal BestOfAll(const TrainingProblem& problem) {
  Decimal best;
  const std::size_t persons = problem.persons.size(), offerings = problem.offerings.size();
  for (unsigned bits = 0; bits < 1u << (persons * offerings); ++bits) {
    const Participants participants = FromBits(bits, offerings, persons);
    if (BrokenRule(problem, participants)) continue;
    best = std::max(best, WorthOf(problem, participants));
  }
  return best;
}

TEST(TrainingProperty, ThePlanIsTheBestOfAll) {
  std::map<Refusal, int> seen;
  int with_partial = 0;
  for (std::uint32_t seed = 700; seed <= 950; ++seed) {
    const TrainingProblem problem = RandomProblem(seed).Make();
    const TrainingPlan plan = PlanTraining(problem, kExact).value();
    EXPECT_EQ(BrokenRule(problem, plan.participants).value_or(""), "") << seed;
    EXPECT_EQ(WrongFigure(problem, plan).value_or(""), "") << seed;
    const Decimal best = BestOfAll(problem);
    EXPECT_EQ(plan.objective, best) << seed;
    EXPECT_GE(plan.bound, best) << seed;
    for (const TrainingDecision& decision : plan.decisions) {
      ++seen[decision.refusal];
      with_partial += decision.met() && decision.closed < Decimal(1);
    }
  }
  EXPECT_GE(seen.size(), 9u);  // the reasons occur
  EXPECT_GT(with_partial, 0);
}

TEST(TrainingProperty, TheSameProblemGivesTheSamePlan) {
  for (std::uint32_t seed = 200; seed < 210; ++seed) {
    const TrainingProblem problem = RandomProblem(seed).Make();
    const TrainingPlan first = PlanTraining(problem).value();
    const TrainingPlan second = PlanTraining(problem).value();
    EXPECT_EQ(first.participants, second.participants);
    EXPECT_EQ(first.spent, second.spent);
    EXPECT_EQ(first.bound, second.bound);
  }
}

// Large enough that the solver only gets what the relaxation leaves open.
TEST(TrainingProperty, ALargeProgrammeComesWithinOnePercentOfItsBound) {
  const TrainingProblem city =
      GeneratedCity({.persons = 1200, .offerings = 150, .topics = 30, .seed = 5});
  const TrainingPlan plan = PlanTraining(city).value();
  EXPECT_EQ(BrokenRule(city, plan.participants).value_or(""), "");
  EXPECT_EQ(WrongFigure(city, plan).value_or(""), "");
  EXPECT_LE(plan.gap_percent, Decimal(1));
}

TEST(TrainingProperty, TheCheckFindsWhatIsBroken) {
  TrainingProblem problem;
  problem.budgets = {10};
  problem.persons = {{.budgets = {0}, .busy = {}}};
  problem.needs = {{.person = 0, .topic = "A", .weight = 1}};
  problem.offerings = {{.topics = {"A"}, .days = DayRange(0, 0), .seats = 1, .budgets = {0}}};
  const Participants all = {{0}};
  EXPECT_EQ(BrokenRule(problem, all), std::nullopt);
  const auto broken = [&](const auto& change) {
    TrainingProblem changed = problem;
    change(changed);
    return BrokenRule(changed, all).value_or("");
  };
  EXPECT_EQ(broken([](TrainingProblem& p) { p.offerings[0].minimum_participants = 2; }),
            "too few in an offering");
  EXPECT_EQ(broken([](TrainingProblem& p) { p.offerings[0].cost_per_seat = 11; }), "too expensive");
  EXPECT_EQ(broken([](TrainingProblem& p) { p.persons[0].busy = {DayRange(0, 0)}; }), "busy");
  EXPECT_EQ(broken([](TrainingProblem& p) { p.needs[0].topic = "B"; }), "a seat without use");
  EXPECT_EQ(broken([](TrainingProblem& p) {
              p.offerings[0].hours = 5;
              p.persons[0].hours_limit = 4;
            }),
            "too many hours");
}

}  // namespace
}  // namespace teraju::allocation
