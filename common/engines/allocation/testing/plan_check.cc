#include "common/engines/allocation/testing/plan_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/decimal/rounding.h"

namespace teraju::allocation {
namespace {

bool Has(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::set<int> NeedsMetBy(const TrainingProblem& problem, int person, const Offering& offering) {
  std::set<int> needs;
  for (std::size_t i = 0; i < problem.needs.size(); ++i) {
    const auto& topics = offering.topics;
    const TrainingNeed& need = problem.needs[i];
    if (need.person == person &&
        std::find(topics.begin(), topics.end(), need.topic) != topics.end()) {
      needs.insert(static_cast<int>(i));
    }
  }
  return needs;
}

std::vector<int> OfferingsOf(const Participants& participants, int person) {
  std::vector<int> offerings;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    if (Has(participants[i], person)) offerings.push_back(static_cast<int>(i));
  }
  return offerings;
}

bool IsOpenTo(const Offering& offering, const TrainingPerson& person) {
  return offering.units.empty() || std::any_of(offering.units.begin(),
                                               offering.units.end(),
                                               [&](int unit) { return Has(person.units, unit); });
}

bool HasBefore(const TrainingProblem& problem,
               const std::vector<int>& offerings,
               int course,
               const Offering& before) {
  return std::any_of(offerings.begin(), offerings.end(), [&](int other) {
    const Offering& earlier = problem.offerings[other];
    return earlier.course == course && earlier.days.last < before.days.first;
  });
}

// That the person needs it, lacks its hours, or has something that builds on it.
bool IsUseful(const TrainingProblem& problem,
              int person,
              int index,
              const std::vector<int>& offerings) {
  const Offering& offering = problem.offerings[index];
  if (!NeedsMetBy(problem, person, offering).empty()) return true;
  const TrainingPerson& who = problem.persons[person];
  if (offering.for_hours && who.hours_missing > 0 && problem.hour_weight.sign() > 0) return true;
  return std::any_of(offerings.begin(), offerings.end(), [&](int later) {
    const int course = problem.offerings[later].course;
    return course >= 0 && offering.course >= 0 &&
           offering.days.last < problem.offerings[later].days.first &&
           Has(problem.courses[course].prerequisites, offering.course) &&
           !Has(who.completed, offering.course);
  });
}

// Where only needs count: what a seat is there for. Nobody has two for the same.
struct Purpose {
  std::set<int> needs;
  std::vector<bool> targets;

  bool operator==(const Purpose&) const = default;
};
std::optional<Purpose> PurposeOf(const TrainingProblem& problem,
                                 int person,
                                 const Offering& offering) {
  const TrainingPerson& who = problem.persons[person];
  Purpose purpose{.needs = NeedsMetBy(problem, person, offering), .targets = {}};
  const bool hours = problem.hour_weight.sign() > 0 && offering.hours > 0 && who.hours_missing > 0;
  if (hours || offering.effect != Decimal(1) || purpose.needs.empty()) return std::nullopt;
  if (offering.course >= 0) {
    for (const int required : problem.courses[offering.course].prerequisites) {
      if (!Has(who.completed, required)) return std::nullopt;
    }
  }
  for (const CoverageTarget& target : problem.coverage) {
    const auto& topics = offering.topics;
    const bool taught = target.topic.empty() ||
                        std::find(topics.begin(), topics.end(), target.topic) != topics.end();
    purpose.targets.push_back(taught && Has(who.units, target.unit));
  }
  return purpose;
}

std::optional<std::string> BrokenByPerson(const TrainingProblem& problem,
                                          const Participants& participants,
                                          int person) {
  const TrainingPerson& who = problem.persons[person];
  const std::vector<int> offerings = OfferingsOf(participants, person);
  std::int64_t hours = 0;
  for (const int index : offerings) {
    const Offering& offering = problem.offerings[index];
    hours += offering.hours;
    if (!IsOpenTo(offering, who)) return "open to others";
    for (const Days& busy : who.busy) {
      if (busy.Clashes(offering.days)) return "busy";
    }
    for (const int other : offerings) {
      const Offering& second = problem.offerings[other];
      if (other == index) continue;
      if (second.days.Clashes(offering.days)) return "two courses on a day";
      if (second.course >= 0 && second.course == offering.course) return "a course twice";
      const auto purpose = PurposeOf(problem, person, offering);
      if (purpose && purpose == PurposeOf(problem, person, second)) return "the same need twice";
    }
    if (!IsUseful(problem, person, index, offerings)) return "a seat without use";
    if (offering.course < 0) continue;
    if (Has(who.completed, offering.course)) return "a course once more";
    for (const int required : problem.courses[offering.course].prerequisites) {
      if (!Has(who.completed, required) && !HasBefore(problem, offerings, required, offering)) {
        return "without a prerequisite";
      }
    }
  }
  if (hours > who.hours_limit) return "too many hours";
  return std::nullopt;
}

// Hall's condition: whatever budgets we look at, they suffice for what only they may pay.
bool Affordable(const TrainingProblem& problem, const Participants& participants) {
  std::map<std::set<int>, std::int64_t> charges;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const Offering& offering = problem.offerings[i];
    const auto people = static_cast<std::int64_t>(participants[i].size());
    if (people == 0) continue;
    const std::int64_t classes = (people + offering.seats - 1) / offering.seats;
    charges[{offering.budgets.begin(), offering.budgets.end()}] += classes * offering.fixed_cost;
    for (const int person : participants[i]) {
      std::set<int> payers;
      for (const int budget : problem.persons[person].budgets) {
        if (offering.seat_budgets.empty() || Has(offering.seat_budgets, budget)) {
          payers.insert(budget);
        }
      }
      charges[payers] += offering.cost_per_seat;
    }
  }
  // A set of budgets that matters is a union of sets that pay.
  std::set<std::set<int>> unions = {{}};
  for (const auto& [payers, amount] : charges) {
    std::set<std::set<int>> more;
    for (std::set<int> other : unions) {
      other.insert(payers.begin(), payers.end());
      more.insert(other);
    }
    unions.insert(more.begin(), more.end());
  }
  return std::all_of(unions.begin(), unions.end(), [&](const std::set<int>& budgets) {
    std::int64_t have = 0, owed = 0;
    for (const int budget : budgets) have += problem.budgets[budget];
    for (const auto& [payers, amount] : charges) {
      if (std::includes(budgets.begin(), budgets.end(), payers.begin(), payers.end())) {
        owed += amount;
      }
    }
    return owed <= have;
  });
}

}  // namespace

