// Whether a plan keeps every rule and says the truth about itself: written from README.md, without
// anything that the solver uses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/engines/allocation/training.h"

namespace teraju::allocation {

// Of each offering its participants.
using Participants = std::vector<std::vector<int>>;

// The first rule that is broken; nothing where all hold.
std::optional<std::string> BrokenRule(const TrainingProblem& problem,
                                      const Participants& participants);

// The objective of these seats.
Decimal WorthOf(const TrainingProblem& problem, const Participants& participants);

// The first figure of the plan that is wrong.
std::optional<std::string> WrongFigure(const TrainingProblem& problem, const TrainingPlan& plan);

}  // namespace teraju::allocation
