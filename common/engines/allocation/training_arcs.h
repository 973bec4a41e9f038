// What a training plan can consist of at all: arcs, each a person in an offering. Internal.
#pragma once

#include <utility>
#include <vector>

#include "common/engines/allocation/training.h"

namespace teraju::allocation {

// Effects are counted in thousandths of a gap.
inline constexpr int kWholeGap = 1000;

// What two arcs of one person must not have in common: the course or, where only needs count, all
// the needs that both meet in full.
struct Sameness {
  int course = -1;
  std::vector<int> needs = {};
  std::vector<int> targets = {};

  friend auto operator<=>(const Sameness&, const Sameness&) = default;
};

struct Arc {
  int person;
  int offering;
  std::vector<int> needs;  // that it helps to meet, in order
  int charge_class;        // of the seat
  // Of each course that must be completed before and is not: the arcs of the person that would.
  std::vector<std::vector<int>> enablers;
  std::vector<int> targets;  // of coverage that it counts towards
  std::vector<Sameness> sameness;
  bool own_use;  // not only for what builds on it
  bool kept;     // a seat of the earlier plan
};

// Charges by the set of budgets that may pay them: those of one set are one class.
struct ChargeClasses {
  std::vector<std::vector<int>> budgets;  // of each class, sorted
  std::vector<int> of_offering;           // for the fixed cost

  int ClassOf(std::vector<int> set);
};

struct TrainingArcs {
  std::vector<Arc> arcs;  // of one person: in the order of days
  ChargeClasses classes;
  std::vector<std::vector<int>> of_person;
  std::vector<std::vector<int>> of_offering;
  std::vector<std::vector<int>> of_need;
  // Of each need: offerings that teach its topic but are closed to the person, and why.
  std::vector<std::vector<std::pair<int, Refusal>>> blocked;
  std::vector<int> effects;  // of each offering, in thousandths
  // What the search reckons with; what is reported is recomputed exactly.
  std::vector<double> weights;  // of each need
  std::vector<double> target_weights;
  double hour_weight;
  double kept_weight;

  explicit TrainingArcs(const TrainingProblem& problem);
};

double ToDouble(const Decimal& value);

// Whether one person cannot have both.
bool Exclude(const TrainingProblem& problem, const Arc& a, const Arc& b);

bool Teaches(const Offering& offering, const std::string& topic);

// Whether a plan must decide about the offering itself, besides its seats.
bool NeedsDecision(const Offering& offering);

}  // namespace teraju::allocation
