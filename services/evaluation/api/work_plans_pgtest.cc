#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;
using testing::ViolatesField;

class WorkPlansTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  }
  absl::StatusOr<v1::WorkPlan> Return(const std::string& plan,
                                      const Caller& caller,
                                      const std::string& comment) {
    v1::ReturnWorkPlanRequest request;
    request.set_name(plan);
    request.set_comment(comment);
    return Call<v1::WorkPlans>(caller, &v1::WorkPlans::StubInterface::ReturnWorkPlan, request);
  }
  absl::StatusOr<v1::ListWorkPlansResponse> List(const Caller& caller,
                                                 v1::ListWorkPlansRequest request = {}) {
    request.set_parent(kAgency);
    return Call<v1::WorkPlans>(caller, &v1::WorkPlans::StubInterface::ListWorkPlans, request);
  }
  std::vector<std::string> People(const absl::StatusOr<v1::ListWorkPlansResponse>& response) {
    std::vector<std::string> people;
    if (!response.ok()) return {errors::ReasonOf(response.status())};
    for (const v1::WorkPlan& plan : response->work_plans())
      people.push_back(IdOf(plan.snapshot().employee()));
    return people;
  }
};

TEST_F(WorkPlansTest, AreDraftedReturnedRevisedAndApprovedAndKeepTheirHistory) {
  const std::string plan = PlanOf("officer");
  ASSERT_THAT(Draft("officer", "", "60"), IsOk());
  const auto submitted = Submit(plan, kOfficer);
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->state(), v1::WorkPlan::SUBMITTED);
  EXPECT_EQ(submitted->revision(), 1);
  EXPECT_THAT(Draft("officer"), HasReason(v1::WORK_PLAN_NOT_EDITABLE));
  EXPECT_THAT(Return(plan, kHead, ""), ViolatesField("comment"));
  const auto returned = Return(plan, kHead, "Target terlalu rendah.");
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->return_comment(), "Target terlalu rendah.");
  ASSERT_THAT(Draft("officer", "", "70"), IsOk());
  ASSERT_THAT(Submit(plan, kOfficer), IsOk());
  const auto approved = Approve(plan, kHead);
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->state(), v1::WorkPlan::APPROVED);
  EXPECT_THAT(Approve(plan, kHead), HasReason(v1::WORK_PLAN_WRONG_STATE));

  v1::ListWorkPlanRevisionsRequest request;
  request.set_parent(plan);
  const auto revisions =
      Call<v1::WorkPlans>(kOfficer, &v1::WorkPlans::StubInterface::ListWorkPlanRevisions, request);
  ASSERT_THAT(revisions, IsOk());
  ASSERT_EQ(revisions->revisions_size(), 2);
  EXPECT_EQ(revisions->revisions(0).name(), plan + "/revisions/2");
  EXPECT_EQ(revisions->revisions(0).outcome(), v1::WorkPlan::APPROVED);
  EXPECT_EQ(revisions->revisions(1).outcome(), v1::WorkPlan::RETURNED);
  EXPECT_EQ(revisions->revisions(1).comment(), "Target terlalu rendah.");
  EXPECT_EQ(revisions->revisions(1).decided_by(), "agencies/plaju/employees/head");
  EXPECT_EQ(revisions->revisions(1).snapshot().items(0).indicators(0).target().value(), "60");
  EXPECT_THAT(Query("SELECT type FROM outbox WHERE resource = '" + plan + "' ORDER BY event_id"),
              ElementsAre("workPlan.updated",
                          "workPlan.submitted",
                          "workPlan.returned",
                          "workPlan.updated",
                          "workPlan.submitted",
                          "workPlan.approved"));
}

