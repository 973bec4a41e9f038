#include "services/training/domain/simulation.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/allocation/training_difference.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/training/domain/rupiah.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

constexpr int kMostListed = 1000;

absl::Status Unknown(const std::string& resource) {
  return errors::FailedPrecondition(v1::SIMULATION_UNKNOWN, "It is not of the plan's year.")
      .With("resource", resource);
}

absl::Status SetBudgets(const v1::SimulateAllocationPlanRequest& request,
                        std::vector<v1::Budget>& budgets) {
  errors::FieldViolations violations;
  for (int i = 0; i < request.budgets_size(); ++i) {
    const v1::SimulatedBudget& wanted = request.budgets(i);
    const std::string field = absl::StrCat("budgets[", i, "].amount");
    ASSIGN_OR_RETURN(const std::int64_t amount, ParseRupiah(wanted.amount(), field));
    const auto budget = std::find_if(budgets.begin(), budgets.end(), [&](const v1::Budget& one) {
      return one.name() == wanted.budget();
    });
    if (budget == budgets.end()) return Unknown(wanted.budget());
    if (amount < budget->committed().units()) {
      violations.Add(field,
                     "BELOW_COMMITTED",
                     "Jumlah tidak boleh kurang dari yang sudah terikat.",
                     "The amount must cover what is committed.");
    }
    budget->mutable_amount()->set_units(amount);
  }
  return violations.ToStatus();
}

int MetIn(const allocation::TrainingPlan& plan) {
  return static_cast<int>(std::count_if(plan.decisions.begin(),
                                        plan.decisions.end(),
                                        [](const auto& decision) { return decision.met(); }));
}

std::int64_t CostOf(const allocation::TrainingPlan& plan) {
  return std::accumulate(plan.spent.begin(), plan.spent.end(), std::int64_t{0});
}

void ListNeeds(const Simulation& simulation,
               const std::vector<int>& needs,
               google::protobuf::RepeatedPtrField<std::string>& names) {
  for (const int need : needs) {
    if (names.size() == kMostListed) return;
    *names.Add() = simulation.basis.needs[need].name();
  }
}

void ListSeats(const Simulation& simulation,
               const std::vector<allocation::Seat>& seats,
               google::protobuf::RepeatedPtrField<v1::PlannedSeat>& listed) {
  std::vector<std::string> employees(simulation.before.persons.size());
  for (std::size_t i = 0; i < simulation.basis.needs.size(); ++i) {
    employees[simulation.before.needs[i].person] = simulation.basis.needs[i].employee();
  }
  for (const allocation::Seat& seat : seats) {
    if (listed.size() == kMostListed) return;
    v1::PlannedSeat& planned = *listed.Add();
    planned.set_employee(employees[seat.person]);
    planned.set_offering(simulation.basis.offerings[seat.offering].offering.name());
  }
}

}  // namespace

absl::StatusOr<Simulation> MakeSimulation(v1::AllocationPlan plan,
                                          AllocationBasis basis,
                                          const v1::SimulateAllocationPlanRequest& request,
                                          std::vector<OpenOffering> added) {
  Simulation simulation;
  const std::size_t existing = basis.offerings.size();
  for (OpenOffering& open : added) {
    if (open.offering.start_date().year() != plan.fiscal_year())
      return Unknown(open.offering.name());
    basis.offerings.push_back(std::move(open));
  }
  simulation.before = MakeProblem(plan, basis);
  for (std::size_t i = existing; i < basis.offerings.size(); ++i) {
    simulation.before.offerings[i].seats = 0;
  }
  AllocationBasis changed = basis;
  RETURN_IF_ERROR(SetBudgets(request, changed.budgets));
  v1::AllocationPlan focused = plan;
  if (request.replace_focuses()) *focused.mutable_focuses() = request.focuses();
  simulation.after = MakeProblem(focused, changed);
  for (const std::string& name : request.dropped_offerings()) {
    const auto dropped =
        std::find_if(basis.offerings.begin(), basis.offerings.end(), [&](const OpenOffering& open) {
          return open.offering.name() == name;
        });
    if (dropped == basis.offerings.end()) return Unknown(name);
    simulation.after.offerings[dropped - basis.offerings.begin()].seats = 0;
  }
  simulation.plan = std::move(plan);
  simulation.basis = std::move(basis);
  return simulation;
}

v1::AllocationDifference Compare(const Simulation& simulation,
                                 const allocation::TrainingPlan& before,
                                 const allocation::TrainingPlan& after) {
  const allocation::TrainingDifference found = allocation::DifferenceOf(before, after);
  v1::AllocationDifference difference;
  *difference.mutable_objective_before() = ToProto(before.objective);
  *difference.mutable_objective_after() = ToProto(after.objective);
  *difference.mutable_gap_percent_before() = ToProto(before.gap_percent);
  *difference.mutable_gap_percent_after() = ToProto(after.gap_percent);
  *difference.mutable_cost_before() = ToMoney(CostOf(before));
  *difference.mutable_cost_after() = ToMoney(CostOf(after));
  difference.set_needs_met_before(MetIn(before));
  difference.set_needs_met_after(MetIn(after));
  difference.set_newly_met(static_cast<int>(found.newly_met.size()));
  difference.set_no_longer_met(static_cast<int>(found.no_longer_met.size()));
  difference.set_added(static_cast<int>(found.given.size()));
  difference.set_removed(static_cast<int>(found.taken_away.size()));
  ListNeeds(simulation, found.newly_met, *difference.mutable_newly_met_needs());
  ListNeeds(simulation, found.no_longer_met, *difference.mutable_no_longer_met_needs());
  ListSeats(simulation, found.given, *difference.mutable_seats_added());
  ListSeats(simulation, found.taken_away, *difference.mutable_seats_removed());
  return difference;
}

}  // namespace teraju::training::domain
