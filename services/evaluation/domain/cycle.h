// The rules of appraisal years and their periods.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/time/period.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// The id of the period that is the whole cycle.
inline constexpr char kYear[] = "year";

// The last segment of a period's name: `q1`, `m07`, `year`.
std::string PeriodId(const v1::Period& period);

// First and last day as a half-open interval. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<time::Period> DaysOf(const v1::Cycle& cycle);
absl::StatusOr<time::Period> DaysOf(const v1::Period& period);

// Makes a draft of what a client sent: gives it its periods, the year first, then the quarters or
// months of the calendar that it touches, in order of time. `cycle` has its name.
// INVALID_ARGUMENT (CYCLE_DATES_INVALID).
absl::Status PrepareCycle(v1::Cycle& cycle);

// FAILED_PRECONDITION: CYCLE_NOT_OPEN or CYCLE_CLOSED unless the cycle is open.
absl::Status CheckCycleOpen(v1::Cycle::State state, std::string_view cycle);

// FAILED_PRECONDITION (SHADOW_CYCLE): nothing follows from the results of a rehearsal.
absl::Status CheckBinding(const v1::Cycle& cycle);

// FAILED_PRECONDITION (PERIODS_OPEN) until the results of the year are final.
absl::Status CheckYearPublished(const v1::Cycle& cycle);

// FAILED_PRECONDITION (CYCLE_CLOSED). A cycle may be opened again, for further units.
absl::Status CheckOpenable(const v1::Cycle& cycle);

// FAILED_PRECONDITION: as CheckCycleOpen, or PERIOD_PUBLISHED.
absl::Status CheckScorable(const v1::Cycle& cycle, const v1::Period& period);

// The ids of the periods that the days of a segment overlap and that are not published.
absl::StatusOr<std::vector<std::string>> OpenPeriodsOf(const v1::Cycle& cycle,
                                                       const v1::Snapshot& segment);

// What stands between a period and its publication.
struct PublicationGaps {
  int open_evaluations = 0;
  // Of those that are rated: whose days have changed since the period was scored.
  int unscored_evaluations = 0;
  // Units whose result is not confirmed, or who need one and have none.
  std::vector<std::string> units;
};

// FAILED_PRECONDITION: as CheckScorable, PERIOD_NOT_SCORED, EVALUATIONS_OPEN, UNIT_RESULTS_OPEN.
absl::Status CheckPublishable(const v1::Cycle& cycle,
                              const v1::Period& period,
                              const PublicationGaps& gaps);

// Whether every unit directly below the root needs a result for this period to be published.
bool NeedsUnitResults(const v1::Cycle& cycle, const v1::Period& period);

// FAILED_PRECONDITION: as CheckCycleOpen, or PERIODS_OPEN.
absl::Status CloseCycle(v1::Cycle& cycle);

}  // namespace teraju::evaluation::domain
