// The long-running work of CloseCitizenSurvey.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"

namespace teraju::feedback {

inline constexpr char kCloseCitizenSurvey[] = "citizenSurveys.close";

// Waits for answers that are on their way, then, in one transaction: publishes the results, copies
// the answers of the units shown, drops the open tables. Returns the v1::CitizenSurvey.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CloseCitizenSurvey(
    operations::Work& work);

}  // namespace teraju::feedback
