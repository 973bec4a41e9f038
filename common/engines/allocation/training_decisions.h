// What a finished plan does about each need, and what stands in the way of the others. Internal.
#pragma once

#include <vector>

#include "common/engines/allocation/training_arcs.h"
#include "common/engines/allocation/training_draft.h"

namespace teraju::allocation {

std::vector<TrainingDecision> DecideNeeds(const TrainingProblem& problem,
                                          const TrainingArcs& arcs,
                                          const TrainingDraft& draft);

}  // namespace teraju::allocation
