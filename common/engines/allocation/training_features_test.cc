// The rules of the model one by one, and what they are called.
#include <functional>
#include <string>

#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_text.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr MipLimits kExact{.relative_gap = 0};

Days Day(int day) { return {absl::CivilDay(2026, 1, 1) + day, absl::CivilDay(2026, 1, 1) + day}; }

Offering MakeOffering(const std::string& topic, int day) {
  Offering offering;
  offering.topics = {topic};
  offering.days = Day(day);
  offering.seats = 10;
  offering.budgets = {0};
  return offering;
}

// As many people who lack IT.
TrainingProblem People(int persons, std::int64_t budget = 1000) {
  TrainingProblem problem;
  problem.budgets = {budget};
  for (int person = 0; person < persons; ++person) {
    problem.persons.push_back({.budgets = {0}, .busy = {}});
    problem.needs.push_back({.person = person, .topic = "IT", .weight = 10 + person});
  }
  return problem;
}

Decimal D(const char* text) { return Decimal::Parse(text).value(); }

TEST(Prerequisites, AreAttendedBeforeOrLacking) {
  TrainingProblem problem = People(1);
  problem.courses = {{}, {.prerequisites = {0}}};
  problem.offerings = {MakeOffering("IT", 5), MakeOffering("BASICS", 1)};
  problem.offerings[0].course = 1;
  problem.offerings[1].course = 0;
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_THAT(plan.participants[1], ElementsAre(0));  // needed by nobody else
  EXPECT_TRUE(plan.decisions[0].met());
  problem.offerings[1].days = Day(5);  // not before
  EXPECT_EQ(PlanTraining(problem, kExact)->decisions[0].refusal, Refusal::kPrerequisite);
  problem.persons[0].completed = {0};
  const TrainingPlan without = PlanTraining(problem, kExact).value();
  EXPECT_TRUE(without.decisions[0].met());
  EXPECT_THAT(without.participants[1], IsEmpty());
}

TEST(Effect, AddsUpToTheWholeGap) {
  TrainingProblem problem = People(1);
  problem.offerings = {MakeOffering("IT", 0), MakeOffering("IT", 1), MakeOffering("IT", 2)};
  for (Offering& offering : problem.offerings) offering.effect = D("0.4");
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.objective, Decimal(10));  // 0.4 + 0.4 + 0.2 of it
  problem.courses = {{}};
  for (Offering& offering : problem.offerings) offering.course = 0;  // a course only once
  const TrainingPlan once = PlanTraining(problem, kExact).value();
  EXPECT_EQ(once.objective, Decimal(4));
  EXPECT_EQ(once.decisions[0].closed, D("0.4"));
}

TEST(LearningHours, AreGivenUpToTheFloorAndNotBeyondTheLimit) {
  TrainingProblem problem = People(1);
  problem.needs.clear();
  problem.hour_weight = D("0.1");
  problem.persons[0].hours_missing = 20;
  problem.offerings = {MakeOffering("A", 0), MakeOffering("B", 1)};
  problem.offerings[0].hours = 12;
  problem.offerings[1].hours = 12;
  EXPECT_EQ(PlanTraining(problem, kExact)->objective, Decimal(0));  // not for hours alone
  problem.offerings[0].for_hours = problem.offerings[1].for_hours = true;
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.gain.hours, Decimal(2));
  EXPECT_THAT(plan.hours_short, ElementsAre(0));
  problem.persons[0].hours_limit = 23;
  const TrainingPlan limited = PlanTraining(problem, kExact).value();
  EXPECT_EQ(limited.gain.hours, D("1.2"));
  EXPECT_THAT(limited.hours_short, ElementsAre(8));
  problem.needs = {{0, "A", 1}, {0, "B", 1}};
  EXPECT_EQ(PlanTraining(problem, kExact)->decisions[1].refusal, Refusal::kHoursLimit);
}

