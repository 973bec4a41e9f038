// The nine boxes of talent management (PermenPANRB 3/2020): performance from the annual predicate,
// potential from the job-person match, by the shipped policy pack `nine-box`.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"
#include "teraju/evaluation/v1/competencies_service.pb.h"

namespace teraju::evaluation::domain {

// From which match on potential is high and medium, in percent.
struct TalentCutoffs {
  Decimal high = 90;
  Decimal medium = 78;
};

// Those of the request, or the usual ones. INVALID_ARGUMENT unless 0 <= medium < high <= 100.
absl::StatusOr<TalentCutoffs> CutoffsOf(const v1::ListTalentPlacementsRequest& request);

// Gives a placement with predicate, and match where there is one, its box and its reason.
absl::Status Place(const TalentCutoffs& cutoffs, v1::TalentPlacement& placement);

}  // namespace teraju::evaluation::domain
