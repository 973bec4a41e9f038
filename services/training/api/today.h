// The day on which a call is made.
#pragma once

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"

namespace teraju::training {

// Western Indonesia's, where the line between two days matters to nobody.
inline absl::CivilDay TodayOf(const CallContext& call) {
  return absl::ToCivilDay(call.time(), absl::FixedTimeZone(7 * 60 * 60));
}

}  // namespace teraju::training
