// The rules of deadlines (batas waktu): what they are for, and when the service moves one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/deadlines_service.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// The ids of deadlines.
inline constexpr char kWorkPlansDeadline[] = "work-plans";
std::string SelfEvaluationsDeadline(std::string_view period_id);
// The id of the period whose self evaluations it is for; empty for that of the work plans.
std::string PeriodOfDeadline(std::string_view id);

// INVALID_ARGUMENT (FIELD_INVALID) unless `id` is of a deadline that the cycle can have.
absl::Status CheckDeadlineId(std::string_view id, const v1::Cycle& cycle);

// INVALID_ARGUMENT (FIELD_INVALID) unless the moment is still to come.
absl::Status CheckDueTime(const v1::Deadline& deadline, absl::Time now);

// A minute (its beginning) and the calls that all replicas together counted in it: all of them, and
// those that failed by the service's fault.
struct ServiceMinute {
  absl::Time minute;
  std::int64_t calls = 0;
  std::int64_t failed = 0;
};

struct MissedMinutes {
  int watched = 0;    // of the day before the deadline
  int last_hour = 0;  // of these, in its last hour
};

// What the service promises for the whole minutes between `from` and `due_time`, of which `counted`
// holds those in which a replica was there, in order: missed is one in which none was, or in which
// more than one call in a hundred failed.
MissedMinutes CountMissed(absl::Time from,
                          absl::Time due_time,
                          const std::vector<ServiceMinute>& counted);

// Whether a deadline moves: one missed minute of the last hour, when most people hand in, or more
// than five of the day.
bool IsMoved(const MissedMinutes& missed);

// When those who have not handed in are reminded next after `now`: three days before the deadline
// and one day before; infinite where there is nothing left to remind of.
absl::Time NextReminder(absl::Time due_time, absl::Time now);

struct Due {
  absl::Time set_time;  // what the service missed before does not count
  absl::Time due_time;
  int missed_minutes = 0;  // for which it was moved
};

// The minutes from `from` on and before `to` that were counted, in order.
using CountedMinutes = std::function<std::vector<ServiceMinute>(absl::Time from, absl::Time to)>;

// The deadline with the days by which the service has to move it at `now`: one for each day before
// it that was missed.
Due WithDaysOwed(Due due, absl::Time now, const CountedMinutes& counted);

// Whether the deadline for work plans holds for this one: who has handed in once may correct what
// the superior returns, and who was asked for a plan after the deadline could not keep it.
bool Binds(absl::Time due_time, const v1::WorkPlan& plan);

// FAILED_PRECONDITION (HANDED_IN_TOO_LATE), which tells the deadline in the agency's time.
absl::Status TooLate(absl::Time due_time, absl::TimeZone zone);

}  // namespace teraju::evaluation::domain
