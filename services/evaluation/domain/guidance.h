// The rules of guiding: feedback notes, evaluation meetings and what they agree on, project teams.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/guidance.pb.h"

namespace teraju::evaluation::domain {

// INVALID_ARGUMENT (FIELD_INVALID) for a concern without action and date;
// FAILED_PRECONDITION (FEEDBACK_NOTE_OWN); INVALID_ARGUMENT (ITEM_UNKNOWN).
absl::Status CheckFeedbackNote(const v1::FeedbackNote& note,
                               const v1::WorkPlan& plan,
                               std::string_view author);
// FAILED_PRECONDITION (FEEDBACK_NOTE_ACKNOWLEDGED).
absl::Status AcknowledgeFeedbackNote(v1::FeedbackNote& note,
                                     std::string_view reply,
                                     absl::Time now);

// FAILED_PRECONDITION (MEETING_CLOSED).
absl::Status CheckMeetingDraft(const v1::Meeting& meeting);
absl::Status CloseMeeting(v1::Meeting& meeting, absl::Time now);

enum class ActionItemAction { kComplete, kDrop, kReopen };
inline constexpr ActionItemAction kActionItemActions[] = {
    ActionItemAction::kComplete, ActionItemAction::kDrop, ActionItemAction::kReopen};
std::string_view ActionName(ActionItemAction action);

using ActionItemTransition = Transition<v1::ActionItem::State, ActionItemAction>;
inline constexpr ActionItemTransition kActionItemTransitions[] = {
    {v1::ActionItem::OPEN, ActionItemAction::kComplete, v1::ActionItem::DONE},
    {v1::ActionItem::OPEN, ActionItemAction::kDrop, v1::ActionItem::DROPPED},
    {v1::ActionItem::DONE, ActionItemAction::kReopen, v1::ActionItem::OPEN},
    {v1::ActionItem::DROPPED, ActionItemAction::kReopen, v1::ActionItem::OPEN},
};
// INVALID_ARGUMENT (FIELD_INVALID) for an owner who did not take part and does not lead.
absl::Status CheckActionItem(const v1::ActionItem& item, const v1::Meeting& meeting);
// FAILED_PRECONDITION (ACTION_ITEM_WRONG_STATE).
absl::Status ChangeActionItem(v1::ActionItem& item,
                              ActionItemAction action,
                              std::string_view outcome,
                              absl::Time now);

// Feedback of team mates needs this many others beside the person and the lead.
inline constexpr int kMatesThreshold = 3;

// Checks a team whose fields have just been set or merged; `before` is what it was, with the
// members' accounts and views, which stay. INVALID_ARGUMENT (FIELD_INVALID); FAILED_PRECONDITION:
// PROJECT_TEAM_CLOSED, TEAM_MEMBER_KEPT.
absl::Status EditProjectTeam(const v1::ProjectTeam& before, v1::ProjectTeam& team);
// FAILED_PRECONDITION: PROJECT_TEAM_CLOSED, TEAM_MEMBER_UNKNOWN.
absl::Status ReportContribution(v1::ProjectTeam& team,
                                std::string_view member,
                                std::string_view account);
// Also INVALID_ARGUMENT (FIELD_INVALID) for one below expectation without action and date.
absl::Status AssessContribution(v1::ProjectTeam& team,
                                std::string_view member,
                                const v1::LeadView& view);
// FAILED_PRECONDITION: PROJECT_TEAM_CLOSED, TEAM_VIEWS_MISSING.
absl::Status CloseProjectTeam(v1::ProjectTeam& team);

// The team as `reader` (a full name) may see it, with what its size means for feedback of mates:
// a member reads the lead's view of the own contribution only.
v1::ProjectTeam SeenBy(v1::ProjectTeam team, std::string_view reader, bool everything);

}  // namespace teraju::evaluation::domain