TEST(Coverage, BringsAUnitIn) {
  TrainingProblem problem = People(3, 200);
  problem.persons[0].units = {7};
  problem.offerings = {MakeOffering("IT", 0)};
  problem.offerings[0].cost_per_seat = 100;
  EXPECT_THAT(PlanTraining(problem, kExact)->participants[0], ElementsAre(1, 2));
  problem.coverage = {{.unit = 7, .topic = "", .persons = 1, .weight = 5}};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_THAT(plan.participants[0], ElementsAre(0, 2));
  EXPECT_THAT(plan.covered, ElementsAre(1));
  EXPECT_EQ(plan.gain.coverage, Decimal(5));
}

TEST(Money, OfASourceOnlyPaysWhatItIsFor) {
  TrainingProblem problem = People(1);
  problem.budgets = {50, 1000};
  problem.persons[0].budgets = {0, 1};
  problem.offerings = {MakeOffering("IT", 0)};
  problem.offerings[0].cost_per_seat = 100;
  problem.offerings[0].seat_budgets = {0};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kBudget);
  EXPECT_EQ(plan.decisions[0].budget, 0);
  EXPECT_EQ(plan.decisions[0].missing, 50);
  problem.offerings[0].seat_budgets = {0, 1};
  EXPECT_TRUE(PlanTraining(problem, kExact)->decisions[0].met());
}

TEST(Offering, OfAnotherUnitIsNotOpen) {
  TrainingProblem problem = People(2);
  problem.persons[1].units = {3};
  problem.offerings = {MakeOffering("IT", 0)};
  problem.offerings[0].units = {3};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kNotOpen);
  EXPECT_TRUE(plan.decisions[1].met());
}

