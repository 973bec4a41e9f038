// Plans that change in the middle of the year, plans that begin with others, links that are
// confirmed later, the form.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::StartsWith;
using testing::ViolatesField;

class PlanChangesTest : public EvaluationTest {
 protected:
  using W = v1::WorkPlans;
  using A = v1::PlanAmendments;
  using T = v1::PlanTemplates;

  void Open() {
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  }
  absl::StatusOr<v1::PlanAmendment> Amend(const Caller& caller,
                                          const std::string& target,
                                          const std::string& item = "hk1") {
    v1::CreatePlanAmendmentRequest request;
    request.set_parent(PlanOf("officer"));
    request.mutable_amendment()->set_reason("Anggaran berubah");
    v1::WorkPlan& contents = *request.mutable_amendment()->mutable_contents();
    contents = GetPlan(PlanOf("officer"), kOfficer).value();
    contents.mutable_items(0)->set_item_id(item);
    contents.mutable_items(0)->mutable_indicators(0)->mutable_target()->set_value(target);
    contents.clear_needed_resources();
    v1::NeededResource& resource = *contents.add_needed_resources();
    resource.set_kind(v1::SupportRequest::RESOURCE);
    resource.set_text("Ruang kelas malam");
    return Call<A>(caller, &A::StubInterface::CreatePlanAmendment, request);
  }
  template <typename Request>
  absl::StatusOr<v1::PlanAmendment> OnAmendment(
      const Caller& caller,
      grpc::Status (A::StubInterface::*method)(grpc::ClientContext*,
                                               const Request&,
                                               v1::PlanAmendment*),
      const std::string& name) {
    Request request;
    request.set_name(name);
    if constexpr (requires { request.set_comment(""); }) request.set_comment("Jelaskan alasannya");
    return Call<A>(caller, method, request);
  }
  absl::StatusOr<v1::WorkPlan> Copy(const Caller& caller,
                                    const std::string& plan,
                                    const std::string& source) {
    v1::CopyWorkPlanRequest request;
    request.set_name(plan);
    request.set_source(source);
    return Call<W>(caller, &W::StubInterface::CopyWorkPlan, request);
  }
  absl::StatusOr<v1::PlanTemplate> MakeTemplate(const Caller& caller) {
    v1::CreatePlanTemplateRequest request;
    request.set_parent(kAgency);
    *request.mutable_plan_template() = Parse<v1::PlanTemplate>(R"pb(
      title: "Analis"
      position_title: "ANALIS"
      contents {
        items {
          kind: MAIN
          title: "Analisis tepat waktu"
          indicators {
            aspect: TIME
            title: "Lama"
            unit_of_measure: "hari"
            polarity: LOWER_IS_BETTER
            target { value: "5" }
          }
        }
      })pb");
    return Call<T>(caller, &T::StubInterface::CreatePlanTemplate, request);
  }
  absl::StatusOr<v1::WorkPlan> Confirm(const Caller& caller, const std::string& supports) {
    v1::ConfirmSupportRequest request;
    request.set_name(PlanOf("officer"));
    request.set_item_id("hk1");
    request.set_supports(supports);
    request.set_supports_kind(v1::WorkPlanItem::DIRECT);
    request.mutable_supports_share()->set_value("40");
    return Call<W>(caller, &W::StubInterface::ConfirmSupport, request);
  }
};

