#include "common/engines/allocation/training.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::absl::CivilDay;
using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;

constexpr MipLimits kExact{.relative_gap = 0};

Days Day(int day) { return {CivilDay(2025, 1, 1) + day, CivilDay(2025, 1, 1) + day}; }

// Two persons who may use the only budget, each in need of IT.
TrainingProblem TwoPersons(std::int64_t budget) {
  TrainingProblem problem;
  problem.budgets = {budget};
  problem.persons = {{{0}, {}}, {{0}, {}}};
  problem.needs = {{0, "IT", 3}, {1, "IT", 5}};
  problem.offerings = {
      {.topics = {"IT"}, .days = Day(0), .seats = 10, .cost_per_seat = 100, .budgets = {0}}};
  return problem;
}

Refusal RefusalOf(const TrainingProblem& problem, int need) {
  return PlanTraining(problem, kExact).value().decisions[need].refusal;
}

TEST(PlanTraining, MeetsTheHeaviestNeedsWithinTheBudget) {
  const TrainingPlan plan = PlanTraining(TwoPersons(150), kExact).value();
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kBudget);
  EXPECT_EQ(plan.decisions[0].offering, 0);
  EXPECT_TRUE(plan.decisions[1].met());
  EXPECT_THAT(plan.participants[0], ElementsAre(1));
  EXPECT_THAT(plan.spent, ElementsAre(100));
  EXPECT_EQ(plan.objective, Decimal(5));
  EXPECT_GE(plan.bound, plan.objective);
  EXPECT_GT(plan.marginal_values[0], Decimal(0));  // more money would meet more
  const TrainingPlan rich = PlanTraining(TwoPersons(200), kExact).value();
  EXPECT_EQ(rich.objective, Decimal(8));
  EXPECT_EQ(rich.gap_percent, Decimal(0));
  EXPECT_EQ(PlanTraining(TwoPersons(900), kExact)->marginal_values[0], Decimal(0));
}

TEST(PlanTraining, SaysWhySeatsAreNotGiven) {
  TrainingProblem problem = TwoPersons(200);
  problem.offerings[0].seats = 1;
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kSeats);
  problem = TwoPersons(200);
  problem.offerings[0].minimum_participants = 3;
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kMinimumNotReached);
  problem.offerings[0].minimum_participants = 2;
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kNone);
  problem.budgets[0] = 199;
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kBudget);
  problem = TwoPersons(200);
  problem.needs[0].topic = "LAW";
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kNoOffering);
  problem = TwoPersons(200);
  problem.persons[0].busy = {Day(0)};
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kClash);
  EXPECT_EQ(RefusalOf(problem, 1), Refusal::kNone);
}

TEST(PlanTraining, NobodyAttendsTwoCoursesOnOneDay) {
  TrainingProblem problem = TwoPersons(1000);
  problem.needs = {{0, "IT", 3}, {0, "LAW", 5}};
  problem.offerings.push_back(problem.offerings[0]);
  problem.offerings[1].topics = {"LAW"};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kClash);
  EXPECT_TRUE(plan.decisions[1].met());
  problem.offerings[1].days = Day(1);
  EXPECT_EQ(PlanTraining(problem, kExact)->objective, Decimal(8));
}

TEST(PlanTraining, OneCourseCanMeetSeveralNeeds) {
  TrainingProblem problem = TwoPersons(100);
  problem.needs = {{0, "IT", 3}, {0, "LAW", 3}, {1, "IT", 5}};
  problem.offerings[0].topics = {"IT", "LAW"};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.objective, Decimal(6));
  EXPECT_THAT(plan.participants[0], ElementsAre(0));
}

