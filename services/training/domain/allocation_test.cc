#include "services/training/domain/allocation.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/training/domain/rupiah.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;

constexpr char kDinas[] = "agencies/dumai/units/dinas";

google::type::Date Day(int month, int day) {
  google::type::Date date;
  date.set_year(2026);
  date.set_month(month);
  date.set_day(day);
  return date;
}

v1::Need MakeNeed(const std::string& employee, const std::string& topic, const char* weight) {
  v1::Need need;
  need.set_name("agencies/dumai/needs/" + employee + "-" + topic);
  need.set_employee("agencies/dumai/employees/" + employee);
  need.set_topic(topic);
  need.mutable_weight()->set_value(weight);
  need.add_unit_path(kDinas);
  need.add_unit_path("agencies/dumai/units/kota");
  return need;
}

OpenOffering MakeOffering(const std::string& topic, int seats, std::int64_t cost) {
  OpenOffering open;
  open.course.set_title("Kursus " + topic);
  open.course.add_topics(topic);
  open.offering.set_name("agencies/dumai/courses/" + topic + "/offerings/1");
  *open.offering.mutable_start_date() = Day(2, 2);
  *open.offering.mutable_end_date() = Day(2, 4);
  open.offering.set_seats(seats);
  *open.offering.mutable_cost_per_seat() = ToMoney(cost);
  return open;
}

v1::Budget MakeBudget(std::int64_t amount, const std::string& unit = "") {
  v1::Budget budget;
  budget.set_name("agencies/dumai/budgets/" + std::to_string(amount));
  budget.set_unit(unit);
  budget.set_source("APBD");
  budget.set_fiscal_year(2026);
  *budget.mutable_amount() = ToMoney(amount);
  return budget;
}

AllocationOutcome Solve(v1::AllocationPlan& plan, const AllocationBasis& basis) {
  const allocation::TrainingProblem problem = MakeProblem(plan, basis);
  const auto solution = allocation::PlanTraining(problem);
  EXPECT_TRUE(solution.ok()) << solution.status();
  return Conclude(plan, basis, problem, *solution);
}

std::vector<std::string> Codes(const AllocationOutcome& outcome) {
  std::vector<std::string> codes;
  for (const auto& decision : outcome.decisions) codes.push_back(decision.refusal_code());
  return codes;
}

TEST(AllocationPlan, MeetsTheMostUrgentNeedsWithinTheBudgetAndSaysWhy) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0"),
                 MakeNeed("citra", "A", "5.0"),
                 MakeNeed("dewi", "A", "3.0"),
                 MakeNeed("eko", "Z", "9.0")};
  basis.offerings = {MakeOffering("A", 10, 500'000)};
  basis.budgets = {MakeBudget(1'200'000)};
  v1::AllocationPlan plan;
  const AllocationOutcome outcome = Solve(plan, basis);
  EXPECT_THAT(Codes(outcome), ElementsAre("", "", "BUDGET", "NO_OFFERING"));
  EXPECT_EQ(outcome.decisions[0].offering(), basis.offerings[0].offering.name());
  EXPECT_THAT(outcome.decisions[0].reason_id(),
              HasSubstr("\"Kursus A\" (2026-02-02 – 2026-02-04), Rp500.000"));
  EXPECT_THAT(outcome.decisions[2].offering(), IsEmpty());
  EXPECT_THAT(outcome.decisions[2].reason_id(),
              HasSubstr("Anggaran APBD 2026 (Rp1.200.000) tidak cukup"));
  EXPECT_THAT(outcome.decisions[2].reason_en(), HasSubstr("Rp300,000 short"));
  EXPECT_THAT(outcome.decisions[3].reason_en(), HasSubstr("No offering teaches Z."));
  EXPECT_EQ(plan.state(), v1::AllocationPlan::SOLVED);
  EXPECT_EQ(plan.cost().units(), 1'000'000);
  EXPECT_EQ(plan.budget().units(), 1'200'000);
  EXPECT_EQ(plan.needs(), 4);
  EXPECT_EQ(plan.needs_met(), 2);
  EXPECT_EQ(plan.offerings_held(), 1);
  ASSERT_EQ(outcome.payments.size(), 1u);
  EXPECT_EQ(outcome.payments[0].amount, 1'000'000);
}

TEST(AllocationPlan, AFocusChangesWhoComesFirst) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0"), MakeNeed("citra", "B", "5.0")};
  basis.offerings = {MakeOffering("A", 1, 100), MakeOffering("B", 1, 100)};
  basis.budgets = {MakeBudget(100)};
  v1::AllocationPlan plan;
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("", "BUDGET"));
  v1::TopicFocus& focus = *plan.add_focuses();
  focus.set_topic("B");
  focus.mutable_factor()->set_value("2");
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("BUDGET", ""));
  focus.set_unit("agencies/dumai/units/kantor");
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("", "BUDGET"));
  focus.set_unit(kDinas);
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("BUDGET", ""));
}

