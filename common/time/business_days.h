// An agency's calendar: its time zone, its weekend, its holidays; deadlines counted in working
// days.
#pragma once

#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/time/period.h"

namespace teraju::time {

class BusinessCalendar {
 public:
  // INVALID_ARGUMENT (FIELD_INVALID) when every day of the week is weekend.
  static absl::StatusOr<BusinessCalendar> Make(absl::TimeZone zone,
                                               std::set<absl::Weekday> weekend,
                                               std::set<absl::CivilDay> holidays);

  absl::TimeZone zone() const { return zone_; }
  bool IsWorkingDay(absl::CivilDay day) const;
  int WorkingDaysIn(const Period& period) const;
  // The n-th working day after `day`, which itself does not count (14 days after receipt); n >= 1.
  absl::CivilDay NthWorkingDayAfter(absl::CivilDay day, int n) const;

  // Which day it is there.
  absl::CivilDay DayOf(absl::Time time) const { return absl::ToCivilDay(time, zone_); }
  absl::Time StartOf(absl::CivilDay day) const { return absl::FromCivil(day, zone_); }
  // The first moment after `day`: what is due on a day may come until then.
  absl::Time EndOf(absl::CivilDay day) const { return StartOf(day + 1); }

 private:
  BusinessCalendar(absl::TimeZone zone,
                   std::set<absl::Weekday> weekend,
                   std::set<absl::CivilDay> holidays)
      : zone_(zone), weekend_(std::move(weekend)), holidays_(std::move(holidays)) {}

  absl::TimeZone zone_;
  std::set<absl::Weekday> weekend_;
  std::set<absl::CivilDay> holidays_;
};

}  // namespace teraju::time
