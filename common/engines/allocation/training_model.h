// The training programme as arcs (a person in an offering that meets needs of that person) and as a
// MIP over them. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "common/engines/allocation/mip.h"
#include "common/engines/allocation/training.h"

namespace teraju::allocation {

struct Arc {
  int person;
  int offering;
  std::vector<int> needs;  // that it meets, in order
};

// What can be considered at all: only offerings that teach what the person needs, on days when the
// person is free.
struct TrainingArcs {
  std::vector<Arc> arcs;
  std::vector<std::vector<int>> of_person;
  std::vector<std::vector<int>> of_offering;
  std::vector<std::vector<int>> of_need;
  std::vector<std::vector<int>>
      clashing;  // of each need: offerings that would meet it, were the person not busy

  explicit TrainingArcs(const TrainingProblem& problem);
};

// Charges by the set of budgets that may pay them: persons and offerings of one set are one class.
struct ChargeClasses {
  std::vector<std::vector<int>> budgets;  // of each class, sorted
  std::vector<int> of_person;
  std::vector<int> of_offering;

  explicit ChargeClasses(const TrainingProblem& problem);
};

// Whether a plan must decide about the offering itself, besides its seats.
bool NeedsDecision(const Offering& offering);

struct TrainingModel {
  Mip mip;
  std::vector<int> arc_columns;   // of each arc
  std::vector<int> held_columns;  // of each offering; -1 where there is nothing to decide
  std::vector<int> budget_rows;   // of each budget
  double money_unit = 1;          // in which the budget rows are stated

  TrainingModel(const TrainingProblem& problem,
                const TrainingArcs& arcs,
                const ChargeClasses& classes);
};

}  // namespace teraju::allocation
