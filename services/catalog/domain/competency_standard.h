// Rules of competency standards.
#pragma once

#include "absl/status/status.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog::domain {

// Each competency once. INVALID_ARGUMENT (COMPETENCY_REPEATED).
absl::Status CheckStandard(const v1::CompetencyStandard& standard);

}  // namespace teraju::catalog::domain
