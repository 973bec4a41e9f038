#include "services/evaluation/domain/work_plan.h"

#include <set>

#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/domain/test_plans.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'740'000'000);

absl::Status Do(v1::WorkPlan& plan, PlanAction action) {
  switch (action) {
    case PlanAction::kEdit:
      return EditWorkPlan(plan);
    case PlanAction::kExpect:
      return SetExpectations(plan);
    case PlanAction::kOfferHelp: {
      v1::HelpOffer offer;
      offer.set_course("SKP dengan Teraju, 3 Maret");
      return OfferHelp(plan, offer, kNow);
    }
    case PlanAction::kConfirmSupport: {
      v1::ConfirmSupportRequest request;
      request.set_item_id("h1");
      request.set_supports("agencies/plaju/goals/g");
      return ConfirmSupport(plan, request, {});
    }
    case PlanAction::kAmend: {
      v1::PlanAmendment amendment;
      *amendment.mutable_contents() = plan;
      absl::Status status = CheckAmendment(plan, {}, amendment);
      if (!status.ok()) return status;
      AmendPlan(amendment, plan);
      return status;
    }
    case PlanAction::kSubmit:
      return SubmitWorkPlan(plan, kNow);
    case PlanAction::kReturn:
      return ReturnWorkPlan(plan, "Sebutkan target.");
    case PlanAction::kApprove:
      return ApproveWorkPlan(plan, {}, kNow);
  }
  return absl::UnknownError("no such action");
}

TEST(WorkPlanStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using Cell = std::pair<v1::WorkPlan::State, PlanAction>;
  const std::map<Cell, v1::WorkPlan::State> allowed = {
      {{v1::WorkPlan::DRAFT, PlanAction::kEdit}, v1::WorkPlan::DRAFT},
      {{v1::WorkPlan::DRAFT, PlanAction::kExpect}, v1::WorkPlan::DRAFT},
      {{v1::WorkPlan::DRAFT, PlanAction::kOfferHelp}, v1::WorkPlan::DRAFT},
      {{v1::WorkPlan::RETURNED, PlanAction::kOfferHelp}, v1::WorkPlan::RETURNED},
      {{v1::WorkPlan::SUBMITTED, PlanAction::kExpect}, v1::WorkPlan::SUBMITTED},
      {{v1::WorkPlan::RETURNED, PlanAction::kExpect}, v1::WorkPlan::RETURNED},
      {{v1::WorkPlan::APPROVED, PlanAction::kConfirmSupport}, v1::WorkPlan::APPROVED},
      {{v1::WorkPlan::APPROVED, PlanAction::kAmend}, v1::WorkPlan::APPROVED},
      {{v1::WorkPlan::DRAFT, PlanAction::kSubmit}, v1::WorkPlan::SUBMITTED},
      {{v1::WorkPlan::SUBMITTED, PlanAction::kReturn}, v1::WorkPlan::RETURNED},
      {{v1::WorkPlan::SUBMITTED, PlanAction::kApprove}, v1::WorkPlan::APPROVED},
      {{v1::WorkPlan::RETURNED, PlanAction::kEdit}, v1::WorkPlan::RETURNED},
      {{v1::WorkPlan::RETURNED, PlanAction::kSubmit}, v1::WorkPlan::SUBMITTED}};
  const auto* states = v1::WorkPlan::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::WorkPlan::State>(states->value(i)->number());
    for (const PlanAction action : kPlanActions) {
      v1::WorkPlan plan = MakePlan(state);
      const absl::Status status = Do(plan, action);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(v1::WorkPlan::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(plan.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok() && action == PlanAction::kAmend) {
        EXPECT_THAT(status, HasReason(v1::WORK_PLAN_NOT_APPROVED));
      } else if (!status.ok()) {
        EXPECT_THAT(status,
                    HasReason(action == PlanAction::kEdit ? v1::WORK_PLAN_NOT_EDITABLE
                                                          : v1::WORK_PLAN_WRONG_STATE));
        EXPECT_THAT(status, HasMetadata("state", v1::WorkPlan::State_Name(state)));
      }
    }
  }
}

TEST(SubmitWorkPlan, SaysWhereItIsAllowed) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  EXPECT_THAT(SubmitWorkPlan(plan, kNow), HasMetadata("allowed", "DRAFT, RETURNED"));
}

