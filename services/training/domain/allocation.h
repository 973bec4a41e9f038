// An allocation plan: needs, offerings and budgets put to the solver, its answer put into words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/allocation/training.h"
#include "google/type/date.pb.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

struct OpenOffering {
  v1::Course course;
  v1::Offering offering;
  // The plan that is made again had opened it: its fixed cost is the plan's once more.
  bool reopened = false;
};

// A seat that a plan gives to somebody.
struct Place {
  std::string employee;
  std::string offering;
  std::string need;        // the most urgent that it is for
  bool opens = false;      // the plan pays the fixed cost of the offering
  bool completed = false;  // has been attended
};

// Days on which somebody is in another course.
struct BusyDays {
  std::string employee;
  google::type::Date start_date;
  google::type::Date end_date;
};

// What a plan is made from: undecided needs of the year, open offerings and budgets of it.
struct AllocationBasis {
  std::vector<v1::Need> needs;
  std::vector<OpenOffering> offerings;
  std::vector<v1::Budget> budgets;
  std::vector<BusyDays> busy;
  // Of the plan that is repaired, as far as they stand.
  std::vector<Place> kept;
};

// What a plan takes from a budget.
struct Payment {
  std::string budget;
  std::int64_t amount = 0;
};

struct AllocationOutcome {
  std::vector<v1::AllocationDecision> decisions;  // of each need, in the order of the basis
  std::vector<Payment> payments;
  std::vector<Place> places;
};

// The weight of a need in this plan: its own, times the factor of every focus that it falls under.
Decimal FocusedWeight(const v1::Need& need, const v1::AllocationPlan& plan);

// What a plan has taken is there again for one that is made instead: `places` that stand, with
// their needs (of which `basis.needs` stay in the order of urgency), and `payments`.
void GiveBack(const std::vector<v1::Need>& needs,
              const std::vector<Place>& places,
              const std::vector<Payment>& payments,
              AllocationBasis& basis);

// The problem for the solver. A budget of a unit pays for the seats of people of that unit and the
// units below; fixed costs are paid by budgets of the agency as a whole. Where people have seats
// already, the fixed cost is paid and the minimum counts them.
allocation::TrainingProblem MakeProblem(const v1::AllocationPlan& plan,
                                        const AllocationBasis& basis);

// Fills in the outcome of `plan` (state, objective, bound, gap, cost, counts, budgets) and says for
// each need what is done about it and why. `problem` is MakeProblem of the basis, `solution` its
// answer.
AllocationOutcome Conclude(v1::AllocationPlan& plan,
                           const AllocationBasis& basis,
                           const allocation::TrainingProblem& problem,
                           const allocation::TrainingPlan& solution);

// FAILED_PRECONDITION (PLAN_WRONG_STATE).
absl::Status CheckSolvable(const v1::AllocationPlan& plan);
// FAILED_PRECONDITION: PLAN_WRONG_STATE; PLAN_STALE unless what it was solved from is as it is now.
absl::Status ApprovePlan(v1::AllocationPlan& plan, bool basis_unchanged);
// A draft that repairs the approved plan. FAILED_PRECONDITION (PLAN_WRONG_STATE).
absl::StatusOr<v1::AllocationPlan> RepairPlan(const v1::AllocationPlan& approved);
// APPROVED to SUPERSEDED. FAILED_PRECONDITION (PLAN_WRONG_STATE).
absl::Status SupersedePlan(v1::AllocationPlan& plan);
// FAILED_PRECONDITION (PLAN_WRONG_STATE) for a plan that was superseded.
absl::Status CheckSimulable(const v1::AllocationPlan& plan);
// FAILED_PRECONDITION (PLAN_STALE).
absl::Status PlanStale();

}  // namespace teraju::training::domain