TEST(PlanTraining, FixedCostsArePaidOnceIfTheCourseTakesPlace) {
  TrainingProblem problem = TwoPersons(250);
  problem.offerings[0].fixed_cost = 100;
  EXPECT_THAT(PlanTraining(problem, kExact)->spent, ElementsAre(200));
  problem.budgets[0] = 300;
  EXPECT_THAT(PlanTraining(problem, kExact)->spent, ElementsAre(300));
  problem.budgets[0] = 199;
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_THAT(plan.spent, ElementsAre(0));
  EXPECT_EQ(plan.decisions[1].refusal, Refusal::kBudget);
}

TEST(PlanTraining, MoneyOfAUnitServesItsPeopleOnly) {
  TrainingProblem problem = TwoPersons(100);
  problem.budgets.push_back(100);
  problem.persons[1].budgets = {1};
  EXPECT_THAT(PlanTraining(problem, kExact)->spent, ElementsAre(100, 100));
  problem.persons[0].budgets = {1};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_THAT(plan.spent, ElementsAre(0, 100));
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kBudget);
  problem.persons[0].budgets = {};
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kBudget);
  problem.offerings[0].cost_per_seat = 0;  // a partner's free seat needs no budget
  EXPECT_EQ(RefusalOf(problem, 0), Refusal::kNone);
}

TEST(PlanTraining, FocusChangesThePlan) {
  TrainingProblem problem = TwoPersons(100);
  EXPECT_TRUE(PlanTraining(problem, kExact)->decisions[1].met());
  problem.needs[0].weight = Decimal(3) * Decimal(2);
  EXPECT_TRUE(PlanTraining(problem, kExact)->decisions[0].met());
}

TEST(PlanTraining, RefusesWhatCannotBe) {
  const auto refused = [](const std::function<void(TrainingProblem&)>& change) {
    TrainingProblem problem = TwoPersons(100);
    change(problem);
    EXPECT_THAT(PlanTraining(problem), StatusIs(absl::StatusCode::kInvalidArgument));
  };
  refused([](TrainingProblem& p) { p.budgets[0] = -1; });
  refused([](TrainingProblem& p) { p.persons[0].budgets = {1}; });
  refused([](TrainingProblem& p) { p.needs[0].person = 2; });
  refused([](TrainingProblem& p) { p.needs[0].weight = 0; });
  refused([](TrainingProblem& p) { p.offerings[0].seats = -1; });
  refused([](TrainingProblem& p) { p.offerings[0].cost_per_seat = -1; });
  refused([](TrainingProblem& p) { p.offerings[0].budgets = {7}; });
  refused([](TrainingProblem& p) { p.offerings[0].days.last = p.offerings[0].days.first - 1; });
}

TEST(PlanTraining, WithoutAnythingIsEmpty) {
  const TrainingPlan plan = PlanTraining({}).value();
  EXPECT_EQ(plan.objective, Decimal(0));
  EXPECT_EQ(plan.bound, Decimal(0));
}

TEST(RefusalCode, NamesEach) {
  EXPECT_EQ(RefusalCode(Refusal::kMinimumNotReached), "MINIMUM_NOT_REACHED");
  EXPECT_EQ(RefusalCode(Refusal::kNone), "");
}

// --- Against all possible plans of small random problems
// -----------------------------------------------------------

TrainingProblem RandomProblem(std::mt19937& random) {
  const char* topics[] = {"A", "B", "C"};
  TrainingProblem problem;
  problem.budgets = {static_cast<std::int64_t>(random() % 12),
                     static_cast<std::int64_t>(random() % 12)};
  const auto some_budgets = [&] {
    std::vector<int> budgets;
    for (int budget = 0; budget < 2; ++budget) {
      if (random() % 3 != 0) budgets.push_back(budget);
    }
    return budgets;
  };
  for (int person = 0; person < 4; ++person) {
    problem.persons.push_back({some_budgets(), {}});
    if (random() % 5 == 0) problem.persons.back().busy = {Day(static_cast<int>(random() % 4))};
    for (const char* topic : topics) {
      if (random() % 2 == 0)
        problem.needs.push_back({person, topic, Decimal(Integer(1 + random() % 90), 1)});
    }
  }
  for (int i = 0; i < 4; ++i) {
    Offering offering;
    offering.topics = {topics[random() % 3]};
    if (random() % 3 == 0) offering.topics.push_back(topics[random() % 3]);
    const int first = static_cast<int>(random() % 4);
    offering.days = {Day(first).first, Day(first + static_cast<int>(random() % 2)).last};
    offering.seats = static_cast<int>(random() % 4);
    offering.minimum_participants = static_cast<int>(random() % 3);
    offering.cost_per_seat = static_cast<std::int64_t>(random() % 5);
    offering.fixed_cost = random() % 3 == 0 ? static_cast<std::int64_t>(random() % 5) : 0;
    offering.budgets = some_budgets();
    problem.offerings.push_back(offering);
  }
  return problem;
}

