// What a course, or the meetings with a mentor, changed, from results before and after.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/type/date.pb.h"
#include "services/training/domain/derivation.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

// Percentage points of the mean achievement by which colleagues may differ before.
inline constexpr int kEffectCaliper = 5;

// Results before and after, the day on which each employee completed the course (or first met the
// mentor), and what is known of the agency's other courses.
struct EffectBasis {
  std::vector<Appraisal> before;
  std::vector<Appraisal> after;
  std::map<std::string, google::type::Date> completions;
  std::vector<v1::CourseEffect> others;
  v1::CourseEffect earlier;  // of this course; may be empty
};

// Trained is who completed the course from the first day of the segment before to the last day of
// the one after; who completed it at another time is in neither group. Colleagues are of the same
// office (the outermost unit) and differ before by at most kEffectCaliper. The expected effect is
// set, with too few pairs to that of the earlier estimate; periods and time are the caller's.
// INVALID_ARGUMENT (FIELD_INVALID) for figures out of bounds.
absl::StatusOr<v1::CourseEffect> EstimateCourse(const EffectBasis& basis);

}  // namespace teraju::training::domain
