#include "common/time/business_days.h"

#include "common/errors/error.h"

namespace teraju::time {
namespace {

constexpr std::size_t kDaysOfWeek = 7;

}  // namespace

absl::StatusOr<BusinessCalendar> BusinessCalendar::Make(absl::TimeZone zone,
                                                        std::set<absl::Weekday> weekend,
                                                        std::set<absl::CivilDay> holidays) {
  if (weekend.size() == kDaysOfWeek) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "At least one day of the week must be a working day.");
  }
  return BusinessCalendar(zone, std::move(weekend), std::move(holidays));
}

bool BusinessCalendar::IsWorkingDay(absl::CivilDay day) const {
  return !weekend_.contains(absl::GetWeekday(day)) && !holidays_.contains(day);
}

int BusinessCalendar::WorkingDaysIn(const Period& period) const {
  int days = 0;
  for (absl::CivilDay day = period.start(); day < period.end(); ++day) days += IsWorkingDay(day);
  return days;
}

absl::CivilDay BusinessCalendar::NthWorkingDayAfter(absl::CivilDay day, int n) const {
  while (n > 0) {
    ++day;
    if (IsWorkingDay(day)) --n;
  }
  return day;
}

}  // namespace teraju::time