TEST(AllocationPlan, ABudgetOfAUnitPaysForItsPeopleOnly) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0")};
  basis.offerings = {MakeOffering("A", 5, 100)};
  basis.budgets = {MakeBudget(100, "agencies/dumai/units/kantor")};
  v1::AllocationPlan plan;
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("BUDGET"));
  basis.budgets = {MakeBudget(100, "agencies/dumai/units/kota")};
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre(""));
}

TEST(AllocationPlan, WhatIsCommittedAndTakenIsGone) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0")};
  basis.offerings = {MakeOffering("A", 2, 100)};
  basis.budgets = {MakeBudget(150)};
  *basis.budgets[0].mutable_committed() = ToMoney(100);
  v1::AllocationPlan plan;
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("BUDGET"));
  basis.budgets[0].clear_committed();
  basis.offerings[0].offering.set_seats_taken(2);
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("SEATS"));
}

TEST(AllocationPlan, AnOfferingThatHasBegunToFillIsPaidForAndCountsItsPeople) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0")};
  basis.offerings = {MakeOffering("A", 5, 10)};
  basis.offerings[0].offering.set_minimum_participants(3);
  *basis.offerings[0].offering.mutable_fixed_cost() = ToMoney(1'000);
  basis.budgets = {MakeBudget(50)};
  v1::AllocationPlan plan;
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("MINIMUM_NOT_REACHED"));
  basis.offerings[0].offering.set_seats_taken(2);
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre(""));
}

TEST(AllocationPlan, NobodyIsInTwoPlacesAtOnce) {
  AllocationBasis basis;
  basis.needs = {MakeNeed("budi", "A", "8.0")};
  basis.offerings = {MakeOffering("A", 5, 0)};
  basis.budgets = {MakeBudget(100)};
  basis.busy = {{.employee = "agencies/dumai/employees/budi",
                 .start_date = Day(2, 4),
                 .end_date = Day(2, 6)}};
  v1::AllocationPlan plan;
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre("CLASH"));
  basis.busy[0].start_date = Day(2, 5);
  EXPECT_THAT(Codes(Solve(plan, basis)), ElementsAre(""));
}

TEST(ApprovePlan, WantsASolvedPlanThatIsNotStale) {
  const auto* states = v1::AllocationPlan::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    v1::AllocationPlan plan;
    plan.set_state(static_cast<v1::AllocationPlan::State>(states->value(i)->number()));
    if (plan.state() == v1::AllocationPlan::SOLVED) {
      EXPECT_THAT(ApprovePlan(plan, false), HasReason(v1::PLAN_STALE));
      EXPECT_THAT(ApprovePlan(plan, true), IsOk());
      EXPECT_EQ(plan.state(), v1::AllocationPlan::APPROVED);
      EXPECT_THAT(CheckSolvable(plan), HasReason(v1::PLAN_WRONG_STATE));
    } else {
      EXPECT_THAT(ApprovePlan(plan, true), HasReason(v1::PLAN_WRONG_STATE));
    }
  }
}

}  // namespace
}  // namespace teraju::training::domain
