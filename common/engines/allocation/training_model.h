// The training programme as a MIP over some of the arcs. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "common/engines/allocation/mip.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_arcs.h"

namespace teraju::allocation {

// What scarce things are worth, in weight. Not negative.
struct TrainingPrices {
  std::vector<double> budgets;   // of a currency unit
  std::vector<double> seats;     // of a seat of the offering
  std::vector<double> minima;    // of a participant towards the offering's minimum
  std::vector<double> coverage;  // of a person towards the target
};

// The seats of an offering beyond those who could take them are worth nothing.
int UsefulSeats(const Offering& offering, std::size_t candidates);

// What a model decides about an arc.
enum class ArcUse : char { kOut, kFree, kIn };

struct TrainingModel {
  Mip mip;
  std::vector<int> arc_columns;    // of each arc; -1 where it is not in the model
  std::vector<int> class_columns;  // of each offering; -1 where there is nothing to decide
  std::vector<int> budget_rows;
  std::vector<int> seat_rows;  // of each offering; -1 where there is none, as below
  std::vector<int> minimum_rows;
  std::vector<int> coverage_rows;
  double money_unit = 1;  // in which the budget rows are stated

  // Without `whole_seats` only the classes are whole: far fewer decisions for a bound that is
  // hardly worse.
  TrainingModel(const TrainingProblem& problem,
                const TrainingArcs& arcs,
                const std::vector<ArcUse>& uses,
                bool whole_seats = true);

  TrainingPrices PricesOf(const Mip::Relaxation& relaxation) const;
};

}  // namespace teraju::allocation
