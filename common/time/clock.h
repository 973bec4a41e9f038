// Where the time comes from, so that tests can set it.
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace teraju::time {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace teraju::time
