// What is late about one person of a team.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "teraju/evaluation/v1/overview_service.pb.h"

namespace teraju::evaluation::domain {

// A leader and a person talk at least once in a quarter.
inline constexpr int kCheckInDays = 92;

struct LatenessFacts {
  absl::CivilDay today;
  absl::CivilDay segment_start;
  absl::CivilDay segment_end;
  bool support_overdue = false;
  std::set<std::string> scored_periods;  // ids
};

// In the order of the enum. Check-ins are asked for of approved plans within the days of their
// segment.
std::vector<v1::Lateness> LatenessOf(const v1::Subordinate& subordinate,
                                     const LatenessFacts& facts);

}  // namespace teraju::evaluation::domain
