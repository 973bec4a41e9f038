// How far the work on a period has come: `{phase} {done} {cursor}`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace teraju::evaluation {

struct PeriodCheckpoint {
  std::string phase;  // empty at the start
  std::int64_t done = 0;
  std::string cursor;  // what the phase continues behind

  static PeriodCheckpoint Parse(const std::string& text) {
    PeriodCheckpoint at;
    const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(' ', 2));
    at.phase = parts[0];
    if (parts.size() > 1 && !absl::SimpleAtoi(parts[1], &at.done)) at.done = 0;
    if (parts.size() > 2) at.cursor = parts[2];
    return at;
  }
  std::string ToString() const { return absl::StrCat(phase, " ", done, " ", cursor); }
};

}  // namespace teraju::evaluation
