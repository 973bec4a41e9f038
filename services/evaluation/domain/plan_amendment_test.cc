#include "services/evaluation/domain/plan_amendment.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/test_plans.h"
#include "services/evaluation/domain/work_plan.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

TEST(AmendmentStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = v1::PlanAmendment;
  using A = AmendmentAction;
  const std::map<std::pair<S::State, A>, S::State> allowed = {
      {{S::SUBMITTED, A::kReturn}, S::RETURNED},
      {{S::SUBMITTED, A::kApprove}, S::APPROVED},
      {{S::SUBMITTED, A::kWithdraw}, S::WITHDRAWN},
      {{S::RETURNED, A::kSubmit}, S::SUBMITTED},
      {{S::RETURNED, A::kWithdraw}, S::WITHDRAWN}};
  const auto* states = S::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<S::State>(states->value(i)->number());
    for (const A action : kAmendmentActions) {
      v1::PlanAmendment amendment;
      amendment.set_state(state);
      const absl::Status status = ChangeAmendment(amendment, action);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(S::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(amendment.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::AMENDMENT_WRONG_STATE));
      }
    }
  }
}

v1::PlanAmendment Proposal() {
  v1::PlanAmendment amendment;
  *amendment.mutable_contents() = MakePlan(v1::WorkPlan::APPROVED);
  amendment.mutable_contents()
      ->mutable_items(0)
      ->mutable_indicators(0)
      ->mutable_target()
      ->set_value("40");
  return amendment;
}

TEST(CheckAmendment, KeepsWhatHasRecordedProgress) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  v1::PlanAmendment amendment = Proposal();
  EXPECT_THAT(CheckAmendment(plan, {"h1", "h1/k1"}, amendment), IsOk());
  amendment = Proposal();
  amendment.mutable_contents()->mutable_items(0)->mutable_indicators(0)->set_indicator_id("k9");
  EXPECT_THAT(CheckAmendment(plan, {"h1/k1"}, amendment), HasReason(v1::AMENDMENT_DROPS_RESULT));
  EXPECT_THAT(CheckAmendment(plan, {"h1/k1"}, amendment), HasMetadata("item", "h1/k1"));
  EXPECT_THAT(CheckAmendment(plan, {"h1"}, amendment), IsOk());
  amendment.mutable_contents()->clear_items();
  EXPECT_THAT(CheckAmendment(plan, {}, amendment), HasReason(v1::WORK_PLAN_EMPTY));
}

TEST(CheckAmendment, ChecksContentsLikeAPlans) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  v1::PlanAmendment amendment = Proposal();
  amendment.mutable_contents()
      ->mutable_items(0)
      ->mutable_indicators(0)
      ->mutable_target()
      ->set_value("-1");
  EXPECT_THAT(CheckAmendment(plan, {}, amendment),
              ViolatesField("amendment.contents.items[0].indicators[0].target"));
}

TEST(AmendPlan, MakesTheNextRevisionAndKeepsWhatDidNotChange) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  plan.set_revision(2);
  plan.mutable_items(0)->set_supports("agencies/plaju/goals/g");
  plan.mutable_items(0)->set_supports_state(v1::WorkPlanItem::CONFIRMED);
  plan.add_behavior_expectations()->set_behavior("LOYAL");
  v1::NeededResource& room = *plan.add_needed_resources();
  room.set_text("Ruang");
  room.set_support_request("agencies/plaju/workPlans/1/supportRequests/1");
  v1::PlanAmendment amendment = Proposal();
  amendment.mutable_contents()->mutable_items(0)->set_supports("agencies/plaju/goals/g");
  amendment.mutable_contents()->add_needed_resources()->set_text("Ruang");
  amendment.mutable_contents()->add_needed_resources()->set_text("Laptop");
  ASSERT_THAT(CheckAmendment(plan, {}, amendment), IsOk());
  EXPECT_EQ(amendment.from_revision(), 2);
  AmendPlan(amendment, plan);
  EXPECT_EQ(plan.revision(), 3);
  EXPECT_EQ(amendment.to_revision(), 3);
  EXPECT_EQ(plan.items(0).indicators(0).target().value(), "40");
  EXPECT_EQ(plan.items(0).supports_state(), v1::WorkPlanItem::CONFIRMED);
  EXPECT_EQ(plan.behavior_expectations_size(), 1);
  EXPECT_EQ(plan.needed_resources(0).support_request(), room.support_request());
  EXPECT_EQ(plan.needed_resources(1).support_request(), "");
}