bool Teaches(const Offering& offering, const std::string& topic) {
  return std::find(offering.topics.begin(), offering.topics.end(), topic) != offering.topics.end();
}

// Who is in which offering, as a bit per offering.
using Choice = std::vector<unsigned>;

// By Hall's condition over the sets of the two budgets.
bool Affordable(const TrainingProblem& problem, const Choice& choice) {
  std::map<std::vector<int>, std::int64_t> charges;
  for (std::size_t o = 0; o < problem.offerings.size(); ++o) {
    bool held = false;
    for (std::size_t p = 0; p < choice.size(); ++p) {
      if ((choice[p] >> o & 1) == 0) continue;
      held = true;
      charges[problem.persons[p].budgets] += problem.offerings[o].cost_per_seat;
    }
    if (held) charges[problem.offerings[o].budgets] += problem.offerings[o].fixed_cost;
  }
  for (unsigned set = 0; set < 4; ++set) {
    std::int64_t have = 0, need = 0;
    for (int b = 0; b < 2; ++b) have += (set >> b & 1) != 0 ? problem.budgets[b] : 0;
    for (const auto& [budgets, amount] : charges) {
      const bool inside =
          std::all_of(budgets.begin(), budgets.end(), [&](int b) { return (set >> b & 1) != 0; });
      if (inside) need += amount;
    }
    if (need > have) return false;
  }
  return true;
}

bool SeatsAndMinimaHold(const TrainingProblem& problem, const Choice& choice) {
  for (std::size_t o = 0; o < problem.offerings.size(); ++o) {
    int people = 0;
    for (const unsigned offerings : choice) people += (offerings >> o & 1) != 0;
    if (people > problem.offerings[o].seats) return false;
    if (people > 0 && people < problem.offerings[o].minimum_participants) return false;
  }
  return true;
}

std::set<std::size_t> NeedsMet(const TrainingProblem& problem, int person, unsigned offerings) {
  std::set<std::size_t> met;
  for (std::size_t n = 0; n < problem.needs.size(); ++n) {
    for (std::size_t o = 0; o < problem.offerings.size(); ++o) {
      const bool in = problem.needs[n].person == person && (offerings >> o & 1) != 0;
      if (in && Teaches(problem.offerings[o], problem.needs[n].topic)) met.insert(n);
    }
  }
  return met;
}

// What one person may attend together: each meets a need, free days, no clash, no two that meet the
// same.
std::vector<unsigned> ChoicesOf(const TrainingProblem& problem, int person) {
  std::vector<unsigned> choices;
  for (unsigned set = 0; set < 1u << problem.offerings.size(); ++set) {
    bool good = true;
    for (std::size_t a = 0; a < problem.offerings.size(); ++a) {
      if ((set >> a & 1) == 0) continue;
      const auto met = NeedsMet(problem, person, 1u << a);
      good = good && !met.empty();
      for (const Days& busy : problem.persons[person].busy)
        good = good && !busy.Clashes(problem.offerings[a].days);
      for (std::size_t b = a + 1; b < problem.offerings.size(); ++b) {
        if ((set >> b & 1) == 0) continue;
        good = good && !problem.offerings[a].days.Clashes(problem.offerings[b].days) &&
               met != NeedsMet(problem, person, 1u << b);
      }
    }
    if (good) choices.push_back(set);
  }
  return choices;
}