TEST_F(PlanChangesTest, AnAmendmentChangesThePlanWithItsApprovalAndStaysInHistory) {
  AgreeAll();
  EXPECT_THAT(Amend(kHead, "60"), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Realise("officer", "35", 3, 31), IsOk());
  EXPECT_THAT(Amend(kOfficer, "60", "hk2"), HasReason(v1::AMENDMENT_DROPS_RESULT));
  EXPECT_THAT(Amend(kOfficer, "-1"),
              ViolatesField("amendment.contents.items[0].indicators[0].target"));
  const auto proposed = Amend(kOfficer, "60");
  ASSERT_THAT(proposed, IsOk());
  EXPECT_THAT(Amend(kOfficer, "50"), HasReason(v1::AMENDMENT_OPEN));
  // The plan stays as it is.
  EXPECT_EQ(GetPlan(PlanOf("officer"), kOfficer)->items(0).indicators(0).target().value(), "70");
  EXPECT_THAT(OnAmendment(kOfficer, &A::StubInterface::ApprovePlanAmendment, proposed->name()),
              HasReason(PERMISSION_DENIED));
  ASSERT_EQ(OnAmendment(kHead, &A::StubInterface::ReturnPlanAmendment, proposed->name())->state(),
            v1::PlanAmendment::RETURNED);
  EXPECT_THAT(OnAmendment(kHead, &A::StubInterface::ApprovePlanAmendment, proposed->name()),
              HasReason(v1::AMENDMENT_WRONG_STATE));
  v1::UpdatePlanAmendmentRequest again;
  again.mutable_amendment()->set_name(proposed->name());
  again.mutable_amendment()->set_reason("Anggaran turun 20 persen, surat 12/2025");
  again.mutable_update_mask()->add_paths("reason");
  ASSERT_EQ(Call<A>(kOfficer, &A::StubInterface::UpdatePlanAmendment, again)->state(),
            v1::PlanAmendment::SUBMITTED);
  const auto approved =
      OnAmendment(kHead, &A::StubInterface::ApprovePlanAmendment, proposed->name());
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->to_revision(), 2);

  const auto plan = GetPlan(PlanOf("officer"), kOfficer);
  EXPECT_EQ(plan->items(0).indicators(0).target().value(), "60");
  EXPECT_EQ(plan->revision(), 2);
  EXPECT_EQ(plan->state(), v1::WorkPlan::APPROVED);
  // What it needs is tracked.
  EXPECT_THAT(plan->needed_resources(0).support_request(), HasSubstr("/supportRequests/"));
  EXPECT_THAT(Query("SELECT text || ' ' || state FROM support_requests"),
              ElementsAre("Ruang kelas malam REQUESTED"));
  v1::ListWorkPlanRevisionsRequest list;
  list.set_parent(PlanOf("officer"));
  const auto history = Call<W>(kOfficer, &W::StubInterface::ListWorkPlanRevisions, list);
  ASSERT_EQ(history->revisions_size(), 2);
  EXPECT_THAT(history->revisions(0).comment(), HasSubstr("surat 12/2025"));
  EXPECT_EQ(history->revisions(1).snapshot().items(0).indicators(0).target().value(), "70");
  // Another one may follow.
  const auto next = Amend(kOfficer, "55");
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(OnAmendment(kOfficer, &A::StubInterface::WithdrawPlanAmendment, next->name())->state(),
            v1::PlanAmendment::WITHDRAWN);
}

TEST_F(PlanChangesTest, ATemplateBeginsEveryEmptyDraftOfItsPost) {
  Open();
  ASSERT_THAT(Draft("colleague"), IsOk());
  EXPECT_THAT(MakeTemplate(kHead), HasReason(PERMISSION_DENIED));
  const auto made = MakeTemplate(kHr);
  ASSERT_THAT(made, IsOk());
  v1::ApplyPlanTemplateRequest request;
  request.set_name(made->name());
  request.set_cycle(kCycle);
  const auto apply = [&] { return Call<T>(kHr, &T::StubInterface::ApplyPlanTemplate, request); };
  request.set_unit("agencies/plaju/units/lain");
  EXPECT_EQ(apply()->plans(), 0);
  request.clear_unit();
  EXPECT_EQ(apply()->plans(), 2);  // not the colleague, who has begun
  EXPECT_EQ(apply()->plans(), 0);
  EXPECT_EQ(GetPlan(PlanOf("officer"), kOfficer)->items(0).title(), "Analisis tepat waktu");
  EXPECT_EQ(GetPlan(PlanOf("colleague"), kColleague)->items(0).title(), "Angka partisipasi");
  // One by one as well.
  EXPECT_EQ(Copy(kColleague, PlanOf("colleague"), made->name())->items(0).title(),
            "Analisis tepat waktu");
  v1::DeletePlanTemplateRequest remove;
  remove.set_name(made->name());
  ASSERT_THAT(Call<T>(kHr, &T::StubInterface::DeletePlanTemplate, remove), IsOk());
  EXPECT_THAT(apply(), HasReason(errors::reasons::RESOURCE_NOT_FOUND));
}