TEST(CopyContents, LeavesOutLinksToOtherPlansAndWhatTheLeaderSaid) {
  v1::WorkPlan source = MakePlan(v1::WorkPlan::APPROVED);
  source.mutable_items(0)->set_supports("agencies/plaju/workPlans/1/items/h1");
  source.mutable_items(1)->set_supports("agencies/plaju/goals/g");
  source.mutable_items(1)->set_supports_revision("r");
  source.add_behavior_expectations()->set_behavior("LOYAL");
  source.set_consequences("Penghargaan");
  v1::WorkPlan plan;
  CopyContents(source, plan);
  EXPECT_EQ(plan.items(0).supports(), "");
  EXPECT_EQ(plan.items(1).supports(), "agencies/plaju/goals/g");
  EXPECT_EQ(plan.items(1).supports_revision(), "");
  EXPECT_EQ(plan.behavior_expectations_size(), 0);
  EXPECT_EQ(plan.consequences(), "Penghargaan");
}

TEST(CheckContents, AsksForWhatTheStyleNeeds) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  plan.mutable_items(0)->clear_indicators();
  EXPECT_THAT(CheckContents(plan, "workPlan"), ViolatesField("workPlan.items[0].indicators"));
  plan.set_style(v1::WorkPlan::QUALITATIVE);
  EXPECT_THAT(CheckContents(plan, "workPlan"), ViolatesField("workPlan.items[0].expectation"));
  for (v1::WorkPlanItem& item : *plan.mutable_items()) item.set_expectation("Warga terlayani");
  EXPECT_THAT(CheckContents(plan, "workPlan"), IsOk());
}

TEST(CheckContents, AShareIsOfADirectLink) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::DRAFT);
  v1::WorkPlanItem& item = *plan.mutable_items(0);
  item.mutable_supports_share()->set_value("40");
  item.set_supports_kind(v1::WorkPlanItem::INDIRECT);
  EXPECT_THAT(CheckContents(plan, "workPlan"), ViolatesField("workPlan.items[0].supportsShare"));
  item.set_supports_kind(v1::WorkPlanItem::DIRECT);
  EXPECT_THAT(CheckContents(plan, "workPlan"), IsOk());
  for (const char* wrong : {"0", "100.01", "x"}) {
    item.mutable_supports_share()->set_value(wrong);
    EXPECT_THAT(CheckContents(plan, "workPlan"), ViolatesField("workPlan.items[0].supportsShare"))
        << wrong;
  }
}

TEST(ConfirmSupport, NamesWhatAnItemServes) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  v1::ConfirmSupportRequest request;
  request.set_item_id("h1");
  request.set_supports("agencies/plaju/indicators/i");
  request.set_supports_kind(v1::WorkPlanItem::DIRECT);
  request.mutable_supports_share()->set_value("25");
  ASSERT_THAT(ConfirmSupport(plan, request, {{"agencies/plaju/indicators/i", "r3"}}), IsOk());
  EXPECT_EQ(plan.items(0).supports_state(), v1::WorkPlanItem::CONFIRMED);
  EXPECT_EQ(plan.items(0).supports_revision(), "r3");
  EXPECT_EQ(plan.items(0).supports_share().value(), "25");
  request.set_item_id("h9");
  EXPECT_THAT(ConfirmSupport(plan, request, {}), HasReason(v1::ITEM_UNKNOWN));
}

}  // namespace
}  // namespace teraju::evaluation::domain
