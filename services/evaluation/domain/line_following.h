// How work plans follow their persons' reporting lines while a cycle is open.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// A work plan's segment.
struct PlannedSegment {
  std::string plan;  // id
  v1::Snapshot snapshot;
  // Nobody has written anything in the plan or its evaluations.
  bool empty = false;
};

struct LineSteps {
  std::vector<PlannedSegment> moved;  // plans with their new segments
  std::vector<v1::Snapshot> added;    // segments without a plan
  std::vector<std::string> removed;   // ids of empty plans whose segment is no more
  // Ids of plans whose segment is no more but in which somebody has written: they stay as they are
  // with their days, until the HR office has looked at them.
  std::vector<std::string> left;
};

// What a person's plans of a cycle, in the order of their days, need to fit the person's segments
// as they are now. A plan follows the segment of the same first day, else one of common days in the
// same post under the same appraiser, else one of common days. Nothing to do where all fit.
// INVALID_ARGUMENT for days that are none.
absl::StatusOr<LineSteps> FollowLine(std::span<const PlannedSegment> plans,
                                     std::span<const v1::Snapshot> segments);

}  // namespace teraju::evaluation::domain