std::optional<std::string> BrokenRule(const TrainingProblem& problem,
                                      const Participants& participants) {
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const Offering& offering = problem.offerings[i];
    const auto people = static_cast<std::int64_t>(participants[i].size());
    if (people == 0) continue;
    if (people > std::int64_t{offering.seats} * offering.classes) return "too many in an offering";
    const std::int64_t classes = (people + offering.seats - 1) / offering.seats;
    if (people < classes * offering.minimum_participants) return "too few in an offering";
  }
  for (int person = 0; person < static_cast<int>(problem.persons.size()); ++person) {
    if (auto broken = BrokenByPerson(problem, participants, person)) return broken;
  }
  // With dozens of budgets the unions are too many: what each budget spends is checked there.
  if (problem.budgets.size() <= 4 && !Affordable(problem, participants)) return "too expensive";
  return std::nullopt;
}

Decimal WorthOf(const TrainingProblem& problem, const Participants& participants) {
  Decimal worth;
  std::map<int, Decimal> closed;
  std::map<int, std::int64_t> hours;
  std::set<Seat> seats;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    for (const int person : participants[i]) {
      const Offering& offering = problem.offerings[i];
      seats.insert({.person = person, .offering = static_cast<int>(i)});
      hours[person] += offering.hours;
      for (const int need : NeedsMetBy(problem, person, offering)) closed[need] += offering.effect;
    }
  }
  for (const auto& [need, share] : closed) {
    worth += problem.needs[need].weight * std::min(share, Decimal(1));
  }
  for (const auto& [person, given] : hours) {
    const std::int64_t missing = problem.persons[person].hours_missing;
    worth += problem.hour_weight * Decimal(std::min(given, missing));
  }
  for (const CoverageTarget& target : problem.coverage) {
    std::set<int> people;
    for (const Seat& seat : seats) {
      const auto& topics = problem.offerings[seat.offering].topics;
      const bool taught = target.topic.empty() ||
                          std::find(topics.begin(), topics.end(), target.topic) != topics.end();
      if (taught && Has(problem.persons[seat.person].units, target.unit))
        people.insert(seat.person);
    }
    worth += target.weight * Decimal(std::min<std::int64_t>(people.size(), target.persons));
  }
  for (const Seat& seat : problem.kept) {
    if (seats.contains(seat)) worth += problem.kept_weight.value_or(0);
  }
  return worth;
}

std::optional<std::string> WrongFigure(const TrainingProblem& problem, const TrainingPlan& plan) {
  if (plan.objective != WorthOf(problem, plan.participants)) return "objective";
  if (plan.objective != plan.gain.Total()) return "gain";
  if (plan.bound < plan.objective) return "bound";
  std::int64_t cost = 0;
  for (std::size_t i = 0; i < problem.offerings.size(); ++i) {
    const Offering& offering = problem.offerings[i];
    cost += plan.classes[i] * offering.fixed_cost +
            static_cast<std::int64_t>(plan.participants[i].size()) * offering.cost_per_seat;
  }
  for (std::size_t i = 0; i < problem.budgets.size(); ++i) {
    if (plan.spent[i] > problem.budgets[i]) return "overdrawn";
    cost -= plan.spent[i];
  }
  if (cost != 0) return "spent";
  for (std::size_t i = 0; i < problem.needs.size(); ++i) {
    const int person = problem.needs[i].person;
    bool has = false;
    for (const int offering : OfferingsOf(plan.participants, person)) {
      has = has ||
            NeedsMetBy(problem, person, problem.offerings[offering]).contains(static_cast<int>(i));
    }
    if (plan.decisions[i].met() != has) return "decision";
  }
  return std::nullopt;
}

}  // namespace teraju::allocation