Decimal BruteForce(const TrainingProblem& problem) {
  Decimal best;
  Choice choice(problem.persons.size(), 0);
  std::vector<std::vector<unsigned>> choices;
  for (std::size_t p = 0; p < problem.persons.size(); ++p)
    choices.push_back(ChoicesOf(problem, static_cast<int>(p)));
  const std::function<void(std::size_t, Decimal)> choose = [&](std::size_t person,
                                                               const Decimal& total) {
    if (person < choice.size()) {
      for (const unsigned set : choices[person]) {
        choice[person] = set;
        Decimal gain;
        for (const std::size_t need : NeedsMet(problem, static_cast<int>(person), set))
          gain += problem.needs[need].weight;
        choose(person + 1, total + gain);
      }
    } else if (total > best && SeatsAndMinimaHold(problem, choice) && Affordable(problem, choice)) {
      best = total;
    }
  };
  choose(0, 0);
  return best;
}

TEST(PlanTraining, FindsTheBestOfAllPlans) {
  std::mt19937 random(17);
  std::map<Refusal, int> seen;
  for (int round = 0; round < 80; ++round) {
    const TrainingProblem problem = RandomProblem(random);
    const TrainingPlan plan = PlanTraining(problem, kExact).value();
    Choice choice(problem.persons.size(), 0);
    for (std::size_t o = 0; o < plan.participants.size(); ++o) {
      for (const int person : plan.participants[o]) choice[person] |= 1u << o;
    }
    // The plan is possible, and what it says of itself is true.
    EXPECT_TRUE(SeatsAndMinimaHold(problem, choice)) << round;
    EXPECT_TRUE(Affordable(problem, choice)) << round;
    Decimal objective;
    for (std::size_t p = 0; p < choice.size(); ++p) {
      const auto choices = ChoicesOf(problem, static_cast<int>(p));
      EXPECT_TRUE(std::find(choices.begin(), choices.end(), choice[p]) != choices.end()) << round;
      for (const std::size_t need : NeedsMet(problem, static_cast<int>(p), choice[p])) {
        objective += problem.needs[need].weight;
        EXPECT_TRUE(plan.decisions[need].met()) << round;
      }
    }
    EXPECT_EQ(plan.objective, objective) << round;
    for (std::size_t b = 0; b < problem.budgets.size(); ++b)
      EXPECT_LE(plan.spent[b], problem.budgets[b]);
    // And none is better.
    const Decimal best = BruteForce(problem);
    EXPECT_EQ(plan.objective, best) << round;
    EXPECT_GE(plan.bound, best) << round;
    for (const TrainingDecision& decision : plan.decisions) ++seen[decision.refusal];
  }
  EXPECT_EQ(seen.size(), 6u);  // every reason occurs
}

TEST(PlanTraining, HasAPlanEvenWithoutTimeToSolve) {
  TrainingProblem problem = TwoPersons(300);
  problem.offerings[0].minimum_participants = 2;
  problem.offerings[0].fixed_cost = 100;
  const TrainingPlan plan = PlanTraining(problem, {.seconds = 0}).value();
  EXPECT_EQ(plan.objective, Decimal(8));
  EXPECT_THAT(plan.spent, ElementsAre(300));
  EXPECT_GE(plan.bound, plan.objective);
}

TEST(PlanTraining, GivesTheSamePlanEachTime) {
  std::mt19937 random(23);
  for (int round = 0; round < 5; ++round) {
    const TrainingProblem problem = RandomProblem(random);
    const TrainingPlan first = PlanTraining(problem).value();
    const TrainingPlan second = PlanTraining(problem).value();
    EXPECT_EQ(first.participants, second.participants);
    EXPECT_EQ(first.spent, second.spent);
  }
}

}  // namespace
}  // namespace teraju::allocation
