// How many objections there were, without what would tell who objected.
#pragma once

#include <span>

#include "teraju/evaluation/v1/objection.pb.h"

namespace teraju::evaluation::domain {

// Counts of fewer objections are not shown.
inline constexpr int kObjectionThreshold = 5;

// Withholds the counts of units with fewer objections than the threshold, and of one more where
// subtracting from the total would give them away. The number of results is always shown.
v1::ObjectionStatistics MakeObjectionStatistics(std::span<const v1::ObjectionCounts> units);

}  // namespace teraju::evaluation::domain
