#include "services/training/domain/allocation.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/training_text.h"
#include "common/errors/error.h"
#include "services/training/domain/rupiah.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

// As many as the solver takes.
constexpr int kWeightDigits = 6;

absl::CivilDay ToDay(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// Stored values have been checked when they were entered.
Decimal Stored(const google::type::Decimal& value) { return FromProto(value).value_or(Decimal(0)); }

bool InUnit(const v1::Need& need, const std::string& unit) {
  return unit.empty() || std::find(need.unit_path().begin(), need.unit_path().end(), unit) !=
                             need.unit_path().end();
}

allocation::Offering MakeOffering(const OpenOffering& open,
                                  int course,
                                  const std::vector<int>& agency_budgets) {
  const v1::Offering& offering = open.offering;
  const bool begun = offering.seats_taken() > 0 && !open.reopened;
  return {
      .topics = {open.course.topics().begin(), open.course.topics().end()},
      .days = {.first = ToDay(offering.start_date()), .last = ToDay(offering.end_date())},
      .seats = offering.seats() - offering.seats_taken(),
      .minimum_participants = std::max(0, offering.minimum_participants() - offering.seats_taken()),
      .cost_per_seat = offering.cost_per_seat().units(),
      .fixed_cost = begun ? 0 : offering.fixed_cost().units(),
      .budgets = agency_budgets,
      .course = course,
      .hours = open.course.learning_hours(),
      .effect = open.course.effect().has_expected_effect()
                    ? Stored(open.course.effect().expected_effect())
                    : Decimal(1)};
}

// `"Literasi digital" (2026-04-06 – 2026-04-10)` and `APBD 2026`.
allocation::TrainingNames NamesOf(const AllocationBasis& basis) {
  allocation::TrainingNames names;
  for (const OpenOffering& open : basis.offerings) {
    names.offerings.push_back(absl::StrCat("\"",
                                           open.course.title(),
                                           "\" (",
                                           absl::FormatCivilTime(ToDay(open.offering.start_date())),
                                           " – ",
                                           absl::FormatCivilTime(ToDay(open.offering.end_date())),
                                           ")"));
  }
  for (const v1::Budget& budget : basis.budgets) {
    names.budgets.push_back(absl::StrCat(budget.source(), " ", budget.fiscal_year()));
  }
  return names;
}

bool Urgent(const v1::Need& a, const v1::Need& b) {
  const Decimal weight_a = Stored(a.weight()), weight_b = Stored(b.weight());
  return weight_a == weight_b ? a.name() < b.name() : weight_b < weight_a;
}

bool Teaches(const v1::Course& course, const v1::Need& need) {
  return std::find(course.topics().begin(), course.topics().end(), need.topic()) !=
         course.topics().end();
}

using Seats = std::set<std::pair<std::string, std::string>>;  // employee, offering

Seats SeatsOf(const std::vector<Place>& places) {
  Seats seats;
  for (const Place& place : places) seats.emplace(place.employee, place.offering);
  return seats;
}

}  // namespace

void GiveBack(const std::vector<v1::Need>& needs,
              const std::vector<Place>& places,
              const std::vector<Payment>& payments,
              AllocationBasis& basis) {
  basis.needs.insert(basis.needs.end(), needs.begin(), needs.end());
  std::stable_sort(basis.needs.begin(), basis.needs.end(), Urgent);
  std::map<std::string, OpenOffering*> offerings;
  for (OpenOffering& open : basis.offerings) offerings[open.offering.name()] = &open;
  for (const Place& place : places) {
    const auto at = offerings.find(place.offering);
    if (at == offerings.end()) continue;
    v1::Offering& offering = at->second->offering;
    offering.set_seats_taken(offering.seats_taken() - 1);
    if (place.opens) at->second->reopened = true;
    // What has taken place does not fail for want of participants any more.
    if (place.completed) offering.set_minimum_participants(0);
  }
  for (const Payment& payment : payments) {
    for (v1::Budget& budget : basis.budgets) {
      if (budget.name() != payment.budget) continue;
      budget.mutable_committed()->set_units(budget.committed().units() - payment.amount);
    }
  }
}

Decimal FocusedWeight(const v1::Need& need, const v1::AllocationPlan& plan) {
  Decimal weight = Stored(need.weight());
  for (const v1::TopicFocus& focus : plan.focuses()) {
    const bool topic = focus.topic().empty() || focus.topic() == need.topic();
    if (topic && InUnit(need, focus.unit())) weight = weight * Stored(focus.factor());
  }
  return Round(weight, kWeightDigits, Rounding::kHalfUp);
}

