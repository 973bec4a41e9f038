// A plan for people and for programs.
#pragma once

#include <string>

#include "common/engines/allocation/cli/problem_file.h"
#include "common/engines/allocation/training.h"
#include "common/engines/rules/json.h"

namespace teraju::allocation {

rules::Json PlanJson(const ProblemFile& file, const TrainingPlan& plan);
rules::Json DifferenceJson(const ProblemFile& file,
                           const TrainingPlan& before,
                           const TrainingPlan& after);

std::string PlanTable(const ProblemFile& file, const TrainingPlan& plan, Language language);
std::string DifferenceTable(const ProblemFile& file,
                            const TrainingPlan& before,
                            const TrainingPlan& after,
                            Language language);

}  // namespace teraju::allocation