TEST(SubmitWorkPlan, CountsRevisions) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  ASSERT_THAT(SubmitWorkPlan(plan, kNow), IsOk());
  EXPECT_EQ(plan.revision(), 1);
  EXPECT_EQ(plan.submit_time().seconds(), 1'740'000'000);
  ASSERT_THAT(ReturnWorkPlan(plan, "Perjelas."), IsOk());
  EXPECT_EQ(plan.return_comment(), "Perjelas.");
  ASSERT_THAT(SubmitWorkPlan(plan, kNow), IsOk());
  EXPECT_EQ(plan.revision(), 2);
}

TEST(SubmitWorkPlan, NeedsAMainResult) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  for (v1::WorkPlanItem& item : *plan.mutable_items()) item.set_kind(v1::WorkPlanItem::ADDITIONAL);
  EXPECT_THAT(SubmitWorkPlan(plan, kNow), HasReason(v1::WORK_PLAN_EMPTY));
  plan.clear_items();
  plan.set_state(v1::WorkPlan::DRAFT);
  EXPECT_THAT(SubmitWorkPlan(plan, kNow), HasReason(v1::WORK_PLAN_EMPTY));
}

TEST(ApproveWorkPlan, KeepsTheRevisionOfSupportedIndicators) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::SUBMITTED);
  plan.mutable_items(0)->set_supports("agencies/plaju/indicators/apk");
  plan.mutable_items(1)->set_supports("agencies/plaju/goals/mutu");
  ASSERT_THAT(ApproveWorkPlan(
                  plan,
                  {{"agencies/plaju/indicators/apk", "agencies/plaju/indicators/apk/revisions/3"}},
                  kNow),
              IsOk());
  EXPECT_EQ(plan.items(0).supports_revision(), "agencies/plaju/indicators/apk/revisions/3");
  EXPECT_EQ(plan.items(1).supports_revision(), "");
}

TEST(EditWorkPlan, GivesIdsThatAreNotInUse) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  plan.add_items()->set_kind(v1::WorkPlanItem::MAIN);
  *plan.mutable_items(2)->add_indicators() = plan.items(0).indicators(0);
  plan.mutable_items(2)->mutable_indicators(0)->clear_indicator_id();
  ASSERT_THAT(EditWorkPlan(plan), IsOk());
  EXPECT_EQ(plan.items(2).item_id(), "h3");
  EXPECT_EQ(plan.items(2).indicators(0).indicator_id(), "k1");
  std::set<std::string> ids;
  for (const v1::WorkPlanItem& item : plan.items()) EXPECT_TRUE(ids.insert(item.item_id()).second);
}

TEST(EditWorkPlan, RefusesAnIdThatStandsTwice) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  plan.mutable_items(1)->set_item_id("h1");
  EXPECT_THAT(EditWorkPlan(plan), ViolatesField("workPlan.items[1]"));
}

TEST(EditWorkPlan, ChecksTargets) {
  struct Case {
    const char* target;
    const char* upper;
    v1::ItemIndicator::Polarity polarity;
    bool ok;
  };
  for (const Case& c : {Case{"60", "", v1::ItemIndicator::HIGHER_IS_BETTER, true},
                        Case{"0", "", v1::ItemIndicator::HIGHER_IS_BETTER, false},
                        Case{"0", "", v1::ItemIndicator::LOWER_IS_BETTER, true},
                        Case{"-1", "", v1::ItemIndicator::LOWER_IS_BETTER, false},
                        Case{"80", "90", v1::ItemIndicator::HIGHER_IS_BETTER, true},
                        Case{"90", "90", v1::ItemIndicator::HIGHER_IS_BETTER, false},
                        Case{"90", "80", v1::ItemIndicator::HIGHER_IS_BETTER, false},
                        Case{"0", "80", v1::ItemIndicator::LOWER_IS_BETTER, false}}) {
    v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
    v1::ItemIndicator& indicator = *plan.mutable_items(0)->mutable_indicators(0);
    indicator.mutable_target()->set_value(c.target);
    if (*c.upper != '\0') indicator.mutable_target_upper()->set_value(c.upper);
    indicator.set_polarity(c.polarity);
    EXPECT_EQ(EditWorkPlan(plan).ok(), c.ok) << c.target << " to " << c.upper;
  }
}

}  // namespace
}  // namespace teraju::evaluation::domain
