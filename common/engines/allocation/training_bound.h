// What no plan can exceed, by prices: whatever they are, charging them for everything scarce and
// letting each person choose freely gives at least as much as any plan (Lagrangian duality). The
// prices of the linear relaxation make it tight. Internal.
#pragma once

#include <vector>

#include "common/engines/allocation/training_arcs.h"
#include "common/engines/allocation/training_model.h"

namespace teraju::allocation {

// What one person would choose at given prices.
struct PersonChoice {
  double value = 0;       // no choice is worth more
  std::vector<int> arcs;  // the best found
};

class TrainingBound {
 public:
  TrainingBound(const TrainingProblem& problem,
                const TrainingArcs& arcs,
                const TrainingPrices& prices);

  // Of all plans; with what the sum of rounding errors could hide.
  double Total() const;
  const std::vector<PersonChoice>& choices() const { return choices_; }
  // What the arc takes from others.
  double ChargeOf(int arc) const { return charges_[arc]; }
  // What the arc would add for a person who has nothing else, before charges.
  double ValueOf(int arc) const { return values_[arc]; }

 private:
  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const TrainingPrices& prices_;
  std::vector<double> class_prices_;  // of a currency unit: the cheapest budget that may pay
  std::vector<double> charges_;
  std::vector<double> values_;
  std::vector<PersonChoice> choices_;
};

}  // namespace teraju::allocation