allocation::TrainingProblem MakeProblem(const v1::AllocationPlan& plan,
                                        const AllocationBasis& basis) {
  allocation::TrainingProblem problem;
  std::vector<int> agency_budgets;
  for (const v1::Budget& budget : basis.budgets) {
    if (budget.unit().empty()) agency_budgets.push_back(static_cast<int>(problem.budgets.size()));
    problem.budgets.push_back(budget.amount().units() - budget.committed().units());
  }
  std::map<std::string, int> persons;
  for (const v1::Need& need : basis.needs) {
    const auto [at, added] =
        persons.try_emplace(need.employee(), static_cast<int>(problem.persons.size()));
    if (added) {
      allocation::TrainingPerson& person = problem.persons.emplace_back();
      for (std::size_t i = 0; i < basis.budgets.size(); ++i) {
        if (InUnit(need, basis.budgets[i].unit())) person.budgets.push_back(static_cast<int>(i));
      }
    }
    problem.needs.push_back(
        {.person = at->second, .topic = need.topic(), .weight = FocusedWeight(need, plan)});
  }
  for (const BusyDays& busy : basis.busy) {
    const auto at = persons.find(busy.employee);
    if (at == persons.end()) continue;
    problem.persons[at->second].busy.push_back(
        {.first = ToDay(busy.start_date), .last = ToDay(busy.end_date)});
  }
  std::map<std::string, int> courses;
  for (const OpenOffering& open : basis.offerings) {
    const auto [at, added] =
        courses.try_emplace(open.course.name(), static_cast<int>(problem.courses.size()));
    if (added) problem.courses.emplace_back();
    problem.offerings.push_back(MakeOffering(open, at->second, agency_budgets));
  }
  std::map<std::string, int> offerings;
  for (std::size_t i = 0; i < basis.offerings.size(); ++i) {
    offerings[basis.offerings[i].offering.name()] = static_cast<int>(i);
  }
  for (const Place& place : basis.kept) {
    const auto person = persons.find(place.employee);
    const auto offering = offerings.find(place.offering);
    if (person == persons.end() || offering == offerings.end()) continue;
    problem.kept.push_back({.person = person->second, .offering = offering->second});
  }
  return problem;
}

namespace {

// The seats of the solution, each for the most urgent need that its course teaches.
std::vector<Place> PlacesOf(const AllocationBasis& basis,
                            const allocation::TrainingProblem& problem,
                            const allocation::TrainingPlan& solution) {
  std::map<int, std::vector<int>> needs;  // of each person
  for (std::size_t i = 0; i < problem.needs.size(); ++i) {
    needs[problem.needs[i].person].push_back(static_cast<int>(i));
  }
  std::vector<Place> places;
  for (std::size_t i = 0; i < basis.offerings.size(); ++i) {
    const OpenOffering& open = basis.offerings[i];
    for (const int person : solution.participants[i]) {
      for (const int need : needs[person]) {
        if (!Teaches(open.course, basis.needs[need])) continue;
        places.push_back({.employee = basis.needs[need].employee(),
                          .offering = open.offering.name(),
                          .need = basis.needs[need].name(),
                          .opens = open.offering.seats_taken() == 0 || open.reopened});
        break;
      }
    }
  }
  return places;
}

void CountRepair(const AllocationBasis& basis,
                 const std::vector<Place>& places,
                 v1::AllocationPlan& plan) {
  if (plan.repaired_plan().empty()) return;
  const Seats before = SeatsOf(basis.kept);
  const Seats after = SeatsOf(places);
  const auto kept = std::count_if(
      after.begin(), after.end(), [&](const auto& seat) { return before.contains(seat); });
  plan.set_seats_kept(static_cast<int>(kept));
  plan.set_seats_added(static_cast<int>(after.size()) - plan.seats_kept());
  plan.set_seats_removed(static_cast<int>(before.size()) - plan.seats_kept());
}

// Weights and amounts as they are told: six digits, a million at a time.
v1::BudgetUse UseOf(const AllocationBasis& basis,
                    const allocation::TrainingProblem& problem,
                    const allocation::TrainingPlan& solution,
                    int budget,
                    const allocation::TrainingNames& names) {
  constexpr int kMillion = 1'000'000;
  v1::BudgetUse use;
  use.set_budget(basis.budgets[budget].name());
  *use.mutable_available() = ToMoney(problem.budgets[budget]);
  *use.mutable_spent() = ToMoney(solution.spent[budget]);
  *use.mutable_value_of_million() =
      ToProto(Round(solution.marginal_values[budget] * kMillion, kWeightDigits, Rounding::kHalfUp));
  const Text text = allocation::MarginalValueOf(solution, budget, names);
  use.set_text_id(text.id);
  use.set_text_en(text.en);
  return use;
}

void AddGroupCourses(const AllocationBasis& basis,
                     const allocation::TrainingProblem& problem,
                     const allocation::TrainingPlan& solution,
                     const allocation::TrainingNames& names,
                     v1::AllocationPlan& plan) {
  plan.clear_group_courses();
  for (std::size_t i = 0; i < basis.offerings.size(); ++i) {
    const allocation::Offering& offering = problem.offerings[i];
    if (offering.fixed_cost == 0 && offering.minimum_participants < 2) continue;
    std::set<std::string> lacking;
    for (const v1::Need& need : basis.needs) {
      if (Teaches(basis.offerings[i].course, need)) lacking.insert(need.employee());
    }
    const auto participants = static_cast<int>(solution.participants[i].size());
    v1::GroupCourse& group = *plan.add_group_courses();
    group.set_offering(basis.offerings[i].offering.name());
    group.set_people_lacking(static_cast<int>(lacking.size()));
    group.set_participants(participants);
    *group.mutable_cost() =
        ToMoney(solution.classes[i] * offering.fixed_cost + participants * offering.cost_per_seat);
    const Text text = allocation::GroupCourseOf(problem, solution, static_cast<int>(i), names);
    group.set_text_id(text.id);
    group.set_text_en(text.en);
  }
}

}  // namespace

