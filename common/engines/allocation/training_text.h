// Why a need is met or not, in words.
#pragma once

#include <string>
#include <vector>

#include "common/engines/allocation/text.h"
#include "common/engines/allocation/training.h"

namespace teraju::allocation {

// What people call what the problem numbers.
struct TrainingNames {
  std::vector<std::string> offerings;
  std::vector<std::string> budgets;
};

// What the plan does about its need number `need`, and why.
Text ReasonOf(const TrainingProblem& problem,
              const TrainingPlan& plan,
              int need,
              const TrainingNames& names);

// What one more million of currency units in a budget would meet, by the linear relaxation.
Text MarginalValueOf(const TrainingPlan& plan, int budget, const TrainingNames& names);

// A group course that a plan opens: for how many who lack it, and at what cost.
Text GroupCourseOf(const TrainingProblem& problem,
                   const TrainingPlan& plan,
                   int offering,
                   const TrainingNames& names);

}  // namespace teraju::allocation
