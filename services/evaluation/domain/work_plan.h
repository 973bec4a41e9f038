// The rules of work plans (SKP): their states, what they must contain, what a transition changes.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/work_plan.pb.h"
#include "teraju/evaluation/v1/work_plans_service.pb.h"

namespace teraju::evaluation::domain {

enum class PlanAction {
  kEdit,
  kExpect,
  kOfferHelp,
  kSubmit,
  kReturn,
  kApprove,
  kConfirmSupport,
  kAmend
};
inline constexpr PlanAction kPlanActions[] = {PlanAction::kEdit,
                                              PlanAction::kExpect,
                                              PlanAction::kOfferHelp,
                                              PlanAction::kSubmit,
                                              PlanAction::kReturn,
                                              PlanAction::kApprove,
                                              PlanAction::kConfirmSupport,
                                              PlanAction::kAmend};
std::string_view ActionName(PlanAction action);

using PlanTransition = Transition<v1::WorkPlan::State, PlanAction>;
inline constexpr PlanTransition kPlanTransitions[] = {
    {v1::WorkPlan::DRAFT, PlanAction::kEdit, v1::WorkPlan::DRAFT},
    {v1::WorkPlan::DRAFT, PlanAction::kExpect, v1::WorkPlan::DRAFT},
    {v1::WorkPlan::DRAFT, PlanAction::kOfferHelp, v1::WorkPlan::DRAFT},
    {v1::WorkPlan::DRAFT, PlanAction::kSubmit, v1::WorkPlan::SUBMITTED},
    {v1::WorkPlan::SUBMITTED, PlanAction::kExpect, v1::WorkPlan::SUBMITTED},
    {v1::WorkPlan::SUBMITTED, PlanAction::kReturn, v1::WorkPlan::RETURNED},
    {v1::WorkPlan::SUBMITTED, PlanAction::kApprove, v1::WorkPlan::APPROVED},
    {v1::WorkPlan::RETURNED, PlanAction::kEdit, v1::WorkPlan::RETURNED},
    {v1::WorkPlan::RETURNED, PlanAction::kExpect, v1::WorkPlan::RETURNED},
    {v1::WorkPlan::RETURNED, PlanAction::kOfferHelp, v1::WorkPlan::RETURNED},
    {v1::WorkPlan::RETURNED, PlanAction::kSubmit, v1::WorkPlan::SUBMITTED},
    {v1::WorkPlan::APPROVED, PlanAction::kConfirmSupport, v1::WorkPlan::APPROVED},
    {v1::WorkPlan::APPROVED, PlanAction::kAmend, v1::WorkPlan::APPROVED},
};

// Checks what a plan contains and gives ids to new items and indicators; `root` is the plan's
// path within the request. INVALID_ARGUMENT (FIELD_INVALID).
absl::Status CheckContents(v1::WorkPlan& plan, const std::string& root);
// FAILED_PRECONDITION (WORK_PLAN_EMPTY).
absl::Status CheckHasMain(const v1::WorkPlan& plan);

// Checks a plan whose contents have just been changed, and gives ids to new items and indicators.
// FAILED_PRECONDITION (WORK_PLAN_NOT_EDITABLE), INVALID_ARGUMENT (FIELD_INVALID).
absl::Status EditWorkPlan(v1::WorkPlan& plan);

// FAILED_PRECONDITION: WORK_PLAN_WRONG_STATE or WORK_PLAN_EMPTY.
absl::Status SubmitWorkPlan(v1::WorkPlan& plan, absl::Time now);

// The leader has set what is expected of behaviour. FAILED_PRECONDITION (WORK_PLAN_WRONG_STATE).
absl::Status SetExpectations(v1::WorkPlan& plan);

// Keeps an offer of help, made now. FAILED_PRECONDITION (WORK_PLAN_WRONG_STATE), INVALID_ARGUMENT
// (FIELD_INVALID) unless it names a helper of the agency, not the person, or a course.
absl::Status OfferHelp(v1::WorkPlan& plan, const v1::HelpOffer& offer, absl::Time now);

// FAILED_PRECONDITION (WORK_PLAN_WRONG_STATE).
absl::Status ReturnWorkPlan(v1::WorkPlan& plan, std::string_view comment);

// The revisions of catalog indicators that items support, by the indicator's name.
using IndicatorRevisions = std::map<std::string, std::string>;
// Names what an item of an approved plan serves. FAILED_PRECONDITION (WORK_PLAN_WRONG_STATE);
// INVALID_ARGUMENT: ITEM_UNKNOWN, FIELD_INVALID.
absl::Status ConfirmSupport(v1::WorkPlan& plan,
                            const v1::ConfirmSupportRequest& request,
                            const IndicatorRevisions& revisions);

// FAILED_PRECONDITION (WORK_PLAN_WRONG_STATE).
absl::Status ApproveWorkPlan(v1::WorkPlan& plan,
                             const IndicatorRevisions& revisions,
                             absl::Time now);

// The item, or the indicator of it; null when the plan has none.
const v1::WorkPlanItem* FindItem(const v1::WorkPlan& plan, std::string_view item_id);
const v1::ItemIndicator* FindIndicator(const v1::WorkPlanItem& item, std::string_view indicator_id);

}  // namespace teraju::evaluation::domain
