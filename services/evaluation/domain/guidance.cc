#include "services/evaluation/domain/guidance.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/domain/work_plan.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

std::string ActionItemStateName(v1::ActionItem::State state) {
  return v1::ActionItem::State_Name(state);
}

void RequireAction(const std::string& action,
                   bool has_date,
                   const std::string& path,
                   errors::FieldViolations& violations) {
  if (action.empty()) {
    violations.Add(path + "action",
                   "REQUIRED",
                   "Tulis apa yang harus dilakukan agar membaik.",
                   "Say what shall be done so that it improves.");
  }
  if (!has_date) {
    violations.Add(path + "actionDueDate",
                   "REQUIRED",
                   "Isi sampai kapan tindakan itu dilakukan.",
                   "Say until when it shall be done.");
  }
}

absl::Status CheckActive(const v1::ProjectTeam& team) {
  if (team.state() != v1::ProjectTeam::CLOSED) return absl::OkStatus();
  return errors::FailedPrecondition(v1::PROJECT_TEAM_CLOSED, "The team has ended.");
}

v1::TeamMember* FindMember(v1::ProjectTeam& team, std::string_view employee) {
  for (v1::TeamMember& member : *team.mutable_members()) {
    if (member.employee() == employee) return &member;
  }
  return nullptr;
}

absl::StatusOr<v1::TeamMember*> MemberOf(v1::ProjectTeam& team, std::string_view employee) {
  RETURN_IF_ERROR(CheckActive(team));
  v1::TeamMember* member = FindMember(team, employee);
  if (member != nullptr) return member;
  return errors::FailedPrecondition(v1::TEAM_MEMBER_UNKNOWN, "The person is not in the team.");
}

