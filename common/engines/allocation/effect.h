// What a course changed: people who attended beside colleagues like them who did not. Always an
// observation, never a proof: who attends is not drawn by lot.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"
#include "common/engines/allocation/text.h"

namespace teraju::allocation {

// The targeted indicator of one person, before the course and after it; both figures on one scale.
struct Measured {
  std::string stratum;  // only people of one are compared: kind of post, unit, ...
  Decimal before;
  Decimal after;
};

struct EffectSettings {
  Decimal caliper;        // colleagues differ before by at most this; greater than 0
  int minimum_pairs = 8;  // with fewer there is no estimate; at least 2
  Decimal confidence = Decimal(Integer(95), 2);  // between 0 and 1
};

struct EffectEstimate {
  int trained = 0;
  int pairs = 0;           // trained people who have a colleague of their own to be compared with
  bool estimated = false;  // the rest is set
  // Change of the trained less change of their colleagues: mean, standard error, interval by
  // Student's t; six digits.
  Decimal mean;
  Decimal standard_error;
  Decimal lower;
  Decimal upper;
  bool significant = false;  // the interval does not contain 0
  Text text;                 // what it says, or why there is no estimate
};

// Each trained person is compared with one colleague, nobody is a colleague twice, as many pairs as
// possible and then the smallest differences before (minimum-cost flow).
// INVALID_ARGUMENT (FIELD_INVALID) for settings and figures out of bounds (within ±1e6).
absl::StatusOr<EffectEstimate> EstimateEffect(const std::vector<Measured>& trained,
                                              const std::vector<Measured>& untrained,
                                              const EffectSettings& settings);

struct CourseEffect {
  EffectEstimate estimate;
  Decimal mean_gap;  // of those trained, before, on the indicator's scale
};

// The share of a gap that each course is expected to close, as Offering::effect takes it: three
// digits, 0.001 to 1. Estimates are drawn towards `prior`, the more the less sure they are; without
// an estimate, or a gap, it is `prior` itself (greater than 0, at most 1).
std::vector<Decimal> ExpectedEffects(const std::vector<CourseEffect>& courses,
                                     const Decimal& prior);

}  // namespace teraju::allocation
