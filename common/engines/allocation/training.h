// Who takes part in which course, so that as much weighted need as possible is met with the seats
// and the money there are. README.md writes the model out.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
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

inline constexpr int kUnlimited = std::numeric_limits<int>::max();

// Everything below names persons, budgets, courses, offerings and units by their position in
// TrainingProblem; units are numbers that the caller chooses. Hours are learning hours (JP).
struct TrainingPerson {
  std::vector<int> budgets;         // that may pay for this person
  std::vector<Days> busy;           // on which this person cannot attend
  std::vector<int> units = {};      // of which this person is one: the own and those above it
  std::vector<int> completed = {};  // courses
  int hours_missing = 0;            // to the hours that this person should reach
  int hours_limit = kUnlimited;     // that this plan may give at most
};

struct TrainingNeed {
  int person = 0;
  std::string topic;
  Decimal weight;  // greater than 0, at most a million, six digits after the point
};

struct TrainingCourse {
  std::vector<int> prerequisites;  // courses completed before this one begins
};

struct Offering {
  std::vector<std::string> topics;  // what it teaches
  Days days;
  int seats = 0;                   // still free, of one class
  int minimum_participants = 0;    // of this plan and a class; none takes place with fewer
  std::int64_t cost_per_seat = 0;  // in whole currency units
  std::int64_t fixed_cost = 0;     // paid once for each class that takes place
  std::vector<int> budgets;        // that may pay the fixed cost
  // Nobody attends a course twice; -1: a course of its own.
  int course = -1;
  int hours = 0;
  // What it closes of a need's gap, expected: greater than 0, at most 1, three digits. Several
  // courses add up to 1 at most.
  Decimal effect = 1;
  std::vector<int> seat_budgets = {};  // that may pay seats; empty: all that the person may use
  std::vector<int> units = {};         // whose people it is open to; empty: everybody
  bool for_hours = false;              // also for people who only lack hours
  int classes = 1;                     // how many there may be on these days at most
  bool proposed = false;               // does not exist yet: a group course that could be opened
};

// So many different people of a unit should have a seat that teaches the topic.
struct CoverageTarget {
  int unit = 0;
  std::string topic;  // empty: any
  int persons = 0;
  Decimal weight;  // of each person
};

struct Seat {
  int person = 0;
  int offering = 0;

  friend auto operator<=>(const Seat&, const Seat&) = default;
};

struct TrainingProblem {
  std::vector<std::int64_t> budgets;  // what there is, in whole currency units
  std::vector<TrainingPerson> persons;
  std::vector<TrainingNeed> needs;
  std::vector<Offering> offerings;
  std::vector<TrainingCourse> courses = {};
  std::vector<CoverageTarget> coverage = {};
  Decimal hour_weight = 0;  // of an hour that somebody lacks
  // Of an earlier plan. They stay as far as they still can, and what is left is planned around
  // them; with a weight, each that stays counts so much instead, and may go for more.
  std::vector<Seat> kept = {};
  std::optional<Decimal> kept_weight = std::nullopt;
};

// Why a need is not met. Of several offerings the reason that is easiest to remove, in this order.
enum class Refusal {
  kNone,
  kLowerPriority,      // it could be had, but what others have instead weighs more
  kBudget,             // a seat is free, the money is not there
  kSeats,              // the offering is full
  kClash,              // the person is busy on those days
  kHoursLimit,         // the person would exceed the hours allowed
  kPrerequisite,       // the person lacks a course that this one builds on
  kMinimumNotReached,  // the offering does not take place
  kNotOpen,            // it is for people of other units
  kNoOffering,         // nothing teaches it
};
// `LOWER_PRIORITY`, `BUDGET`, ...; empty for kNone.
std::string RefusalCode(Refusal refusal);

struct TrainingDecision {
  int offering = -1;  // that meets the need, or that the refusal is about; -1: none
  Refusal refusal = Refusal::kNone;
  Decimal closed = 0;        // share of the gap, 0 to 1
  int budget = -1;           // of a refusal for money: the one with most left of those that may pay
  std::int64_t missing = 0;  // of a refusal for money: what they lack together
  Decimal lowest_served = 0;  // of a refusal for seats: the lightest need that has one there

  bool met() const { return refusal == Refusal::kNone; }
};

// What the objective consists of.
struct TrainingGain {
  Decimal needs;     // weight times share closed
  Decimal hours;     // hours given of those missing, times their weight
  Decimal coverage;  // people towards the targets, times their weight
  Decimal kept;      // seats of the earlier plan that stay, times their weight

  Decimal Total() const { return needs + hours + coverage + kept; }
};

struct TrainingPlan {
  std::vector<TrainingDecision> decisions;  // of each need
  std::vector<std::vector<int>>
      participants;          // of each offering: persons, in order; none: it does not take place
  std::vector<int> classes;  // of each offering: how many take place
  std::vector<std::int64_t> spent;  // of each budget
  std::vector<int> hours_short;     // of each person: hours still missing after the plan
  std::vector<int> covered;         // of each target: persons, as many as count
  TrainingGain gain;
  Decimal objective;    // gain.Total()
  Decimal bound;        // that no plan can exceed
  Decimal gap_percent;  // (bound - objective) / bound * 100, two digits
  // Of each budget: weight that one more currency unit would meet, by the linear relaxation (to
  // twelve digits).
  std::vector<Decimal> marginal_values;
  // Of each offering: weight that one more seat would meet (to six digits).
  std::vector<Decimal> seat_values;
};

// Every seat of a plan: what TrainingProblem::kept takes to repair it.
std::vector<Seat> SeatsOf(const TrainingPlan& plan);

// INVALID_ARGUMENT (FIELD_INVALID) naming fields for positions that do not exist, and for numbers
// out of bounds. The same problem gives the same plan, unless time ran out. Half of the time is for
// the relaxation, half for the search.
absl::StatusOr<TrainingPlan> PlanTraining(const TrainingProblem& problem,
                                          const MipLimits& limits = {});

}  // namespace teraju::allocation
