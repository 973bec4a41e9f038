// Whether a training problem makes sense. Internal.
#pragma once

#include "absl/status/status.h"
#include "common/engines/allocation/training.h"

namespace teraju::allocation {

// INVALID_ARGUMENT (FIELD_INVALID) with every fault by its field: `offerings[3].seats`.
absl::Status CheckTraining(const TrainingProblem& problem);

}  // namespace teraju::allocation
