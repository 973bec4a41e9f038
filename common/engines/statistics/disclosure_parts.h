// A publication taken apart for the audit: connected parts, and in each the answers that no number
// tells apart (atoms).
#pragma once

#include <optional>
#include <vector>

#include "common/engines/statistics/disclosure.h"
#include "common/engines/statistics/modular.h"

namespace teraju::statistics {

// Answers that stand in the same numbers with the same coefficients: only their sum can matter.
struct Atom {
  std::vector<int> answers;
  std::vector<int> persons;  // ascending, each once
};

struct AuditRow {
  int number = 0;     // in the publication
  RationalRow terms;  // over atoms
  std::optional<Rational> least;
  std::optional<Rational> most;
};

struct AuditPart {
  std::vector<Atom> atoms;  // those of too few persons last, of nobody last of all
  int first_small = 0;
  int first_nobody = 0;
  std::vector<AuditRow> rows;
};

// Open answers are taken out with their values: everybody knows them.
std::vector<AuditPart> SplitPublication(const Publication& publication);

// Sets of atoms whose every answer follows from the numbers and the ends of the scale.
std::vector<std::vector<int>> DeterminedByBounds(const AuditPart& part,
                                                 const Publication& publication);

}  // namespace teraju::statistics
