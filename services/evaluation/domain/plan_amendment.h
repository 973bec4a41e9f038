// The rules of changing a plan that has been agreed on, and of beginning one from another.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/plan_changes_service.pb.h"

namespace teraju::evaluation::domain {

enum class AmendmentAction { kSubmit, kApprove, kReturn, kWithdraw };
inline constexpr AmendmentAction kAmendmentActions[] = {AmendmentAction::kSubmit,
                                                        AmendmentAction::kApprove,
                                                        AmendmentAction::kReturn,
                                                        AmendmentAction::kWithdraw};
std::string_view ActionName(AmendmentAction action);

using AmendmentTransition = Transition<v1::PlanAmendment::State, AmendmentAction>;
inline constexpr AmendmentTransition kAmendmentTransitions[] = {
    {v1::PlanAmendment::SUBMITTED, AmendmentAction::kReturn, v1::PlanAmendment::RETURNED},
    {v1::PlanAmendment::SUBMITTED, AmendmentAction::kApprove, v1::PlanAmendment::APPROVED},
    {v1::PlanAmendment::SUBMITTED, AmendmentAction::kWithdraw, v1::PlanAmendment::WITHDRAWN},
    {v1::PlanAmendment::RETURNED, AmendmentAction::kSubmit, v1::PlanAmendment::SUBMITTED},
    {v1::PlanAmendment::RETURNED, AmendmentAction::kWithdraw, v1::PlanAmendment::WITHDRAWN},
};

// Results and indicators with recorded progress: `h1`, `h1/k1`.
using UsedItems = std::set<std::string>;

// Checks a proposal for `plan` and completes the ids of what is new. FAILED_PRECONDITION:
// WORK_PLAN_NOT_APPROVED, WORK_PLAN_EMPTY, AMENDMENT_DROPS_RESULT; INVALID_ARGUMENT
// (FIELD_INVALID).
absl::Status CheckAmendment(const v1::WorkPlan& plan,
                            const UsedItems& used,
                            v1::PlanAmendment& amendment);

// FAILED_PRECONDITION (AMENDMENT_WRONG_STATE).
absl::Status ChangeAmendment(v1::PlanAmendment& amendment, AmendmentAction action);

// Puts the approved contents into the plan, which gets its next revision.
void AmendPlan(v1::PlanAmendment& amendment, v1::WorkPlan& plan);

// The parts of a plan that the person writes, taken over from another plan or a template. Links to
// results of another superior's plan are left out: they have to be made anew.
void CopyContents(const v1::WorkPlan& source, v1::WorkPlan& plan);

// Checks the contents of a template as those of a plan. INVALID_ARGUMENT (FIELD_INVALID).
absl::Status CheckTemplate(v1::PlanTemplate& plan_template);

}  // namespace teraju::evaluation::domain
