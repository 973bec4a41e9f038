#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::OPERATION_RUNNING;
using errors::reasons::PERMISSION_DENIED;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using Plans = v1::AllocationPlans::StubInterface;
using Places = v1::Enrollments::StubInterface;

class AllocationPlansServiceTest : public TrainingApiTest {
 protected:
  std::string CreatePlan() {
    v1::CreateAllocationPlanRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_allocation_plan()->set_fiscal_year(2026);
    const auto plan = Call<v1::AllocationPlans>(kHr, &Plans::CreateAllocationPlan, request);
    EXPECT_THAT(plan, IsOk());
    return plan.ok() ? plan->name() : "";
  }
  absl::StatusOr<google::longrunning::Operation> Solve(const std::string& plan) {
    v1::SolveAllocationPlanRequest request;
    request.set_name(plan);
    return Call<v1::AllocationPlans>(kHr, &Plans::SolveAllocationPlan, request);
  }
  absl::StatusOr<v1::AllocationPlan> Approve(const std::string& plan,
                                             const Caller& caller = kChief) {
    v1::ApproveAllocationPlanRequest request;
    request.set_name(plan);
    return Call<v1::AllocationPlans>(caller, &Plans::ApproveAllocationPlan, request);
  }
  absl::StatusOr<v1::AllocationPlan> Get(const Caller& caller, const std::string& plan) {
    v1::GetAllocationPlanRequest request;
    request.set_name(plan);
    return Call<v1::AllocationPlans>(caller, &Plans::GetAllocationPlan, request);
  }
  std::vector<v1::AllocationDecision> Decisions(const std::string& plan, bool refused_only) {
    v1::ListAllocationDecisionsRequest request;
    request.set_parent(plan);
    request.set_refused_only(refused_only);
    const auto list = Call<v1::AllocationPlans>(kHr, &Plans::ListAllocationDecisions, request);
    EXPECT_THAT(list, IsOk());
    return {list->decisions().begin(), list->decisions().end()};
  }
  std::vector<v1::Enrollment> Enrollments(const Caller& caller) {
    v1::ListEnrollmentsRequest request;
    request.set_parent("agencies/dumai");
    const auto list = Call<v1::Enrollments>(caller, &Places::ListEnrollments, request);
    EXPECT_THAT(list, IsOk());
    return {list->enrollments().begin(), list->enrollments().end()};
  }
  // Two want the same course, the money is for one: the superior's need comes first.
  std::string SolvedPlan() {
    offering_ = AddOffering("KOMPETEN", 10, 500'000);
    AddBudget(600'000);
    EXPECT_THAT(AddNeed(kBudi, "budi", "KOMPETEN"), IsOk());
    EXPECT_THAT(AddNeed(kAni, "citra", "KOMPETEN"), IsOk());
    std::string plan = CreatePlan();
    EXPECT_EQ(EndOf(Solve(plan)), "SUCCEEDED");
    return plan;
  }

  std::string offering_;
};

TEST_F(AllocationPlansServiceTest, SolvesAndSaysWhyForEachNeed) {
  const std::string name = SolvedPlan();
  const auto plan = Get(kHr, name);
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->state(), v1::AllocationPlan::SOLVED);
  EXPECT_EQ(plan->needs(), 2);
  EXPECT_EQ(plan->needs_met(), 1);
  EXPECT_EQ(plan->cost().units(), 500'000);
  EXPECT_EQ(plan->budget().units(), 600'000);
  EXPECT_TRUE(plan->has_solve_time());
  const auto all = Decisions(name, false);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].employee(), "agencies/dumai/employees/citra");
  EXPECT_EQ(all[0].offering(), offering_);
  const auto refused = Decisions(name, true);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].employee(), "agencies/dumai/employees/budi");
  EXPECT_EQ(refused[0].refusal_code(), "BUDGET");
  EXPECT_THAT(refused[0].reason_id(), HasSubstr("Anggaran APBD 2026 (Rp600.000) tidak cukup"));
  EXPECT_THAT(Enrollments(kHr), IsEmpty());
  // What the budget gave, and what a little more of it would bring: half a million meets a need
  // of 3.
  ASSERT_EQ(plan->budget_uses_size(), 1);
  EXPECT_EQ(plan->budget_uses(0).available().units(), 600'000);
  EXPECT_EQ(plan->budget_uses(0).spent().units(), 500'000);
  EXPECT_EQ(Decimal::Parse(plan->budget_uses(0).value_of_million().value()).value(), Decimal(6));
  EXPECT_THAT(plan->budget_uses(0).text_id(), HasSubstr("APBD 2026"));
}

TEST_F(AllocationPlansServiceTest, ApprovingEnrolsAndCommitsAtOnce) {
  const std::string name = SolvedPlan();
  // Who has entered the plan does not approve it.
  EXPECT_THAT(Approve(name, kHr), HasReason(errors::reasons::DUTIES_SEPARATED));
  const auto approved = Approve(name);
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->state(), v1::AllocationPlan::APPROVED);
  const auto places = Enrollments(kCitra);
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(places[0].offering(), offering_);
  EXPECT_EQ(places[0].state(), v1::Enrollment::PLANNED);
  EXPECT_EQ(places[0].appraiser(), "agencies/dumai/employees/ani");
  EXPECT_THAT(Enrollments(kBudi), IsEmpty());
  EXPECT_EQ(Enrollments(kAni).size(), 1u);
  EXPECT_THAT(Query("SELECT committed FROM budgets"), ElementsAre("500000"));
  EXPECT_THAT(Query("SELECT seats_taken FROM offerings"), ElementsAre("1"));
  EXPECT_THAT(Query("SELECT state FROM needs ORDER BY weight DESC"),
              ElementsAre("PLANNED", "PROPOSED"));
  EXPECT_THAT(Approve(name), HasReason(v1::PLAN_WRONG_STATE));
  EXPECT_THAT(Solve(name), HasReason(v1::PLAN_WRONG_STATE));
}

