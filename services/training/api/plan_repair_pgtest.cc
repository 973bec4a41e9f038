// Plans that are repaired, and what would be different with other means.
#include "absl/strings/escaping.h"
#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::UnorderedElementsAre;
using testing::ViolatesField;
using RepairPlans = v1::AllocationPlans::StubInterface;

class PlanRepairTest : public TrainingApiTest {
 protected:
  // Three people, two courses a month apart; the money is for both. Approved.
  void SetUp() override {
    TrainingApiTest::SetUp();
    stays_ = AddOffering("KOMPETEN", 10, 300'000);
    ends_ = AddOffering("LOYAL", 10, 200'000);
    Query(
        "UPDATE offerings SET start_date = '2026-03-02', end_date = '2026-03-03' FROM courses c"
        " WHERE c.course_id = offerings.course_id AND c.title = 'Kursus LOYAL'");
    AddBudget(900'000);
    for (const char* person : {"budi", "citra"})
      EXPECT_THAT(AddNeed(kAni, person, "KOMPETEN"), IsOk());
    EXPECT_THAT(AddNeed(kAni, "budi", "LOYAL"), IsOk());
    EXPECT_THAT(AddNeed(kBudi, "budi", "HARMONIS"), IsOk());
    plan_ = Create();
    EXPECT_EQ(Solve(plan_), "SUCCEEDED");
    EXPECT_THAT(Approve(plan_), IsOk());
    EXPECT_THAT(Places(), UnorderedElementsAre("budi", "budi", "citra"));
    EXPECT_EQ(Committed(), "800000");
  }
  std::string Create() {
    v1::CreateAllocationPlanRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_allocation_plan()->set_fiscal_year(2026);
    const auto plan = Call<v1::AllocationPlans>(kHr, &RepairPlans::CreateAllocationPlan, request);
    EXPECT_THAT(plan, IsOk());
    return plan.ok() ? plan->name() : "";
  }
  std::string Solve(const std::string& plan) {
    v1::SolveAllocationPlanRequest request;
    request.set_name(plan);
    return EndOf(Call<v1::AllocationPlans>(kHr, &RepairPlans::SolveAllocationPlan, request));
  }
  absl::StatusOr<v1::AllocationPlan> Approve(const std::string& plan) {
    v1::ApproveAllocationPlanRequest request;
    request.set_name(plan);
    return Call<v1::AllocationPlans>(kChief, &RepairPlans::ApproveAllocationPlan, request);
  }
  v1::AllocationPlan Get(const std::string& plan) {
    v1::GetAllocationPlanRequest request;
    request.set_name(plan);
    const auto found = Call<v1::AllocationPlans>(kHr, &RepairPlans::GetAllocationPlan, request);
    EXPECT_THAT(found, IsOk());
    return *found;
  }
  absl::StatusOr<v1::AllocationPlan> Repair(const testing::Caller& caller,
                                            const std::string& plan) {
    v1::RepairAllocationPlanRequest request;
    request.set_name(plan);
    return Call<v1::AllocationPlans>(caller, &RepairPlans::RepairAllocationPlan, request);
  }
  absl::StatusOr<v1::Offering> Cancel(const testing::Caller& caller, const std::string& offering) {
    v1::CancelOfferingRequest request;
    request.set_name(offering);
    request.set_comment("Pengajar sakit");
    return Call<v1::Courses>(caller, &v1::Courses::StubInterface::CancelOffering, request);
  }
  absl::StatusOr<google::longrunning::Operation> Start(
      const v1::SimulateAllocationPlanRequest& request) {
    return Call<v1::AllocationPlans>(kHr, &RepairPlans::SimulateAllocationPlan, request);
  }
  v1::AllocationDifference Simulate(const v1::SimulateAllocationPlanRequest& request) {
    const auto operation = Start(request);
    EXPECT_EQ(EndOf(operation), "SUCCEEDED");
    const std::string id = operation->name().substr(operation->name().rfind('/') + 1);
    const std::string hex = Query(
        "SELECT encode(response, 'hex') FROM operations WHERE operation_id = '" + id + "'")[0];
    google::protobuf::Any response;
    response.ParseFromString(absl::HexStringToBytes(hex));
    v1::AllocationDifference difference;
    response.UnpackTo(&difference);
    return difference;
  }
  // Who has a place.
  std::vector<std::string> Places() {
    return Query(
        "SELECT substring(employee from '[^/]*$') FROM enrollments WHERE state <> 'WITHDRAWN'");
  }
  std::vector<std::string> StandingIds() {
    return Query(
        "SELECT enrollment_id FROM enrollments WHERE state <> 'WITHDRAWN' ORDER BY enrollment_id");
  }
  std::string NeedOf(const std::string& person) {
    return Query("SELECT need_id FROM needs WHERE employee LIKE '%/" + person + "'")[0];
  }
  std::string Committed() { return Query("SELECT sum(committed) FROM budgets")[0]; }

  std::string stays_, ends_, plan_;
};

TEST_F(PlanRepairTest, ACancelledOfferingIsReplacedAndEveryOtherSeatStays) {
  const auto before = StandingIds();
  const auto cancelled = Cancel(kHr, ends_);
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->state(), v1::Offering::CANCELLED);
  EXPECT_EQ(cancelled->cancel_comment(), "Pengajar sakit");
  EXPECT_EQ(cancelled->seats_taken(), 0);
  EXPECT_THAT(Places(), UnorderedElementsAre("budi", "citra"));
  EXPECT_THAT(Query("SELECT state FROM needs WHERE topic = 'LOYAL'"), ElementsAre("CONFIRMED"));
  EXPECT_EQ(Committed(), "800000");
  const std::string instead = AddOffering("LOYAL", 5, 250'000);
  Query(
      "UPDATE offerings SET start_date = '2026-04-02', end_date = '2026-04-03'"
      " WHERE cost_per_seat = 250000");

  const auto repair = Repair(kHr, plan_);
  ASSERT_THAT(repair, IsOk());
  EXPECT_EQ(repair->state(), v1::AllocationPlan::DRAFT);
  EXPECT_EQ(repair->repaired_plan(), plan_);
  ASSERT_EQ(Solve(repair->name()), "SUCCEEDED");
  const v1::AllocationPlan solved = Get(repair->name());
  EXPECT_EQ(solved.seats_kept(), 2);
  EXPECT_EQ(solved.seats_added(), 1);
  EXPECT_EQ(solved.seats_removed(), 0);
  EXPECT_EQ(solved.cost().units(), 850'000);
  // Nothing has happened yet: somebody approves it.
  EXPECT_EQ(Get(plan_).state(), v1::AllocationPlan::APPROVED);
  ASSERT_THAT(Approve(repair->name()), IsOk());
  EXPECT_EQ(Get(plan_).state(), v1::AllocationPlan::SUPERSEDED);
  EXPECT_THAT(Places(), UnorderedElementsAre("budi", "budi", "citra"));
  // The places that stay are the same rows.
  for (const std::string& id : Query("SELECT enrollment_id FROM enrollments WHERE state <>"
                                     " 'WITHDRAWN' AND course_id IN (SELECT course_id FROM"
                                     " courses WHERE title = 'Kursus KOMPETEN')"))
    EXPECT_THAT(before, ::testing::Contains(id));
  EXPECT_EQ(Committed(), "850000");
  EXPECT_THAT(Query("SELECT state FROM needs WHERE topic = 'LOYAL'"), ElementsAre("PLANNED"));
  EXPECT_THAT(Query("SELECT seats_taken FROM offerings ORDER BY cost_per_seat"),
              ElementsAre("0", "1", "2"));
  // It is an approved plan like any other; the one before is history.
  EXPECT_THAT(Repair(kHr, plan_), HasReason(v1::PLAN_WRONG_STATE));
  EXPECT_THAT(Repair(kHr, repair->name()), IsOk());
}

TEST_F(PlanRepairTest, WithoutAReplacementTheMoneyComesBackAndTheReasonIsSaid) {
  ASSERT_THAT(Cancel(kHr, ends_), IsOk());
  const auto repair = Repair(kHr, plan_);
  ASSERT_EQ(Solve(repair->name()), "SUCCEEDED");
  ASSERT_THAT(Approve(repair->name()), IsOk());
  EXPECT_EQ(Committed(), "600000");
  v1::ListAllocationDecisionsRequest list;
  list.set_parent(repair->name());
  list.set_refused_only(true);
  const auto refused = Call<v1::AllocationPlans>(kHr, &RepairPlans::ListAllocationDecisions, list);
  ASSERT_EQ(refused->decisions_size(), 2);
  EXPECT_EQ(refused->decisions(0).refusal_code(), "NO_OFFERING");
}

TEST_F(PlanRepairTest, KeepsSeatsThatAPlanMadeAnewWouldGiveToOthers) {
  // The money is for one more seat, and two more urgent people turn up.
  ASSERT_THAT(Cancel(kHr, ends_), IsOk());
  for (const char* person : {"dewi", "eka"}) {
    ASSERT_THAT(AddNeed(kAni, person, "KOMPETEN"), IsOk());
    Query(std::string("UPDATE needs SET weight = 9 WHERE employee LIKE '%/") + person + "'");
  }
  const auto repair = Repair(kHr, plan_);
  ASSERT_EQ(Solve(repair->name()), "SUCCEEDED");
  const v1::AllocationPlan solved = Get(repair->name());
  EXPECT_EQ(solved.seats_kept(), 2);
  EXPECT_EQ(solved.seats_added(), 1);
  // What keeping costs is in the gap: 9 + 9 + 5 could be met, 5 + 5 + 9 are.
  EXPECT_EQ(Decimal::Parse(solved.objective().value()).value(), Decimal(19));
  EXPECT_GE(Decimal::Parse(solved.gap_percent().value()).value(), Decimal(17));
  ASSERT_THAT(Approve(repair->name()), IsOk());
  EXPECT_THAT(Places(), ::testing::IsSupersetOf({std::string("budi"), std::string("citra")}));
}

TEST_F(PlanRepairTest, AttendedPlacesStayAndNobodyIsAskedTwice) {
  const auto id = Query("SELECT enrollment_id FROM enrollments WHERE employee LIKE '%/citra'")[0];
  v1::CompleteEnrollmentRequest complete;
  complete.set_name("agencies/dumai/enrollments/" + id);
  SetDate(*complete.mutable_complete_date(), 2026, 2, 4);
  ASSERT_THAT(
      Call<v1::Enrollments>(kHr, &v1::Enrollments::StubInterface::CompleteEnrollment, complete),
      IsOk());
  ASSERT_THAT(Cancel(kHr, ends_), IsOk());
  const auto repair = Repair(kHr, plan_);
  ASSERT_EQ(Solve(repair->name()), "SUCCEEDED");
  ASSERT_THAT(Approve(repair->name()), IsOk());
  EXPECT_THAT(Query("SELECT state FROM enrollments WHERE employee LIKE '%/citra'"),
              ElementsAre("COMPLETED"));
  EXPECT_EQ(Committed(), "600000");
}

TEST_F(PlanRepairTest, SaysForHowManyAGroupCourseWouldBeAndAtWhatCost) {
  AddOffering("HARMONIS", 10, 0);
  Query(
      "UPDATE offerings SET fixed_cost = 90000, minimum_participants = 2,"
      " start_date = '2026-05-04', end_date = '2026-05-05' WHERE cost_per_seat = 0");
  const std::string alone = Create();
  ASSERT_EQ(Solve(alone), "SUCCEEDED");
  ASSERT_EQ(Get(alone).group_courses_size(), 1);
  EXPECT_EQ(Get(alone).group_courses(0).people_lacking(), 1);
  EXPECT_EQ(Get(alone).group_courses(0).participants(), 0);
  ASSERT_THAT(AddNeed(kCitra, "citra", "HARMONIS"), IsOk());
  ASSERT_EQ(Solve(alone), "SUCCEEDED");
  const v1::GroupCourse group = Get(alone).group_courses(0);
  EXPECT_EQ(group.participants(), 2);
  EXPECT_EQ(group.cost().units(), 90'000);
  EXPECT_THAT(group.text_id(), ::testing::HasSubstr("2 pegawai membutuhkannya"));
}

TEST_F(PlanRepairTest, RefusesWhatCannotBe) {
  EXPECT_THAT(Repair(kBudi, plan_), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Cancel(kBudi, ends_), HasReason(PERMISSION_DENIED));
  const std::string draft = Create();
  EXPECT_THAT(Repair(kHr, draft), HasReason(v1::PLAN_WRONG_STATE));
  ASSERT_THAT(Cancel(kHr, ends_), IsOk());
  EXPECT_THAT(Cancel(kHr, ends_), HasReason(v1::OFFERING_WRONG_STATE));
  const auto first = Repair(kHr, plan_);
  const auto second = Repair(kHr, plan_);
  ASSERT_EQ(Solve(first->name()), "SUCCEEDED");
  ASSERT_EQ(Solve(second->name()), "SUCCEEDED");
  ASSERT_THAT(Approve(first->name()), IsOk());
  EXPECT_FALSE(Approve(second->name()).ok());
}

TEST_F(PlanRepairTest, SaysWhatMoreMoneyOrAnOfferingMoreWouldBring) {
  ASSERT_THAT(AddNeed(kAni, "dewi", "KOMPETEN"), IsOk());
  const std::string plan = Create();
  ASSERT_EQ(Solve(plan), "SUCCEEDED");
  const v1::AllocationPlan solved = Get(plan);
  EXPECT_EQ(solved.needs_met(), 0);
  v1::SimulateAllocationPlanRequest more;
  more.set_name(plan);
  v1::SimulatedBudget& budget = *more.add_budgets();
  budget.set_budget("agencies/dumai/budgets/" + Query("SELECT budget_id FROM budgets")[0]);
  budget.mutable_amount()->set_currency_code("IDR");
  budget.mutable_amount()->set_units(1'100'000);
  const v1::AllocationDifference money = Simulate(more);
  EXPECT_EQ(money.needs_met_before(), 0);
  EXPECT_EQ(money.needs_met_after(), 1);
  EXPECT_EQ(money.cost_after().units(), 300'000);
  EXPECT_THAT(money.newly_met_needs(), ElementsAre("agencies/dumai/needs/" + NeedOf("dewi")));
  ASSERT_EQ(money.seats_added_size(), 1);
  EXPECT_EQ(money.seats_added(0).employee(), "agencies/dumai/employees/dewi");
  EXPECT_EQ(money.seats_added(0).offering(), stays_);

  const std::string harmony = AddOffering("HARMONIS", 1, 0);
  ASSERT_THAT(Cancel(kHr, harmony), IsOk());
  v1::SimulateAllocationPlanRequest offering;
  offering.set_name(plan);
  v1::SimulatedOffering& added = *offering.add_added_offerings();
  added.set_course(harmony.substr(0, harmony.find("/offerings/")));
  SetDate(*added.mutable_offering()->mutable_start_date(), 2026, 6, 1);
  SetDate(*added.mutable_offering()->mutable_end_date(), 2026, 6, 2);
  added.mutable_offering()->set_seats(5);
  added.mutable_offering()->mutable_cost_per_seat()->set_currency_code("IDR");
  const v1::AllocationDifference course = Simulate(offering);
  EXPECT_EQ(course.newly_met(), 1);
  EXPECT_EQ(course.seats_added(0).offering(), "added/1");
  // Nothing of it is stored.
  EXPECT_EQ(Get(plan).etag(), solved.etag());
  EXPECT_EQ(Get(plan).needs_met(), 0);
  EXPECT_EQ(Query("SELECT count(*) FROM offerings")[0], "3");
}

TEST_F(PlanRepairTest, SaysWhatAnApprovedPlanWouldLoseWithoutAnOffering) {
  v1::SimulateAllocationPlanRequest without;
  without.set_name(plan_);
  without.add_dropped_offerings(stays_);
  const v1::AllocationDifference difference = Simulate(without);
  EXPECT_EQ(difference.needs_met_before(), 3);
  EXPECT_EQ(difference.no_longer_met(), 2);
  EXPECT_EQ(difference.removed(), 2);
  EXPECT_EQ(difference.cost_before().units(), 800'000);
  EXPECT_EQ(difference.cost_after().units(), 200'000);
  EXPECT_EQ(Get(plan_).state(), v1::AllocationPlan::APPROVED);
}

TEST_F(PlanRepairTest, RefusesToSimulateWhatIsNotThere) {
  v1::SimulateAllocationPlanRequest request;
  request.set_name(Create());
  request.add_dropped_offerings("agencies/dumai/courses/a/offerings/b");
  EXPECT_THAT(Start(request), HasReason(v1::SIMULATION_UNKNOWN));
  request.clear_dropped_offerings();
  v1::SimulatedBudget& budget = *request.add_budgets();
  budget.set_budget("agencies/dumai/budgets/" + Query("SELECT budget_id FROM budgets")[0]);
  budget.mutable_amount()->set_currency_code("IDR");
  budget.mutable_amount()->set_units(799'999);
  EXPECT_THAT(Start(request), ViolatesField("budgets[0].amount"));
  budget.set_budget("agencies/dumai/budgets/none");
  EXPECT_THAT(Start(request), HasReason(v1::SIMULATION_UNKNOWN));
  request.set_name(plan_);
  EXPECT_THAT(Call<v1::AllocationPlans>(kBudi, &RepairPlans::SimulateAllocationPlan, request),
              HasReason(PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::training