// Checks days and members of a team.
absl::Status CheckTeam(const v1::ProjectTeam& team) {
  errors::FieldViolations violations;
  const auto as_day = [](const google::type::Date& date) {
    return absl::CivilDay(date.year(), date.month(), date.day());
  };
  if (as_day(team.start_date()) > as_day(team.end_date())) {
    violations.Add("projectTeam.endDate",
                   "OUT_OF_RANGE",
                   "Tanggal selesai harus sesudah tanggal mulai.",
                   "The last day must not come before the first.");
  }
  std::set<std::string> seen = {team.lead()};
  for (int i = 0; i < team.members_size(); ++i) {
    if (seen.insert(team.members(i).employee()).second) continue;
    violations.Add(absl::StrCat("projectTeam.members[", i, "].employee"),
                   "DUPLICATE",
                   "Orang ini sudah tercantum sebagai ketua atau anggota.",
                   "This person is the lead or a member already.");
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status CheckFeedbackNote(const v1::FeedbackNote& note,
                               const v1::WorkPlan& plan,
                               std::string_view author) {
  if (author == note.employee()) {
    return errors::FailedPrecondition(v1::FEEDBACK_NOTE_OWN, "One cannot give it to oneself.");
  }
  if (!note.item_id().empty() && FindItem(plan, note.item_id()) == nullptr) {
    return errors::InvalidArgument(v1::ITEM_UNKNOWN, "The plan has no such item.")
        .With("item", note.item_id());
  }
  errors::FieldViolations violations;
  if (note.kind() == v1::FeedbackNote::CONCERN)
    RequireAction(note.action(), note.has_action_due_date(), "feedbackNote.", violations);
  return violations.ToStatus();
}

absl::Status AcknowledgeFeedbackNote(v1::FeedbackNote& note,
                                     std::string_view reply,
                                     absl::Time now) {
  if (note.state() != v1::FeedbackNote::GIVEN) {
    return errors::FailedPrecondition(v1::FEEDBACK_NOTE_ACKNOWLEDGED,
                                      "The person has taken note already.");
  }
  note.set_state(v1::FeedbackNote::ACKNOWLEDGED);
  note.set_reply(std::string(reply));
  SetTime(*note.mutable_acknowledge_time(), now);
  return absl::OkStatus();
}

absl::Status CheckMeetingDraft(const v1::Meeting& meeting) {
  if (meeting.state() == v1::Meeting::DRAFT) return absl::OkStatus();
  return errors::FailedPrecondition(v1::MEETING_CLOSED, "The minutes are complete.");
}

absl::Status CloseMeeting(v1::Meeting& meeting, absl::Time now) {
  RETURN_IF_ERROR(CheckMeetingDraft(meeting));
  meeting.set_state(v1::Meeting::CLOSED);
  SetTime(*meeting.mutable_close_time(), now);
  return absl::OkStatus();
}

std::string_view ActionName(ActionItemAction action) {
  switch (action) {
    case ActionItemAction::kComplete:
      return "complete";
    case ActionItemAction::kDrop:
      return "drop";
    case ActionItemAction::kReopen:
      return "reopen";
  }
  return "";
}

absl::Status CheckActionItem(const v1::ActionItem& item, const v1::Meeting& meeting) {
  const auto& attendants = meeting.attendants();
  if (item.owner() == meeting.leader() ||
      std::find(attendants.begin(), attendants.end(), item.owner()) != attendants.end()) {
    return absl::OkStatus();
  }
  errors::FieldViolations violations;
  violations.Add("actionItem.owner",
                 "NOT_IN_MEETING",
                 "Pilih pemimpin rapat atau salah satu peserta sebagai penanggung jawab.",
                 "Choose the leader or one who took part as owner.");
  return violations.ToStatus();
}

absl::Status ChangeActionItem(v1::ActionItem& item,
                              ActionItemAction action,
                              std::string_view outcome,
                              absl::Time now) {
  const std::span<const ActionItemTransition> table(kActionItemTransitions);
  const auto next = Next(table, item.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::ACTION_ITEM_WRONG_STATE,
                                      "What was agreed on is in another state.")
        .With("state", ActionItemStateName(item.state()))
        .With("allowed", AllowedStates(table, action, ActionItemStateName));
  }
  item.set_state(*next);
  item.set_outcome(std::string(outcome));
  item.clear_end_time();
  if (*next != v1::ActionItem::OPEN) SetTime(*item.mutable_end_time(), now);
  return absl::OkStatus();
}

absl::Status EditProjectTeam(const v1::ProjectTeam& before, v1::ProjectTeam& team) {
  RETURN_IF_ERROR(CheckActive(before));
  RETURN_IF_ERROR(CheckTeam(team));
  for (v1::TeamMember& member : *team.mutable_members()) {
    member.clear_account();
    member.clear_lead_view();
  }
  for (const v1::TeamMember& old : before.members()) {
    v1::TeamMember* member = FindMember(team, old.employee());
    if (member != nullptr) {
      member->set_account(old.account());
      if (old.has_lead_view()) *member->mutable_lead_view() = old.lead_view();
    } else if (!old.account().empty() || old.has_lead_view()) {
      return errors::FailedPrecondition(v1::TEAM_MEMBER_KEPT,
                                        "A member with an account or a view stays.");
    }
  }
  return absl::OkStatus();
}

absl::Status ReportContribution(v1::ProjectTeam& team,
                                std::string_view member,
                                std::string_view account) {
  ASSIGN_OR_RETURN(v1::TeamMember * found, MemberOf(team, member));
  found->set_account(std::string(account));
  return absl::OkStatus();
}

absl::Status AssessContribution(v1::ProjectTeam& team,
                                std::string_view member,
                                const v1::LeadView& view) {
  ASSIGN_OR_RETURN(v1::TeamMember * found, MemberOf(team, member));
  errors::FieldViolations violations;
  if (view.rating() == v1::BELOW_EXPECTATION)
    RequireAction(view.action(), view.has_action_due_date(), "", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  *found->mutable_lead_view() = view;
  return absl::OkStatus();
}

absl::Status CloseProjectTeam(v1::ProjectTeam& team) {
  RETURN_IF_ERROR(CheckActive(team));
  const int missing = static_cast<int>(
      std::count_if(team.members().begin(), team.members().end(), [](const v1::TeamMember& member) {
        return !member.has_lead_view();
      }));
  if (missing > 0) {
    return errors::FailedPrecondition(v1::TEAM_VIEWS_MISSING, "The lead has not seen everybody.")
        .With("missing", absl::StrCat(missing));
  }
  team.set_state(v1::ProjectTeam::CLOSED);
  return absl::OkStatus();
}

v1::ProjectTeam SeenBy(v1::ProjectTeam team, std::string_view reader, bool everything) {
  if (!everything && reader != team.lead()) {
    for (v1::TeamMember& member : *team.mutable_members()) {
      if (member.employee() != reader) member.clear_lead_view();
    }
  }
  // Of a member's mates the lead does not count: the lead signs.
  const int mates = team.members_size() - 1;
  team.set_mates_can_rate(mates >= kMatesThreshold);
  team.set_mates_text_id(
      team.mates_can_rate()
          ? "Rekan satu tim dapat memberi umpan balik tanpa nama melalui kampanye 360 derajat."
          : absl::StrCat("Tim ini terlalu kecil untuk umpan balik tanpa nama (perlu ",
                         kMatesThreshold,
                         " rekan). Yang dipakai adalah pandangan ketua tim yang ditandatangani."));
  team.set_mates_text_en(
      team.mates_can_rate() ? "Team mates can give feedback without names in a 360-degree campaign."
                            : absl::StrCat("This team is too small for feedback without names (",
                                           kMatesThreshold,
                                           " mates are needed). The lead's signed view is used."));
  return team;
}

}  // namespace teraju::evaluation::domain