TEST_F(PlanChangesTest, APlanIsCopiedFromOneThatThePersonMayRead) {
  // Two segments of the same person.
  const absl::CivilDay july(2025, 7, 1);
  identity_.segments[1] = Segment("officer",
                                  false,
                                  "employees/head",
                                  "officials/mayor",
                                  *time::Period::Make(absl::CivilDay(2025, 1, 1), july));
  identity_.segments.push_back(Segment("officer",
                                       false,
                                       "employees/head",
                                       "officials/mayor",
                                       *time::Period::Make(july, absl::CivilDay(2026, 1, 1)),
                                       "badan"));
  Open();
  ASSERT_THAT(Draft("colleague"), IsOk());
  EXPECT_THAT(Copy(kOfficer, PlanOf("officer"), PlanOf("colleague")), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Draft("head"), IsOk());
  EXPECT_THAT(Copy(kHead, PlanOf("officer"), PlanOf("head")), HasReason(PERMISSION_DENIED));
  const auto plans = Query(
      "SELECT plan_id FROM work_plans WHERE employee = 'employees/officer' "
      "ORDER BY start_date");
  ASSERT_EQ(plans.size(), 2U);
  ASSERT_THAT(Draft("officer"), IsOk());
  const auto copied = Copy(kOfficer, "agencies/plaju/workPlans/" + plans[1], PlanOf("officer"));
  ASSERT_THAT(copied, IsOk());
  EXPECT_EQ(copied->items(0).title(), "Angka partisipasi");
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  EXPECT_THAT(Copy(kOfficer, PlanOf("officer"), "agencies/plaju/workPlans/" + plans[1]),
              HasReason(v1::WORK_PLAN_NOT_EDITABLE));
}

TEST_F(PlanChangesTest, TheSuperiorsLatePlanHoldsNobodyUp) {
  Open();
  // The head has written nothing: the officer says in words what the result is meant to serve.
  v1::UpdateWorkPlanRequest draft;
  draft.mutable_work_plan()->set_name(PlanOf("officer"));
  ASSERT_THAT(Draft("officer"), IsOk());
  *draft.mutable_work_plan()->mutable_items() = GetPlan(PlanOf("officer"), kOfficer)->items();
  draft.mutable_work_plan()->mutable_items(0)->set_proposed_support("Akses pendidikan naik");
  ASSERT_THAT(Call<W>(kOfficer, &W::StubInterface::UpdateWorkPlan, draft), IsOk());
  EXPECT_THAT(Confirm(kHead, "agencies/plaju/goals/akses"), HasReason(v1::WORK_PLAN_WRONG_STATE));
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  ASSERT_EQ(Approve(PlanOf("officer"), kHead)->items(0).supports_state(),
            v1::WorkPlanItem::PROPOSED);
  // Later the head has a plan and confirms the link.
  ASSERT_THAT(Draft("head"), IsOk());
  const std::string above = PlanOf("head") + "/items/hk1";
  EXPECT_THAT(Confirm(kOfficer, above), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Confirm(kHead, PlanOf("head") + "/items/none"), HasReason(v1::SUPPORTS_UNKNOWN));
  const auto confirmed = Confirm(kHead, above);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->items(0).supports_state(), v1::WorkPlanItem::CONFIRMED);
  EXPECT_EQ(confirmed->items(0).supports_share().value(), "40");
}

TEST_F(PlanChangesTest, ALinkToADraftIsProposedAndOneToAnAgreedPlanIsConfirmed) {
  Open();
  ASSERT_THAT(Draft("head"), IsOk());
  const std::string above = PlanOf("head") + "/items/hk1";
  ASSERT_THAT(Draft("officer", above), IsOk());
  ASSERT_THAT(Submit(PlanOf("officer"), kOfficer), IsOk());
  EXPECT_EQ(Approve(PlanOf("officer"), kHead)->items(0).supports_state(),
            v1::WorkPlanItem::PROPOSED);
  ASSERT_THAT(Submit(PlanOf("head"), kHead), IsOk());
  ASSERT_THAT(Approve(PlanOf("head"), kMayor), IsOk());
  ASSERT_THAT(Draft("colleague", above), IsOk());
  ASSERT_THAT(Submit(PlanOf("colleague"), kColleague), IsOk());
  EXPECT_EQ(Approve(PlanOf("colleague"), kHead)->items(0).supports_state(),
            v1::WorkPlanItem::CONFIRMED);
}

