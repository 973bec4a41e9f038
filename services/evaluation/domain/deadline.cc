#include "services/evaluation/domain/deadline.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr absl::Duration kWatched = absl::Hours(24);
constexpr absl::Duration kLastHour = absl::Hours(1);
constexpr absl::Duration kExtension = absl::Hours(24);
constexpr absl::Duration kReminders[] = {absl::Hours(72), absl::Hours(24)};
constexpr int kToleratedMinutes = 5;
constexpr int kCallsPerFailed = 100;
constexpr std::string_view kSelfEvaluations = "self-evaluations-";

}  // namespace

std::string SelfEvaluationsDeadline(std::string_view period_id) {
  return std::string(kSelfEvaluations) + std::string(period_id);
}

std::string PeriodOfDeadline(std::string_view id) {
  return id.starts_with(kSelfEvaluations) ? std::string(id.substr(kSelfEvaluations.size())) : "";
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

absl::Time NextReminder(absl::Time due_time, absl::Time now) {
  for (const absl::Duration before : kReminders) {
    if (due_time - before > now) return due_time - before;
  }
  return absl::InfiniteFuture();
}

MissedMinutes CountMissed(absl::Time from,
                          absl::Time due_time,
                          const std::vector<ServiceMinute>& counted) {
  MissedMinutes missed;
  auto next = counted.begin();
  const absl::Time first =
      absl::UnixEpoch() + absl::Ceil(from - absl::UnixEpoch(), absl::Minutes(1));
  for (absl::Time minute = first; minute + absl::Minutes(1) <= due_time;
       minute += absl::Minutes(1)) {
    while (next != counted.end() && next->minute < minute) ++next;
    const bool kept = next != counted.end() && next->minute == minute &&
                      next->failed * kCallsPerFailed <= next->calls;
    if (kept) continue;
    ++missed.watched;
    if (minute >= due_time - kLastHour) ++missed.last_hour;
  }
  return missed;
}

bool IsMoved(const MissedMinutes& missed) {
  return missed.last_hour > 0 || missed.watched > kToleratedMinutes;
}

Due WithDaysOwed(Due due, absl::Time now, const CountedMinutes& counted) {
  while (due.due_time < now) {
    const absl::Time from = std::max(due.set_time, due.due_time - kWatched);
    const MissedMinutes missed = CountMissed(from, due.due_time, counted(from, due.due_time));
    if (!IsMoved(missed)) break;
    due.due_time += kExtension;
    due.missed_minutes += missed.watched;
  }
  return due;
}

bool Binds(absl::Time due_time, const v1::WorkPlan& plan) {
  return !plan.has_submit_time() && TimeOf(plan.create_time()) <= due_time;
}

absl::Status TooLate(absl::Time due_time, absl::TimeZone zone) {
  return errors::FailedPrecondition(v1::HANDED_IN_TOO_LATE, "The deadline has passed.")
      .With("due_time", absl::FormatTime("%Y-%m-%d %H:%M (UTC%Ez)", due_time, zone));
}

}  // namespace teraju::evaluation::domain
