#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;
using EffectCourses = v1::Courses::StubInterface;

constexpr char kBefore[] = "agencies/dumai/cycles/2025/periods/year";
constexpr char kAfter[] = "agencies/dumai/cycles/2026/periods/year";

class CourseEffectsTest : public TrainingApiTest {
 protected:
  // `trained` people attend; as many colleagues do not. The former gain `gain` points.
  void Train(int trained, int gain) {
    offering_ = AddOffering("KOMPETEN", 100, 0);
    AddBudget(1);
    for (int i = 0; i < 2 * trained; ++i) {
      const bool attends = i < trained;
      const std::string id = (attends ? "t" : "c") + std::to_string(i % trained);
      const std::string employee = "agencies/dumai/employees/" + id;
      AddResult(employee, 70 + i % 3, attends ? gain + i % 2 : i % 2);
      if (attends) {
        EXPECT_THAT(AddNeed(kAni, id, "KOMPETEN"), IsOk());
      }
    }
    v1::CreateAllocationPlanRequest create;
    create.set_parent("agencies/dumai");
    create.mutable_allocation_plan()->set_fiscal_year(2026);
    using Plans = v1::AllocationPlans::StubInterface;
    const auto plan = Call<v1::AllocationPlans>(kHr, &Plans::CreateAllocationPlan, create);
    v1::SolveAllocationPlanRequest solve;
    solve.set_name(plan->name());
    EXPECT_EQ(EndOf(Call<v1::AllocationPlans>(kHr, &Plans::SolveAllocationPlan, solve)),
              "SUCCEEDED");
    v1::ApproveAllocationPlanRequest approve;
    approve.set_name(plan->name());
    EXPECT_THAT(Call<v1::AllocationPlans>(kChief, &Plans::ApproveAllocationPlan, approve), IsOk());
    for (const std::string& id : Query("SELECT enrollment_id FROM enrollments")) {
      v1::CompleteEnrollmentRequest complete;
      complete.set_name("agencies/dumai/enrollments/" + id);
      SetDate(*complete.mutable_complete_date(), 2026, 2, 4);
      EXPECT_THAT(
          Call<v1::Enrollments>(kHr, &v1::Enrollments::StubInterface::CompleteEnrollment, complete),
          IsOk());
    }
  }
  void AddResult(const std::string& employee, int before, int change) {
    for (const int year : {2025, 2026}) {
      evaluation_.results[year == 2025 ? kBefore : kAfter].push_back(
          {.employee = employee,
           .unit_path = {"agencies/dumai/units/bidang", "agencies/dumai/units/dinas"},
           .appraiser = "agencies/dumai/employees/ani",
           .segment_start = absl::CivilDay(year, 1, 1),
           .segment_end = absl::CivilDay(year, 12, 31),
           .mean_achievement = Decimal(year == 2025 ? before : before + change)});
    }
  }
  std::string Course() const { return offering_.substr(0, offering_.find("/offerings/")); }
  absl::StatusOr<google::longrunning::Operation> Estimate(const testing::Caller& caller,
                                                          const std::string& after = kAfter) {
    v1::EstimateCourseEffectRequest request;
    request.set_name(Course());
    request.set_before_period(kBefore);
    request.set_after_period(after);
    return Call<v1::Courses>(caller, &EffectCourses::EstimateCourseEffect, request);
  }
  v1::Course Get() {
    v1::GetCourseRequest request;
    request.set_name(Course());
    const auto course = Call<v1::Courses>(kBudi, &EffectCourses::GetCourse, request);
    EXPECT_THAT(course, IsOk());
    return *course;
  }

  std::string offering_;
};

TEST_F(CourseEffectsTest, WhatWasObservedIsShownAndExpectedOfTheNextPlan) {
  Train(10, 14);
  EXPECT_FALSE(Get().has_effect());
  ASSERT_EQ(EndOf(Estimate(kHr)), "SUCCEEDED");
  const v1::CourseEffect effect = Get().effect();
  EXPECT_EQ(effect.pairs(), 10);
  EXPECT_EQ(effect.before_period(), kBefore);
  EXPECT_TRUE(effect.has_lower());
  EXPECT_TRUE(effect.has_estimate_time());
  const Decimal expected = Decimal::Parse(effect.expected_effect().value()).value();
  EXPECT_LT(expected, Decimal(Integer(7), 1));
  // The next plan gains only that share of a need's weight.
  ASSERT_THAT(AddNeed(kAni, "budi", "KOMPETEN"), IsOk());
  v1::CreateAllocationPlanRequest create;
  create.set_parent("agencies/dumai");
  create.mutable_allocation_plan()->set_fiscal_year(2026);
  using Plans = v1::AllocationPlans::StubInterface;
  const auto plan = Call<v1::AllocationPlans>(kHr, &Plans::CreateAllocationPlan, create);
  v1::SolveAllocationPlanRequest solve;
  solve.set_name(plan->name());
  ASSERT_EQ(EndOf(Call<v1::AllocationPlans>(kHr, &Plans::SolveAllocationPlan, solve)), "SUCCEEDED");
  v1::GetAllocationPlanRequest get;
  get.set_name(plan->name());
  const auto solved = Call<v1::AllocationPlans>(kHr, &Plans::GetAllocationPlan, get);
  EXPECT_EQ(Decimal::Parse(solved->objective().value()).value(), expected * Decimal(5));
}

TEST_F(CourseEffectsTest, TooFewToCompareIsAnAnswerInWords) {
  Train(3, 14);
  ASSERT_EQ(EndOf(Estimate(kHr)), "SUCCEEDED");
  const v1::CourseEffect effect = Get().effect();
  EXPECT_EQ(effect.refusal_code(), "TOO_FEW_PAIRS");
  EXPECT_FALSE(effect.has_mean());
  EXPECT_FALSE(effect.text_id().empty());
}

TEST_F(CourseEffectsTest, OnlyOverPublishedPeriodsOfTheAgencyByThoseWhoMay) {
  offering_ = AddOffering("KOMPETEN", 1, 0);
  EXPECT_THAT(Estimate(kBudi), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Estimate(kHr, kBefore), ViolatesField("afterPeriod"));
  EXPECT_THAT(Estimate(kHr, "agencies/plaju/cycles/2026/periods/year"),
              ViolatesField("afterPeriod"));
  evaluation_.published = false;
  EXPECT_THAT(Estimate(kHr), HasReason(v1::RESULTS_NOT_PUBLISHED));
}

}  // namespace
}  // namespace teraju::training
