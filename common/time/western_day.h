// The day where nothing says in which zone an agency is.
#pragma once

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace teraju::time {

// Western Indonesia's (WIB, UTC+7 all year): at most two hours behind the country's other zones. In
// UTC the first seven hours of each day would belong to the day before.
inline absl::CivilDay WesternDay(absl::Time time) {
  return absl::ToCivilDay(time, absl::FixedTimeZone(7 * 60 * 60));
}

}  // namespace teraju::time
