// Rules of indicators: what is published never changes, beside it stands the draft of the next
// revision.
#pragma once

#include "absl/status/status.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog::domain {

// Begins the first draft.
void DraftIndicator(v1::Indicator& indicator);

// FAILED_PRECONDITION (ALREADY_RETIRED).
absl::Status CheckEditable(const v1::Indicator& indicator);

// Makes the draft the next revision. FAILED_PRECONDITION: GOAL_NOT_PUBLISHED when the goal that it
// measures is not, ALREADY_RETIRED.
absl::Status PublishIndicator(v1::Indicator& draft, const v1::Goal& goal);

}  // namespace teraju::catalog::domain
