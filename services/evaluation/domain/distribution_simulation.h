// What a unit's distribution would be with other ratings of some of its people. It compares; it
// never moves anybody.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/evaluations_service.pb.h"

namespace teraju::evaluation::domain {

// Somebody who counts in a unit's distribution, by the evaluation of the last segment.
struct CountedPerson {
  std::string evaluation;     // name
  std::string annual_result;  // name; empty where there is none
  std::string employee;       // name
  v1::Rating results = v1::RATING_UNSPECIFIED;
  v1::Rating behavior = v1::RATING_UNSPECIFIED;
  v1::Predicate rated = v1::PREDICATE_UNSPECIFIED;    // by the matrix
  v1::Predicate decided = v1::PREDICATE_UNSPECIFIED;  // for the year, instead of `rated`
};

// The counts of `result`, which is a draft, as they are and with the changes; `people` holds
// whoever is named, under both names. INVALID_ARGUMENT naming each change that cannot be made;
// FAILED_PRECONDITION (UNIT_RESULT_CONFIRMED).
using CountedPeople = std::map<std::string, CountedPerson>;
absl::StatusOr<v1::UnitResultSimulation> SimulateDistribution(
    const v1::UnitResult& result,
    const CountedPeople& people,
    const v1::SimulateUnitResultRequest& request);

}  // namespace teraju::evaluation::domain
