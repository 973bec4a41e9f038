#include "services/evaluation/domain/progress.h"

#include <span>
#include <string>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/domain/work_plan.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

absl::Status CheckSubject(const v1::ProgressEntry& entry, const v1::WorkPlan& plan) {
  const v1::WorkPlanItem* item = FindItem(plan, entry.item_id());
  if (item == nullptr) {
    return errors::InvalidArgument(v1::ITEM_UNKNOWN, "The plan has no such item.")
        .With("item", entry.item_id());
  }
  if (!entry.indicator_id().empty() && FindIndicator(*item, entry.indicator_id()) == nullptr) {
    return errors::InvalidArgument(v1::ITEM_UNKNOWN, "The item has no such indicator.")
        .With("item", entry.indicator_id());
  }
  errors::FieldViolations violations;
  if (entry.kind() == v1::ProgressEntry::REALISATION) {
    if (entry.indicator_id().empty()) {
      violations.Add("progressEntry.indicatorId",
                     "REQUIRED",
                     "Pilih indikator yang direalisasikan.",
                     "Choose the indicator that the realisation is about.");
    }
    if (!entry.has_realisation()) {
      violations.Add("progressEntry.realisation",
                     "REQUIRED",
                     "Isi nilai realisasi kumulatif.",
                     "Give the cumulative value reached.");
    }
  }
  return violations.ToStatus();
}

absl::Status CheckDay(const v1::ProgressEntry& entry,
                      const v1::Snapshot& segment,
                      const v1::Cycle& cycle) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, time::ToCivilDay(entry.date()));
  ASSIGN_OR_RETURN(const absl::CivilDay first, time::ToCivilDay(segment.start_date()));
  ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(segment.end_date()));
  if (day < first || day > last) {
    return errors::InvalidArgument(v1::ENTRY_DATE_OUTSIDE, "The day lies outside of the segment.")
        .With("start_date", time::FormatDay(first))
        .With("end_date", time::FormatDay(last));
  }
  for (const v1::Period& period : cycle.periods()) {
    if (period.state() != v1::Period::PUBLISHED) continue;
    ASSIGN_OR_RETURN(const time::Period days, DaysOf(period));
    if (days.Contains(day)) {
      return errors::FailedPrecondition(v1::PERIOD_PUBLISHED, "The results of that day are final.")
          .With("period", period.name());
    }
  }
  return absl::OkStatus();
}

absl::Status Move(v1::SupportRequest& request, SupportAction action, std::string_view comment) {
  const auto next =
      Next(std::span<const SupportTransition>(kSupportTransitions), request.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::SUPPORT_REQUEST_WRONG_STATE,
                                      "The request is in another state.")
        .With("state", v1::SupportRequest::State_Name(request.state()));
  }
  request.set_state(*next);
  request.set_comment(std::string(comment));
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckProgressEntry(const v1::ProgressEntry& entry,
                                const v1::WorkPlan& plan,
                                const v1::Cycle& cycle) {
  RETURN_IF_ERROR(CheckCycleOpen(cycle.state(), cycle.name()));
  if (plan.state() != v1::WorkPlan::APPROVED) {
    return errors::FailedPrecondition(v1::WORK_PLAN_NOT_APPROVED, "The plan is not approved.");
  }
  RETURN_IF_ERROR(CheckSubject(entry, plan));
  return CheckDay(entry, plan.snapshot(), cycle);
}

absl::Status CheckDialogue(const v1::Dialogue& dialogue, std::string_view plan) {
  errors::FieldViolations violations;
  if (dialogue.progress_note().empty() && dialogue.obstacle_note().empty() &&
      dialogue.solution_note().empty()) {
    violations.Add("dialogue.progressNote",
                   "REQUIRED",
                   "Isi sedikitnya satu catatan: kemajuan, hambatan, atau solusi.",
                   "Write at least one note: progress, obstacle or solution.");
  }
  const auto as_day = [](const google::type::Date& date) {
    return absl::CivilDay(date.year(), date.month(), date.day());
  };
  if (dialogue.has_next_date() && as_day(dialogue.next_date()) <= as_day(dialogue.date())) {
    violations.Add("dialogue.nextDate",
                   "OUT_OF_RANGE",
                   "Dialog berikutnya harus sesudah dialog ini.",
                   "The next dialogue must come after this one.");
  }
  const std::string own = std::string(plan) + "/supportRequests/";
  for (int i = 0; i < dialogue.support_requests_size(); ++i) {
    if (dialogue.support_requests(i).starts_with(own)) continue;
    violations.Add("dialogue.supportRequests[" + std::to_string(i) + "]",
                   "OF_ANOTHER_PLAN",
                   "Pilih permintaan dukungan dari SKP ini.",
                   "Choose a support request of this work plan.");
  }
  return violations.ToStatus();
}

absl::Status AcknowledgeDialogue(v1::Dialogue& dialogue,
                                 std::string_view by,
                                 std::string_view note,
                                 absl::Time now) {
  if (dialogue.entered_by() == by) {
    return errors::FailedPrecondition(v1::DIALOGUE_OWN, "The other side takes note of a dialogue.");
  }
  if (!dialogue.acknowledged_by().empty()) {
    return errors::FailedPrecondition(v1::DIALOGUE_ACKNOWLEDGED,
                                      "Somebody has taken note already.");
  }
  dialogue.set_acknowledged_by(std::string(by));
  dialogue.set_acknowledgement_note(std::string(note));
  SetTime(*dialogue.mutable_acknowledge_time(), now);
  return absl::OkStatus();
}

std::string_view ActionName(SupportAction action) {
  switch (action) {
    case SupportAction::kGrant:
      return "grant";
    case SupportAction::kDecline:
      return "decline";
    case SupportAction::kFulfil:
      return "fulfil";
  }
  return "";
}

absl::Status GrantSupport(v1::SupportRequest& request,
                          std::string_view comment,
                          const google::type::Date& due) {
  RETURN_IF_ERROR(Move(request, SupportAction::kGrant, comment));
  *request.mutable_due_date() = due;
  return absl::OkStatus();
}

absl::Status DeclineSupport(v1::SupportRequest& request, std::string_view comment) {
  return Move(request, SupportAction::kDecline, comment);
}

absl::Status FulfilSupport(v1::SupportRequest& request, std::string_view comment) {
  return Move(request, SupportAction::kFulfil, comment);
}

}  // namespace teraju::evaluation::domain
