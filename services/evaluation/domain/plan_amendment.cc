#include "services/evaluation/domain/plan_amendment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/work_plan.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

std::string AmendmentStateName(v1::PlanAmendment::State state) {
  return v1::PlanAmendment::State_Name(state);
}

// Another plan's item: `agencies/{a}/workPlans/{p}/items/{i}`.
bool IsOfAPlan(const std::string& supports) {
  return supports.find("/workPlans/") != std::string::npos;
}

absl::Status CheckKept(const UsedItems& used, const v1::WorkPlan& contents) {
  for (const std::string& one : used) {
    const std::size_t slash = one.find('/');
    const v1::WorkPlanItem* item = FindItem(contents, one.substr(0, slash));
    const bool kept = item != nullptr && (slash == std::string::npos ||
                                          FindIndicator(*item, one.substr(slash + 1)) != nullptr);
    if (kept) continue;
    return errors::FailedPrecondition(v1::AMENDMENT_DROPS_RESULT,
                                      "What has recorded progress stays.")
        .With("item", one);
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view ActionName(AmendmentAction action) {
  switch (action) {
    case AmendmentAction::kSubmit:
      return "submit";
    case AmendmentAction::kApprove:
      return "approve";
    case AmendmentAction::kReturn:
      return "return";
    case AmendmentAction::kWithdraw:
      return "withdraw";
  }
  return "";
}

absl::Status CheckAmendment(const v1::WorkPlan& plan,
                            const UsedItems& used,
                            v1::PlanAmendment& amendment) {
  if (plan.state() != v1::WorkPlan::APPROVED) {
    return errors::FailedPrecondition(v1::WORK_PLAN_NOT_APPROVED, "The plan is not approved.");
  }
  v1::WorkPlan contents;
  CopyContents(amendment.contents(), contents);
  for (int i = 0; i < contents.items_size(); ++i)  // links are the amendment's to make
    contents.mutable_items(i)->set_supports(amendment.contents().items(i).supports());
  RETURN_IF_ERROR(CheckContents(contents, "amendment.contents"));
  RETURN_IF_ERROR(CheckHasMain(contents));
  RETURN_IF_ERROR(CheckKept(used, contents));
  *amendment.mutable_contents() = std::move(contents);
  amendment.set_from_revision(plan.revision());
  return absl::OkStatus();
}

absl::Status ChangeAmendment(v1::PlanAmendment& amendment, AmendmentAction action) {
  const std::span<const AmendmentTransition> table(kAmendmentTransitions);
  const auto next = Next(table, amendment.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::AMENDMENT_WRONG_STATE,
                                      "The amendment is in another state.")
        .With("state", AmendmentStateName(amendment.state()))
        .With("allowed", AllowedStates(table, action, AmendmentStateName));
  }
  amendment.set_state(*next);
  return absl::OkStatus();
}

void AmendPlan(v1::PlanAmendment& amendment, v1::WorkPlan& plan) {
  const v1::WorkPlan before = plan;
  CopyContents(amendment.contents(), plan);
  for (int i = 0; i < plan.items_size(); ++i) {
    v1::WorkPlanItem& item = *plan.mutable_items(i);
    item.set_supports(amendment.contents().items(i).supports());
    const v1::WorkPlanItem* old = FindItem(before, item.item_id());
    if (old == nullptr || old->supports() != item.supports()) continue;
    item.set_supports_revision(old->supports_revision());
    item.set_supports_state(old->supports_state());
  }
  for (v1::NeededResource& resource : *plan.mutable_needed_resources()) {
    for (const v1::NeededResource& old : before.needed_resources()) {
      if (old.kind() == resource.kind() && old.text() == resource.text())
        resource.set_support_request(old.support_request());
    }
  }
  plan.set_revision(plan.revision() + 1);
  amendment.set_to_revision(plan.revision());
}

void CopyContents(const v1::WorkPlan& source, v1::WorkPlan& plan) {
  *plan.mutable_items() = source.items();
  plan.set_style(source.style());
  plan.set_needed_support(source.needed_support());
  *plan.mutable_needed_resources() = source.needed_resources();
  plan.set_accountability(source.accountability());
  plan.set_consequences(source.consequences());
  for (v1::WorkPlanItem& item : *plan.mutable_items()) {
    item.clear_supports_revision();
    item.clear_supports_state();
    if (IsOfAPlan(item.supports())) item.clear_supports();
  }
  for (v1::NeededResource& resource : *plan.mutable_needed_resources())
    resource.clear_support_request();
}

absl::Status CheckTemplate(v1::PlanTemplate& plan_template) {
  v1::WorkPlan contents;
  CopyContents(plan_template.contents(), contents);
  RETURN_IF_ERROR(CheckContents(contents, "planTemplate.contents"));
  RETURN_IF_ERROR(CheckHasMain(contents));
  *plan_template.mutable_contents() = std::move(contents);
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
