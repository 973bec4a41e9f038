// The rules of rehearsals (shadow cycles): what the new rules give belongs to the person alone,
// what differs from the old grading is counted by unit, and people decide when it binds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/rehearsals_service.pb.h"

namespace teraju::evaluation::domain {

// FAILED_PRECONDITION (NOT_A_REHEARSAL).
absl::Status CheckRehearsal(const v1::Cycle& cycle);

// FAILED_PRECONDITION: NOT_A_REHEARSAL, PERIODS_OPEN until the year's results are final: from then
// on they never change, since nobody objects to a rehearsal.
absl::Status CheckComparable(const v1::Cycle& cycle);

// What a person got by both gradings.
struct ComparedPerson {
  std::vector<std::string> unit_path;  // ids, from the unit to the root
  v1::Predicate before = v1::PREDICATE_UNSPECIFIED;
  v1::Predicate after = v1::PREDICATE_UNSPECIFIED;
};

// Counts by the agency and the units right below its root, without any that tells about fewer
// people than `threshold`.
std::vector<v1::RehearsalCounts> CountDifferences(std::span<const ComparedPerson> people,
                                                  int threshold);

// FAILED_PRECONDITION (REHEARSAL_DECIDED).
absl::Status DecideRehearsal(v1::RehearsalReport& report,
                             std::string_view by,
                             std::string_view reason,
                             absl::Time now);

// FAILED_PRECONDITION (REHEARSAL_NOT_DECIDED): the first binding cycle of an agency that has
// rehearsed waits for the decision.
struct RehearsalStand {
  bool rehearsed = false;  // a shadow cycle was opened
  bool decided = false;
  bool bound = false;  // a binding cycle was opened before
};
absl::Status CheckSwitched(const v1::Cycle& cycle, const RehearsalStand& stand);

}  // namespace teraju::evaluation::domain