TEST_F(AllocationPlansServiceTest, RefusesAPlanWhoseBasisHasChanged) {
  const std::string name = SolvedPlan();
  // Each kind of change; after each, solving again makes the plan good.
  AddBudget(1);
  EXPECT_THAT(Approve(name), HasReason(v1::PLAN_STALE));
  ASSERT_EQ(EndOf(Solve(name)), "SUCCEEDED");
  AddOffering("LOYAL", 5, 0);
  EXPECT_THAT(Approve(name), HasReason(v1::PLAN_STALE));
  ASSERT_EQ(EndOf(Solve(name)), "SUCCEEDED");
  ASSERT_THAT(AddNeed(kBudi, "budi", "LOYAL"), IsOk());
  EXPECT_THAT(Approve(name), HasReason(v1::PLAN_STALE));
  EXPECT_THAT(Query("SELECT enrollment_id FROM enrollments"), IsEmpty());
  ASSERT_EQ(EndOf(Solve(name)), "SUCCEEDED");
  EXPECT_THAT(Approve(name), IsOk());
}

TEST_F(AllocationPlansServiceTest, TwoPlansCannotSpendTheSameMoney) {
  const std::string first = SolvedPlan();
  const std::string second = CreatePlan();
  ASSERT_EQ(EndOf(Solve(second)), "SUCCEEDED");
  ASSERT_THAT(Approve(first), IsOk());
  EXPECT_THAT(Approve(second), HasReason(v1::PLAN_STALE));
  EXPECT_THAT(Query("SELECT committed FROM budgets"), ElementsAre("500000"));
}

