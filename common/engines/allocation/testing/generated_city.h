// A made-up city with needs, offerings and budgets, the same for the same numbers: for tests and
// benchmarks of any size.
#pragma once

#include <cstdint>

#include "common/engines/allocation/training.h"

namespace teraju::allocation {

struct CityShape {
  int persons = 100;
  int offerings = 20;
  int topics = 12;
  int budget_percent = 40;  // of what all seats would cost
  std::uint32_t seed = 1;
};

// People of units of about eighty, with one to five needs each, the first topics more wanted than
// the last; offerings of one to five days and two topics at most, a quarter of them free seats of
// partners, some with a fixed cost or a minimum. One budget is for everybody, one for each unit.
TrainingProblem GeneratedCity(const CityShape& shape);

}  // namespace teraju::allocation
