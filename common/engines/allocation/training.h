// Who takes part in which course, so that as much weighted need as possible is met with the seats
// and the money there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/decimal/decimal.h"
#include "common/engines/allocation/mip.h"

namespace teraju::allocation {

// Both days included.
struct Days {
  absl::CivilDay first;
  absl::CivilDay last;

  bool Clashes(const Days& other) const { return first <= other.last && other.first <= last; }
};

// Everything below names persons, budgets and offerings by their position in TrainingProblem.
struct TrainingPerson {
  std::vector<int> budgets;  // that may pay for this person
  std::vector<Days> busy;    // on which this person cannot attend
};

struct TrainingNeed {
  int person = 0;
  std::string topic;
  Decimal weight;  // greater than 0
};

struct Offering {
  std::vector<std::string> topics;  // what it teaches
  Days days;
  int seats = 0;                   // still free
  int minimum_participants = 0;    // of this plan; it does not take place with fewer
  std::int64_t cost_per_seat = 0;  // in whole currency units
  std::int64_t fixed_cost = 0;     // paid once if it takes place
  std::vector<int> budgets;        // that may pay the fixed cost
};

struct TrainingProblem {
  std::vector<std::int64_t> budgets;  // what there is, in whole currency units
  std::vector<TrainingPerson> persons;
  std::vector<TrainingNeed> needs;
  std::vector<Offering> offerings;
};

// Why a need is not met. Of several offerings the reason that is easiest to remove, in this order.
enum class Refusal {
  kNone,
  kBudget,             // a seat is free, the money is not there
  kSeats,              // the offering is full
  kClash,              // the person is busy on those days
  kMinimumNotReached,  // the offering does not take place
  kNoOffering,         // nothing teaches it
};
// `BUDGET`, `SEATS`, `CLASH`, `MINIMUM_NOT_REACHED`, `NO_OFFERING`; empty for kNone.
std::string RefusalCode(Refusal refusal);

struct TrainingDecision {
  int offering = -1;  // that meets the need, or that the refusal is about; -1: none
  Refusal refusal = Refusal::kNone;

  bool met() const { return refusal == Refusal::kNone; }
};

struct TrainingPlan {
  std::vector<TrainingDecision> decisions;  // of each need
  std::vector<std::vector<int>>
      participants;  // of each offering: persons, in order; none: it does not take place
  std::vector<std::int64_t> spent;  // of each budget
  Decimal objective;                // weight of the needs met
  Decimal bound;                    // that no plan can exceed
  Decimal gap_percent;              // (bound - objective) / bound * 100, two digits
  // Of each budget: weight that one more currency unit would meet, by the linear relaxation (to
  // twelve digits).
  std::vector<Decimal> marginal_values;
};

// INVALID_ARGUMENT (FIELD_INVALID) for positions that do not exist, and for numbers out of bounds.
absl::StatusOr<TrainingPlan> PlanTraining(const TrainingProblem& problem,
                                          const MipLimits& limits = {});

}  // namespace teraju::allocation