AllocationOutcome Conclude(v1::AllocationPlan& plan,
                           const AllocationBasis& basis,
                           const allocation::TrainingProblem& problem,
                           const allocation::TrainingPlan& solution) {
  const allocation::TrainingNames names = NamesOf(basis);
  AllocationOutcome outcome;
  int met = 0;
  std::set<int> held;
  for (std::size_t i = 0; i < basis.needs.size(); ++i) {
    const v1::Need& need = basis.needs[i];
    const allocation::TrainingDecision& solved = solution.decisions[i];
    v1::AllocationDecision& decision = outcome.decisions.emplace_back();
    decision.set_need(need.name());
    decision.set_employee(need.employee());
    decision.set_refusal_code(allocation::RefusalCode(solved.refusal));
    const Text reason = allocation::ReasonOf(problem, solution, static_cast<int>(i), names);
    decision.set_reason_id(reason.id);
    decision.set_reason_en(reason.en);
    if (solved.met()) {
      decision.set_offering(basis.offerings[solved.offering].offering.name());
      held.insert(solved.offering);
      ++met;
    }
  }
  outcome.places = PlacesOf(basis, problem, solution);
  CountRepair(basis, outcome.places, plan);
  AddGroupCourses(basis, problem, solution, names, plan);
  std::int64_t cost = 0;
  std::int64_t budget = 0;
  plan.clear_budget_uses();
  for (std::size_t i = 0; i < basis.budgets.size(); ++i) {
    budget += problem.budgets[i];
    cost += solution.spent[i];
    *plan.add_budget_uses() = UseOf(basis, problem, solution, static_cast<int>(i), names);
    if (solution.spent[i] > 0) {
      outcome.payments.push_back({.budget = basis.budgets[i].name(), .amount = solution.spent[i]});
    }
  }
  plan.set_state(v1::AllocationPlan::SOLVED);
  *plan.mutable_objective() = ToProto(solution.objective);
  *plan.mutable_bound() = ToProto(solution.bound);
  *plan.mutable_gap_percent() = ToProto(solution.gap_percent);
  *plan.mutable_cost() = ToMoney(cost);
  *plan.mutable_budget() = ToMoney(budget);
  plan.set_needs(static_cast<int>(basis.needs.size()));
  plan.set_needs_met(met);
  plan.set_offerings_held(static_cast<int>(held.size()));
  return outcome;
}

namespace {

absl::Status WrongState(const v1::AllocationPlan& plan, std::string_view allowed) {
  return errors::FailedPrecondition(v1::PLAN_WRONG_STATE, "The plan is in another state.")
      .With("state", v1::AllocationPlan::State_Name(plan.state()))
      .With("allowed", allowed);
}

}  // namespace

absl::Status CheckSolvable(const v1::AllocationPlan& plan) {
  if (plan.state() == v1::AllocationPlan::DRAFT || plan.state() == v1::AllocationPlan::SOLVED) {
    return absl::OkStatus();
  }
  return WrongState(plan, "DRAFT, SOLVED");
}

absl::Status ApprovePlan(v1::AllocationPlan& plan, bool basis_unchanged) {
  if (plan.state() != v1::AllocationPlan::SOLVED) return WrongState(plan, "SOLVED");
  if (!basis_unchanged) return PlanStale();
  plan.set_state(v1::AllocationPlan::APPROVED);
  return absl::OkStatus();
}

absl::StatusOr<v1::AllocationPlan> RepairPlan(const v1::AllocationPlan& approved) {
  if (approved.state() != v1::AllocationPlan::APPROVED) return WrongState(approved, "APPROVED");
  v1::AllocationPlan repair;
  repair.set_fiscal_year(approved.fiscal_year());
  *repair.mutable_focuses() = approved.focuses();
  repair.set_time_limit_seconds(approved.time_limit_seconds());
  repair.set_repaired_plan(approved.name());
  return repair;
}

absl::Status SupersedePlan(v1::AllocationPlan& plan) {
  if (plan.state() != v1::AllocationPlan::APPROVED) return WrongState(plan, "APPROVED");
  plan.set_state(v1::AllocationPlan::SUPERSEDED);
  return absl::OkStatus();
}

absl::Status CheckSimulable(const v1::AllocationPlan& plan) {
  if (plan.state() != v1::AllocationPlan::SUPERSEDED) return absl::OkStatus();
  return WrongState(plan, "DRAFT, SOLVED, APPROVED");
}

absl::Status PlanStale() {
  return errors::FailedPrecondition(v1::PLAN_STALE, "Solve the plan again.");
}

}  // namespace teraju::training::domain
