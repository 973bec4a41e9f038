#include "services/evaluation/domain/deadline.h"

#include "absl/strings/str_cat.h"
#include "common/errors/field_violations.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kToleratedMinutes = 5;

}  // namespace

std::string SelfEvaluationsDeadline(std::string_view period_id) {
  return absl::StrCat("self-evaluations-", std::string(period_id));
}

absl::Status CheckDeadlineId(std::string_view id, const v1::Cycle& cycle) {
  if (id == kWorkPlansDeadline) return absl::OkStatus();
  for (const v1::Period& period : cycle.periods()) {
    if (id == SelfEvaluationsDeadline(PeriodId(period))) return absl::OkStatus();
  }
  errors::FieldViolations violations;
  violations.Add("deadline.name",
                 "DEADLINE_UNKNOWN",
                 "Akhiri nama dengan work-plans, atau self-evaluations- dan periode siklus ini, "
                 "misalnya self-evaluations-q1.",
                 "End the name with work-plans, or with self-evaluations- and a period of this "
                 "cycle, such as self-evaluations-q1.");
  return violations.ToStatus();
}

absl::Status CheckDueTime(const v1::Deadline& deadline, absl::Time now) {
  if (TimeOf(deadline.due_time()) > now) return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("deadline.dueTime",
                 "NOT_IN_THE_FUTURE",
                 "Isi waktu yang belum lewat.",
                 "Give a moment that is still to come.");
  return violations.ToStatus();
}

bool IsMoved(const MissedMinutes& missed) {
  return missed.last_hour > 0 || missed.watched > kToleratedMinutes;
}

}  // namespace teraju::evaluation::domain
