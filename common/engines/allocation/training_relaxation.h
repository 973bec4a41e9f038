// The linear relaxation of a training programme: what its solver says, and what is proven by it.
// Internal.
#pragma once

#include <vector>

#include "common/engines/allocation/training_arcs.h"
#include "common/engines/allocation/training_model.h"

namespace teraju::allocation {

struct TrainingRelaxation {
  std::vector<double> amounts;  // of each arc, 0 to 1
  std::vector<double> classes;  // of each offering that must be decided about
  std::vector<double> losses;   // of each arc: what it costs at these prices beyond its worth
  TrainingPrices prices;
  // Proven by the prices: it holds even where the solver ran out of time.
  double bound = 0;
};

// What is `uses` is in or free. The bound is of all plans, also those without what must be in.
TrainingRelaxation RelaxTraining(const TrainingProblem& problem,
                                 const TrainingArcs& arcs,
                                 const std::vector<ArcUse>& uses,
                                 double seconds);

}  // namespace teraju::allocation
