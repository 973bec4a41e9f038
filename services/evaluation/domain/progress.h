// The rules of what is recorded while a plan is carried out: progress, dialogues, support.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// Whether an entry may be added to a plan of the cycle. FAILED_PRECONDITION:
// WORK_PLAN_NOT_APPROVED, PERIOD_PUBLISHED; INVALID_ARGUMENT: ITEM_UNKNOWN, ENTRY_DATE_OUTSIDE,
// FIELD_INVALID.
absl::Status CheckProgressEntry(const v1::ProgressEntry& entry,
                                const v1::WorkPlan& plan,
                                const v1::Cycle& cycle);

// INVALID_ARGUMENT (FIELD_INVALID) unless one of the notes says something, the next day comes after
// this one, and the support requests are of the plan (a name).
absl::Status CheckDialogue(const v1::Dialogue& dialogue, std::string_view plan);
// `by` is the subject who takes note. FAILED_PRECONDITION: DIALOGUE_OWN or DIALOGUE_ACKNOWLEDGED.
absl::Status AcknowledgeDialogue(v1::Dialogue& dialogue,
                                 std::string_view by,
                                 std::string_view note,
                                 absl::Time now);

enum class SupportAction { kGrant, kDecline, kFulfil };
inline constexpr SupportAction kSupportActions[] = {
    SupportAction::kGrant, SupportAction::kDecline, SupportAction::kFulfil};
std::string_view ActionName(SupportAction action);

using SupportTransition = Transition<v1::SupportRequest::State, SupportAction>;
inline constexpr SupportTransition kSupportTransitions[] = {
    {v1::SupportRequest::REQUESTED, SupportAction::kGrant, v1::SupportRequest::GRANTED},
    {v1::SupportRequest::REQUESTED, SupportAction::kDecline, v1::SupportRequest::DECLINED},
    {v1::SupportRequest::GRANTED, SupportAction::kFulfil, v1::SupportRequest::FULFILLED},
};

// FAILED_PRECONDITION (SUPPORT_REQUEST_WRONG_STATE).
absl::Status GrantSupport(v1::SupportRequest& request,
                          std::string_view comment,
                          const google::type::Date& due);
absl::Status DeclineSupport(v1::SupportRequest& request, std::string_view comment);
absl::Status FulfilSupport(v1::SupportRequest& request, std::string_view comment);

}  // namespace teraju::evaluation::domain
