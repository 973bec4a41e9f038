// A training problem as JSON, with people's own names for everything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/engines/allocation/text.h"
#include "common/engines/allocation/training.h"
#include "common/engines/allocation/training_text.h"

namespace teraju::allocation {

// What is wrong where, and what to do about it.
struct Fault {
  int line = 0;
  std::string field;  // `offerings[2].seats`
  Text text;
};

struct ProblemFile {
  TrainingProblem problem;
  TrainingNames names;
  // By position, as the problem has them.
  std::vector<std::string> persons;
  std::vector<std::string> offerings;
  std::vector<std::string> budgets;
  std::vector<std::string> need_reasons;
  std::vector<std::string> coverage_units;
};

struct ProblemReading {
  ProblemFile file;
  std::vector<Fault> faults;  // the file is good for something only when there are none
};

// `teraju-allocate --help` describes the form.
ProblemReading ReadProblem(std::string_view json);

}  // namespace teraju::allocation
