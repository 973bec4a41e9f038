#include "services/evaluation/domain/line_following.h"

#include <algorithm>
#include <optional>

#include "common/errors/status_macros.h"
#include "common/time/period.h"

namespace teraju::evaluation::domain {
namespace {

absl::StatusOr<time::Period> SegmentDays(const v1::Snapshot& segment) {
  ASSIGN_OR_RETURN(const absl::CivilDay first, time::ToCivilDay(segment.start_date()));
  ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(segment.end_date()));
  return time::Period::Make(first, last + 1);
}

bool SamePost(const v1::Snapshot& a, const v1::Snapshot& b) {
  return a.unit() == b.unit() && a.position_title() == b.position_title() &&
         a.appraiser() == b.appraiser();
}

}  // namespace

absl::StatusOr<LineSteps> FollowLine(std::span<const PlannedSegment> plans,
                                     std::span<const v1::Snapshot> segments) {
  std::vector<time::Period> planned, actual;
  for (const PlannedSegment& plan : plans) {
    ASSIGN_OR_RETURN(const time::Period days, SegmentDays(plan.snapshot));
    planned.push_back(days);
  }
  for (const v1::Snapshot& segment : segments) {
    ASSIGN_OR_RETURN(const time::Period days, SegmentDays(segment));
    actual.push_back(days);
  }

  std::vector<std::optional<std::size_t>> plan_of(segments.size());
  std::vector<bool> taken(plans.size());
  const auto match = [&](auto fits) {
    for (std::size_t s = 0; s < segments.size(); ++s) {
      for (std::size_t p = 0; p < plans.size() && !plan_of[s]; ++p) {
        if (taken[p] || !fits(p, s)) continue;
        plan_of[s] = p;
        taken[p] = true;
      }
    }
  };
  match([&](std::size_t p, std::size_t s) { return planned[p].start() == actual[s].start(); });
  match([&](std::size_t p, std::size_t s) {
    return planned[p].Overlaps(actual[s]) && SamePost(plans[p].snapshot, segments[s]);
  });
  match([&](std::size_t p, std::size_t s) { return planned[p].Overlaps(actual[s]); });

  LineSteps steps;
  std::vector<time::Period> kept;
  for (std::size_t p = 0; p < plans.size(); ++p) {
    if (taken[p]) continue;
    (plans[p].empty ? steps.removed : steps.left).push_back(plans[p].plan);
    if (!plans[p].empty) kept.push_back(planned[p]);
  }
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const bool disputed = std::any_of(kept.begin(), kept.end(), [&](const time::Period& days) {
      return days.Overlaps(actual[s]);
    });
    if (disputed) continue;
    if (!plan_of[s]) {
      steps.added.push_back(segments[s]);
    } else if (plans[*plan_of[s]].snapshot.SerializeAsString() != segments[s].SerializeAsString()) {
      steps.moved.push_back({plans[*plan_of[s]].plan, segments[s], plans[*plan_of[s]].empty});
    }
  }
  return steps;
}

}  // namespace teraju::evaluation::domain