// Plaju 6: many lack the same, a course for them all is opened, count and cost are shown.
TEST(GroupCourse, IsOpenedWithAsManyClassesAsAreWorthTheirCost) {
  TrainingProblem problem = People(50, 1'000'000);
  Offering group = MakeOffering("IT", 3);
  group.seats = 20;
  group.minimum_participants = 15;
  group.fixed_cost = 400'000;
  group.cost_per_seat = 1000;
  group.classes = 3;
  group.proposed = true;
  problem.offerings = {group};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_THAT(plan.classes, ElementsAre(2));  // a third would cost more than there is
  EXPECT_EQ(plan.participants[0].size(), 40u);
  EXPECT_THAT(plan.spent, ElementsAre(840'000));
  const TrainingNames names = {.offerings = {"IT kelompok"}, .budgets = {"APBD"}};
  EXPECT_EQ(GroupCourseOf(problem, plan, 0, names).en,
            "Group course IT kelompok: 50 people lack it, 40 have a seat in 2 classes, cost "
            "Rp840,000.");
  EXPECT_THAT(GroupCourseOf(problem, plan, 0, names).id, HasSubstr("biaya Rp840.000."));
  problem.budgets = {399'999};
  const TrainingPlan poor = PlanTraining(problem, kExact).value();
  EXPECT_THAT(poor.classes, ElementsAre(0));
  EXPECT_EQ(poor.decisions[0].refusal, Refusal::kBudget);
  EXPECT_THAT(GroupCourseOf(problem, poor, 0, names).en, HasSubstr("not opened"));
}

TEST(GroupCourse, NeverHasAShortClass) {
  TrainingProblem problem = People(25, 1'000'000);
  Offering group = MakeOffering("IT", 3);
  group.seats = 20;
  group.minimum_participants = 15;
  group.classes = 2;
  problem.offerings = {group};
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  EXPECT_EQ(plan.participants[0].size(), 20u);  // 25 would make classes of 20 and 5
  EXPECT_EQ(plan.decisions[0].refusal, Refusal::kMinimumNotReached);
}

// What stands in the way, in both languages.
TEST(ReasonOf, NamesWhatBinds) {
  const TrainingNames names = {.offerings = {"Kursus IT"}, .budgets = {"APBD"}};
  struct Case {
    const char* id;
    const char* en;
    std::function<void(TrainingProblem&)> change;
  };
  const Case cases[] = {
      {"Mendapat tempat pada Kursus IT, Rp2.000 per peserta.",
       "Has a seat in Kursus IT, Rp2,000 per participant.",
       [](TrainingProblem&) {}},
      {"menutup 50% kesenjangan",
       "close 50% of the gap",
       [](TrainingProblem& p) { p.offerings[0].effect = Decimal::Parse("0.5").value(); }},
      {"Anggaran APBD (Rp3.000) tidak cukup untuk Kursus IT: kurang Rp1.000",
       "Budget APBD (Rp3,000) does not suffice for Kursus IT: Rp1,000 short",
       [](TrainingProblem& p) { p.budgets = {3000}; }},
      {"bobot kebutuhan ini 10, bobot terendah yang mendapat tempat 11",
       "this need weighs 10, the lightest that has a seat 11",
       [](TrainingProblem& p) { p.offerings[0].seats = 1; }},
      {"Bentrok", "Clash", [](TrainingProblem& p) { p.persons[0].busy = {Day(0)}; }},
      {"kurang dari 3",
       "fewer than 3",
       [](TrainingProblem& p) { p.offerings[0].minimum_participants = 3; }},
      {"Tidak ada penawaran pelatihan untuk HUKUM.",
       "No offering teaches HUKUM.",
       [](TrainingProblem& p) { p.needs[0].topic = "HUKUM"; }},
      {"Tidak ada anggaran",
       "No budget may pay",
       [](TrainingProblem& p) { p.persons[0].budgets = {}; }},
      {"tidak terbuka", "not open", [](TrainingProblem& p) { p.offerings[0].units = {1}; }},
      {"batas jam pelajaran",
       "limit of hours",
       [](TrainingProblem& p) {
         p.offerings[0].hours = 5;
         p.persons[0].hours_limit = 4;
       }},
      {"prasyarat",
       "prerequisite",
       [](TrainingProblem& p) {
         p.courses = {{}, {.prerequisites = {0}}};
         p.offerings[0].course = 1;
       }},
  };
  for (const Case& test : cases) {
    TrainingProblem problem = People(2, 4000);
    problem.offerings = {MakeOffering("IT", 0)};
    problem.offerings[0].cost_per_seat = 2000;
    test.change(problem);
    const TrainingPlan plan = PlanTraining(problem, kExact).value();
    const Text reason = ReasonOf(problem, plan, 0, names);
    EXPECT_THAT(reason.id, HasSubstr(test.id));
    EXPECT_THAT(reason.en, HasSubstr(test.en));
  }
}

TEST(MarginalValueOf, SaysWhatAMillionWouldBuy) {
  TrainingProblem problem = People(3, 1'500'000);
  problem.offerings = {MakeOffering("IT", 0)};
  problem.offerings[0].cost_per_seat = 1'000'000;
  const TrainingPlan plan = PlanTraining(problem, kExact).value();
  const TrainingNames names = {.offerings = {"Kursus IT"}, .budgets = {"APBD"}};
  EXPECT_EQ(MarginalValueOf(plan, 0, names).en,
            "One more million rupiah in APBD would meet needs weighing about 11.");
  EXPECT_THAT(MarginalValueOf(plan, 0, names).id, HasSubstr("APBD"));
}

TEST(PlanTraining, NamesTheFieldThatIsWrong) {
  TrainingProblem problem = People(1);
  problem.offerings = {MakeOffering("IT", 0)};
  problem.offerings[0].effect = 2;
  problem.courses = {{.prerequisites = {4}}};
  const auto plan = PlanTraining(problem);
  EXPECT_THAT(plan, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("courses[0].prerequisites[0]"));
  problem.courses.clear();
  EXPECT_THAT(std::string(PlanTraining(problem).status().message()),
              HasSubstr("offerings[0].effect"));
}

}  // namespace
}  // namespace teraju::allocation