TEST_F(AllocationPlansServiceTest, OnePlaceMeetsSeveralNeedsOfAPerson) {
  AddBudget(1'000'000);
  offering_ = AddOffering("KOMPETEN", 10, 500'000);
  Query("UPDATE courses SET topics = '{KOMPETEN,ADAPTIF}'");
  ASSERT_THAT(AddNeed(kBudi, "budi", "KOMPETEN"), IsOk());
  const auto urgent = AddNeed(kAni, "budi", "ADAPTIF");
  ASSERT_THAT(urgent, IsOk());
  const std::string plan = CreatePlan();
  ASSERT_EQ(EndOf(Solve(plan)), "SUCCEEDED");
  ASSERT_THAT(Approve(plan), IsOk());
  const auto places = Enrollments(kBudi);
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(places[0].need(), urgent->name());
  EXPECT_THAT(Query("SELECT committed FROM budgets"), ElementsAre("500000"));
  v1::CompleteEnrollmentRequest complete;
  complete.set_name(places[0].name());
  SetDate(*complete.mutable_complete_date(), 2026, 2, 4);
  EXPECT_THAT(Call<v1::Enrollments>(kHr, &Places::CompleteEnrollment, complete), IsOk());
  EXPECT_THAT(Query("SELECT DISTINCT state FROM needs"), ElementsAre("MET"));
}

TEST_F(AllocationPlansServiceTest, CompletingCreditsHoursAndMeetsTheNeed) {
  ASSERT_THAT(Approve(SolvedPlan()), IsOk());
  const std::string place = Enrollments(kHr)[0].name();
  v1::CompleteEnrollmentRequest request;
  request.set_name(place);
  SetDate(*request.mutable_complete_date(), 2026, 2, 4);
  request.set_effect_note("Laporan tepat waktu");
  EXPECT_THAT(Call<v1::Enrollments>(kCitra, &Places::CompleteEnrollment, request),
              HasReason(PERMISSION_DENIED));
  const auto done = Call<v1::Enrollments>(kHr, &Places::CompleteEnrollment, request);
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->state(), v1::Enrollment::COMPLETED);
  EXPECT_EQ(done->learning_hours(), 24);
  EXPECT_EQ(done->effect_note(), "Laporan tepat waktu");
  EXPECT_THAT(Query("SELECT state FROM needs WHERE employee LIKE '%citra'"), ElementsAre("MET"));
  EXPECT_THAT(Call<v1::Enrollments>(kHr, &Places::CompleteEnrollment, request),
              HasReason(v1::ENROLLMENT_WRONG_STATE));
}

TEST_F(AllocationPlansServiceTest, WithdrawingFreesTheSeatAndOpensTheNeed) {
  ASSERT_THAT(Approve(SolvedPlan()), IsOk());
  v1::WithdrawEnrollmentRequest request;
  request.set_name(Enrollments(kHr)[0].name());
  request.set_comment("Sakit");
  const auto withdrawn = Call<v1::Enrollments>(kHr, &Places::WithdrawEnrollment, request);
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_EQ(withdrawn->withdraw_comment(), "Sakit");
  EXPECT_THAT(Query("SELECT seats_taken FROM offerings"), ElementsAre("0"));
  EXPECT_THAT(Query("SELECT state FROM needs WHERE employee LIKE '%citra'"),
              ElementsAre("CONFIRMED"));
  EXPECT_THAT(Query("SELECT committed FROM budgets"), ElementsAre("500000"));
}

TEST_F(AllocationPlansServiceTest, NeedsABudgetAndPermission) {
  const std::string plan = CreatePlan();
  EXPECT_THAT(Solve(plan), HasReason(v1::BUDGET_MISSING));
  EXPECT_THAT(Approve(plan), HasReason(v1::PLAN_WRONG_STATE));
  EXPECT_THAT(Get(kBudi, plan), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get(kBudi, plan + "0"), HasReason(PERMISSION_DENIED));
}

TEST_F(AllocationPlansServiceTest, IsSolvedOnceAtATime) {
  AddBudget(1);
  const std::string plan = CreatePlan();
  worker_.reset();
  ASSERT_THAT(Solve(plan), IsOk());
  EXPECT_THAT(Solve(plan), HasReason(OPERATION_RUNNING));
}

}  // namespace
}  // namespace teraju::training
