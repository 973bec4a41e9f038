// Waiting for what another thread or process does: for a condition, with a deadline.
#pragma once

#include <poll.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace teraju::testing {

// Asks again every 5 ms until `condition` holds. False when it does not within `timeout`.
template <typename Condition>
bool Eventually(const Condition& condition, absl::Duration timeout = absl::Seconds(30)) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace teraju::testing
