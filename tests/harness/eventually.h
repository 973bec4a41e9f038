// Waiting for a condition, with a deadline.
#pragma once

#include <poll.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace teraju::harness {

// Asks again every 20 ms until `condition` holds. False when it does not within `timeout`.
template <typename Condition>
bool Eventually(Condition condition, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

}  // namespace teraju::harness