TEST_F(PlanChangesTest, TheCascadeShowsWhatServesNothingAndWhatNobodyServes) {
  AgreeAll();
  catalog_.goals = {"agencies/plaju/goals/akses"};
  v1::GetCascadeReportRequest request;
  request.set_name(std::string(kCycle) + "/cascadeReport");
  const auto report = [&](const Caller& caller) {
    return Call<v1::Cascades>(caller, &v1::Cascades::StubInterface::GetCascadeReport, request);
  };
  EXPECT_THAT(report(kHead), HasReason(PERMISSION_DENIED));
  const auto before = report(kHr);
  ASSERT_THAT(before, IsOk());
  EXPECT_EQ(before->results(), 3);
  EXPECT_EQ(before->linked_results(), 0);
  ASSERT_THAT(Confirm(kHead, PlanOf("head") + "/items/hk1"), IsOk());
  const auto after = report(kMayor);
  EXPECT_EQ(after->linked_results(), 1);
  std::vector<std::string> found;
  for (const v1::CascadeFinding& finding : after->findings())
    found.push_back(v1::CascadeFinding::Kind_Name(finding.kind()));
  EXPECT_THAT(found, ElementsAre("ORPHAN", "ORPHAN", "UNCOVERED_GOAL"));
}

TEST_F(PlanChangesTest, TargetsAreComparedWithOthersInTheSamePost) {
  for (const char* name : {"a", "b", "c"})
    identity_.segments.push_back(Segment(name, false, "employees/head", "officials/mayor"));
  Open();
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_THAT(Draft(name, "", "90"), IsOk());
    ASSERT_THAT(Submit(PlanOf(name), As(name)), IsOk());
  }
  ASSERT_THAT(Draft("officer"), IsOk());
  v1::GetTargetHintsRequest request;
  request.set_name(PlanOf("officer") + "/targetHints");
  const auto hints = [&](const Caller& caller) {
    return Call<v1::Cascades>(caller, &v1::Cascades::StubInterface::GetTargetHints, request);
  };
  EXPECT_THAT(hints(kColleague), HasReason(PERMISSION_DENIED));
  const auto seen = hints(kHead);
  ASSERT_THAT(seen, IsOk());
  ASSERT_EQ(seen->hints_size(), 1);
  EXPECT_EQ(seen->hints(0).code(), "EASIER_THAN_PEERS");
  EXPECT_EQ(seen->hints(0).compared().value(), "90");
  EXPECT_EQ(seen->hints(0).peers(), 3);
}

TEST_F(PlanChangesTest, TheLeaderSaysWhatIsExpectedOfBehaviour) {
  Open();
  v1::SetExpectationsRequest request;
  request.set_name(PlanOf("officer"));
  v1::BehaviorExpectation& expectation = *request.add_behavior_expectations();
  expectation.set_behavior("KOLABORATIF");
  expectation.set_text("Berbagi data dengan kelurahan");
  const auto set = [&](const Caller& caller) {
    return Call<W>(caller, &W::StubInterface::SetExpectations, request);
  };
  EXPECT_THAT(set(kColleague), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(set(kMayor), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(set(kHead)->behavior_expectations(0).behavior(), "KOLABORATIF");
  Agree("officer", kHead);
  EXPECT_EQ(GetPlan(PlanOf("officer"), kOfficer)->behavior_expectations_size(), 1);
  EXPECT_THAT(set(kHead), HasReason(v1::WORK_PLAN_WRONG_STATE));
}

TEST_F(PlanChangesTest, ThePlanIsPrintedWithNamesForThoseWhoMayReadIt) {
  AgreeAll();
  v1::PrintWorkPlanRequest request;
  request.set_name(PlanOf("officer"));
  const auto print = [&](const Caller& caller) {
    return Call<W>(caller, &W::StubInterface::PrintWorkPlan, request);
  };
  EXPECT_THAT(print(kColleague), HasReason(PERMISSION_DENIED));
  const auto page = print(kOfficer);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->content_type(), "text/html; charset=utf-8");
  EXPECT_THAT(page->data(), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page->data(), HasSubstr("Nama officer"));
  EXPECT_THAT(page->data(), HasSubstr("Nama head"));
  EXPECT_THAT(page->data(), HasSubstr("Memberi kesempatan"));  // the agency's own, of the catalog
  request.set_language_code("fr");
  EXPECT_THAT(print(kHead), ViolatesField("languageCode"));
  request.set_language_code("en");
  EXPECT_THAT(print(kHead)->data(), HasSubstr("WORK PLAN (SKP)"));
  // It bears a NIP: the person sees who else has printed it, and not the own printing.
  EXPECT_THAT(Query("SELECT concat_ws(' ', actor, about) FROM audit_events "
                    "WHERE type = 'workPlan.read'"),
              ElementsAre(kHead.subject + " agencies/" + kHead.agency + "/" + kOfficer.subject));
}

}  // namespace
}  // namespace teraju::evaluation
