// The rules of deadlines (batas waktu): what they are for, and when the service moves one.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/deadlines_service.pb.h"

namespace teraju::evaluation::domain {

// The ids of deadlines.
inline constexpr char kWorkPlansDeadline[] = "work-plans";
std::string SelfEvaluationsDeadline(std::string_view period_id);

// INVALID_ARGUMENT (FIELD_INVALID) unless `id` is of a deadline that the cycle can have.
absl::Status CheckDeadlineId(std::string_view id, const v1::Cycle& cycle);

// INVALID_ARGUMENT (FIELD_INVALID) unless the moment is still to come.
absl::Status CheckDueTime(const v1::Deadline& deadline, absl::Time now);

// What the service promises for the time before a deadline: a minute is missed in which no replica
// was there, or more than one call in a hundred failed by the service's fault.
inline constexpr absl::Duration kWatched = absl::Hours(24);
inline constexpr absl::Duration kLastHour = absl::Hours(1);
inline constexpr absl::Duration kExtension = absl::Hours(24);

struct MissedMinutes {
  int watched = 0;    // of kWatched
  int last_hour = 0;  // of these, in kLastHour
};

// Whether a deadline moves: one missed minute of the last hour, when most people hand in, or more
// than five of the day.
bool IsMoved(const MissedMinutes& missed);

}  // namespace teraju::evaluation::domain
