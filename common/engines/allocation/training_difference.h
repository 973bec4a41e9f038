// What-if: how one plan differs from another for the same people and needs.
#pragma once

#include <vector>

#include "common/engines/allocation/training.h"

namespace teraju::allocation {

struct TrainingDifference {
  Decimal objective;                // after less before
  std::vector<std::int64_t> spent;  // of each budget: after less before
  std::vector<int> newly_met;       // needs
  std::vector<int> no_longer_met;   // needs
  std::vector<Seat> given;          // seats only after
  std::vector<Seat> taken_away;     // seats only before
};

// Both plans must be of problems whose persons, needs, budgets and offerings are numbered alike;
// the second may have more budgets and offerings. What a cancelled offering leaves is one without
// seats.
TrainingDifference DifferenceOf(const TrainingPlan& before, const TrainingPlan& after);

}  // namespace teraju::allocation