TEST_F(WorkPlansTest, AreTheBusinessOfThePersonAndTheAppraiser) {
  const std::string plan = PlanOf("officer");
  ASSERT_THAT(Draft("officer"), IsOk());
  EXPECT_THAT(Submit(plan, kHead), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Submit(plan, kOfficer), IsOk());
  for (const Caller& other : {kOfficer, kColleague, kMayor, kHr}) {
    EXPECT_THAT(Approve(plan, other), HasReason(PERMISSION_DENIED)) << other.subject;
  }
  EXPECT_THAT(GetPlan(plan, kMayor), IsOk());
  EXPECT_THAT(GetPlan(plan, kUnitHr), IsOk());
  EXPECT_THAT(GetPlan(plan, kColleague), HasReason(PERMISSION_DENIED));
  const std::string absent = "agencies/plaju/workPlans/01890000-0000-7000-8000-000000000000";
  EXPECT_THAT(GetPlan(absent, kColleague), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(GetPlan(absent, kHr), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(WorkPlansTest, AListShowsWhatTheCallerMayReadAndNothingElse) {
  identity_.segments.push_back(
      Segment("stranger", false, "employees/else", "", time::Period::Year(2025), "badan"));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  EXPECT_THAT(People(List(kOfficer)), UnorderedElementsAre("officer"));
  EXPECT_THAT(People(List(kHead)), UnorderedElementsAre("head", "officer", "colleague"));
  EXPECT_THAT(People(List(kMayor)), UnorderedElementsAre("head", "officer", "colleague"));
  EXPECT_THAT(People(List(kUnitHr)), UnorderedElementsAre("head", "officer", "colleague"));
  EXPECT_THAT(People(List(kHr)), UnorderedElementsAre("head", "officer", "colleague", "stranger"));
  EXPECT_THAT(People(List({.subject = "employees/x", .agency = "dumai"})),
              ElementsAre("PERMISSION_DENIED"));
  // The single read agrees, person by person.
  for (const Caller& caller : {kOfficer, kHead, kMayor, kUnitHr, kHr}) {
    const std::vector<std::string> listed = People(List(caller));
    for (const char* person : {"head", "officer", "colleague", "stranger"}) {
      const bool in_list = std::find(listed.begin(), listed.end(), person) != listed.end();
      EXPECT_EQ(GetPlan(PlanOf(person), caller).ok(), in_list) << caller.subject << " " << person;
    }
  }
}

TEST_F(WorkPlansTest, AListIsFilteredAndPaged) {
  v1::ListWorkPlansRequest request;
  request.set_appraiser("agencies/plaju/employees/head");
  EXPECT_THAT(People(List(kHr, request)), UnorderedElementsAre("officer", "colleague"));
  request.Clear();
  request.set_unit("agencies/plaju/units/kota");
  request.set_cycle(kCycle);
  EXPECT_EQ(People(List(kHr, request)).size(), 3);
  ASSERT_THAT(Draft("officer"), IsOk());
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  request.set_state(v1::WorkPlan::SUBMITTED);
  EXPECT_THAT(People(List(kHr, request)), ElementsAre("officer"));
  request.Clear();
  request.set_page_size(2);
  const auto first = List(kHr, request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->work_plans_size(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = List(kHr, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->work_plans_size(), 1);
  EXPECT_THAT(second->next_page_token(), IsEmpty());
  request.set_unit("agencies/plaju/units/kota");
  EXPECT_THAT(List(kHr, request), HasReason(errors::reasons::PAGE_TOKEN_INVALID));
}

TEST_F(WorkPlansTest, AnOldEtagLosesAndARehearsalStoresNothing) {
  v1::SubmitWorkPlanRequest request;
  request.set_name(PlanOf("officer"));
  request.set_etag("\"1\"");
  ASSERT_THAT(Draft("officer"), IsOk());
  EXPECT_THAT(Call<v1::WorkPlans>(kOfficer, &v1::WorkPlans::StubInterface::SubmitWorkPlan, request),
              HasReason(ETAG_MISMATCH));
  request.set_etag("\"2\"");
  request.set_validate_only(true);
  const auto rehearsed =
      Call<v1::WorkPlans>(kOfficer, &v1::WorkPlans::StubInterface::SubmitWorkPlan, request);
  ASSERT_THAT(rehearsed, IsOk());
  EXPECT_EQ(rehearsed->state(), v1::WorkPlan::SUBMITTED);
  EXPECT_EQ(GetPlan(request.name(), kOfficer)->state(), v1::WorkPlan::DRAFT);
}

TEST_F(WorkPlansTest, WhatAnItemSupportsIsInForceOrOfTheOwnSuperior) {
  ASSERT_THAT(Draft("head"), IsOk());
  const std::string own = PlanOf("head") + "/items/hk1";
  catalog_.goals = {"agencies/plaju/goals/mutu", "agencies/dumai/goals/mutu"};
  catalog_.indicators["agencies/plaju/indicators/apk"] =
      "agencies/plaju/indicators/apk/revisions/4";
  for (const std::string& known : {own, std::string("agencies/plaju/goals/mutu")}) {
    ASSERT_THAT(Draft("officer", known), IsOk());
    v1::SubmitWorkPlanRequest rehearsal;
    rehearsal.set_name(PlanOf("officer"));
    rehearsal.set_validate_only(true);
    EXPECT_THAT(
        Call<v1::WorkPlans>(kOfficer, &v1::WorkPlans::StubInterface::SubmitWorkPlan, rehearsal),
        IsOk())
        << known;
  }
  for (const std::string& unknown : {PlanOf("head") + "/items/hk9",
                                     PlanOf("colleague") + "/items/hk1",
                                     std::string("agencies/plaju/goals/lain"),
                                     std::string("agencies/dumai/goals/mutu"),
                                     std::string("apa saja")}) {
    ASSERT_THAT(Draft("officer", unknown), IsOk());
    const auto refused = Submit(PlanOf("officer"), kOfficer);
    EXPECT_THAT(refused, HasReason(v1::SUPPORTS_UNKNOWN)) << unknown;
    EXPECT_THAT(refused, HasMetadata("supports", unknown));
  }
  ASSERT_THAT(Draft("officer", "agencies/plaju/indicators/apk"), IsOk());
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  const auto approved = Approve(PlanOf("officer"), kHead);
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->items(0).supports_revision(), "agencies/plaju/indicators/apk/revisions/4");
  // Who serves the indicator is found by it.
  v1::ListWorkPlansRequest serving;
  serving.set_supports("agencies/plaju/indicators/apk");
  EXPECT_THAT(People(List(kHr, serving)), ElementsAre("officer"));
  serving.set_supports("agencies/plaju/goals/mutu");
  EXPECT_THAT(People(List(kHr, serving)), IsEmpty());
}

TEST_F(WorkPlansTest, AnAbsentCatalogIsToldApartFromAnUnknownGoal) {
  ASSERT_THAT(Draft("officer", "agencies/plaju/goals/mutu"), IsOk());
  catalog_.available = false;
  EXPECT_THAT(Submit(PlanOf("officer"), kOfficer), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(GetPlan(PlanOf("officer"), kOfficer)->state(), v1::WorkPlan::DRAFT);
}

TEST_F(WorkPlansTest, OutputOnlyFieldsOfAnUpdateAreIgnored) {
  v1::UpdateWorkPlanRequest request;
  request.mutable_work_plan()->set_name(PlanOf("officer"));
  request.mutable_work_plan()->set_state(v1::WorkPlan::APPROVED);
  request.mutable_work_plan()->mutable_snapshot()->set_appraiser(
      "agencies/plaju/employees/officer");
  request.mutable_work_plan()->set_needed_support("Laptop");
  const auto updated =
      Call<v1::WorkPlans>(kOfficer, &v1::WorkPlans::StubInterface::UpdateWorkPlan, request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->state(), v1::WorkPlan::DRAFT);
  EXPECT_EQ(updated->snapshot().appraiser(), "agencies/plaju/employees/head");
  EXPECT_EQ(updated->needed_support(), "Laptop");
}

TEST_F(WorkPlansTest, WhatLiesUntouchedIsFoundAndHelpIsOffered) {
  using S = v1::WorkPlans::StubInterface;
  v1::ListWorkPlansRequest untouched;
  untouched.set_idle_days(14);
  const auto idle = [&] { return People(List(kHr, untouched)); };
  ASSERT_THAT(Draft("colleague"), IsOk());
  ASSERT_THAT(Submit(PlanOf("colleague"), kColleague), IsOk());
  EXPECT_THAT(idle(), IsEmpty());
  Query(
      "UPDATE work_plans SET update_time = '2020-01-01' WHERE employee <> "
      "'employees/head' RETURNING 1");
  EXPECT_THAT(idle(), ElementsAre("officer"));

  v1::OfferHelpRequest request;
  request.set_name(PlanOf("officer"));
  request.set_course("SKP dengan Teraju, 3 Maret");
  EXPECT_THAT(Call<v1::WorkPlans>(kColleague, &S::OfferHelp, request),
              HasReason(errors::reasons::PERMISSION_DENIED));
  const auto offered = Call<v1::WorkPlans>(kUnitHr, &S::OfferHelp, request);
  ASSERT_THAT(offered, IsOk());
  EXPECT_EQ(offered->help_offer().offered_by(), "agencies/plaju/employees/unit-hr");
  EXPECT_THAT(Query("SELECT recipient || ' ' || kind FROM reminders"),
              ElementsAre("employees/officer HELP"));
  EXPECT_THAT(idle(), IsEmpty());
  // It stays with what the person writes then.
  ASSERT_THAT(Draft("officer"), IsOk());
  EXPECT_EQ(GetPlan(PlanOf("officer"), kOfficer)->help_offer().course(), request.course());
  request.set_helper("agencies/plaju/employees/colleague");
  EXPECT_THAT(Call<v1::WorkPlans>(kHead, &S::OfferHelp, request), ViolatesField("helper"));
  request.clear_course();
  for (const char* nobody :
       {"agencies/plaju/employees/officer", "agencies/dumai/employees/other"}) {
    request.set_helper(nobody);
    EXPECT_THAT(Call<v1::WorkPlans>(kHead, &S::OfferHelp, request), ViolatesField("helper"));
  }
  request.set_name(PlanOf("colleague"));
  request.set_helper("agencies/plaju/employees/officer");
  EXPECT_THAT(Call<v1::WorkPlans>(kHead, &S::OfferHelp, request),
              HasReason(v1::WORK_PLAN_WRONG_STATE));
}

}  // namespace
}  // namespace teraju::evaluation
