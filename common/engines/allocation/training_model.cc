#include "common/engines/allocation/training_model.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "common/decimal/rounding.h"

namespace teraju::allocation {
namespace {

double ToDouble(const Decimal& value) { return static_cast<double>(ToRational(value)); }

// Builds a TrainingModel, one kind of row at a time.
class Builder {
 public:
  Builder(const TrainingProblem& problem,
          const TrainingArcs& arcs,
          const ChargeClasses& classes,
          TrainingModel& model)
      : problem_(problem), arcs_(arcs), classes_(classes), model_(model), mip_(model.mip) {}

  void Build() {
    ChooseMoneyUnit();
    for (std::size_t i = 0; i < arcs_.arcs.size(); ++i) {
      model_.arc_columns.push_back(mip_.AddColumn(0, 1, 0, /*integer=*/true));
    }
    for (std::size_t need = 0; need < problem_.needs.size(); ++need) AddNeed(need);
    for (std::size_t offering = 0; offering < problem_.offerings.size(); ++offering) {
      AddOffering(offering);
    }
    for (const auto& arcs : arcs_.of_person) {
      AddClashes(arcs);
      AddRepetitions(arcs);
    }
    AddMoney();
  }

 private:
  using Terms = std::vector<Mip::Term>;

  Terms TermsOf(const std::vector<int>& arcs, double value) const {
    Terms terms;
    for (const int arc : arcs) terms.push_back({model_.arc_columns[arc], value});
    return terms;
  }

  // Amounts of some millions beside ones and zeros would cost the solver its precision.
  void ChooseMoneyUnit() {
    std::int64_t largest = 1;
    for (const Offering& offering : problem_.offerings) {
      largest = std::max({largest, offering.cost_per_seat, offering.fixed_cost});
    }
    model_.money_unit = static_cast<double>(largest) / 10;
  }
  double Money(std::int64_t amount) const {
    return static_cast<double>(amount) / model_.money_unit;
  }

  // A need is met once, by any of its arcs.
  void AddNeed(std::size_t need) {
    if (arcs_.of_need[need].empty()) return;
    const int met = mip_.AddColumn(0, 1, ToDouble(problem_.needs[need].weight), /*integer=*/false);
    Terms terms = TermsOf(arcs_.of_need[need], -1);
    terms.push_back({met, 1});
    mip_.AddRow(-kNoBound, 0, terms);
  }

  void AddOffering(std::size_t index) {
    const Offering& offering = problem_.offerings[index];
    const std::vector<int>& arcs = arcs_.of_offering[index];
    int held = -1;
    if (!arcs.empty()) {
      Terms seats = TermsOf(arcs, 1);
      if (!NeedsDecision(offering)) {
        mip_.AddRow(-kNoBound, offering.seats, seats);
      } else {
        held = mip_.AddColumn(0, 1, 0, /*integer=*/true);
        Terms minimum = seats;
        seats.push_back({held, -static_cast<double>(offering.seats)});
        minimum.push_back({held, -static_cast<double>(offering.minimum_participants)});
        mip_.AddRow(-kNoBound, 0, seats);
        mip_.AddRow(0, kNoBound, minimum);
      }
    }
    model_.held_columns.push_back(held);
  }

  // On each day one course: at each first day of an arc, those that run then exclude one another.
  void AddClashes(const std::vector<int>& arcs) {
    std::set<std::vector<int>> rows;
    for (const int arc : arcs) {
      const absl::CivilDay day = DaysOf(arc).first;
      std::vector<int> running;
      for (const int other : arcs) {
        if (DaysOf(other).Clashes({day, day})) running.push_back(other);
      }
      if (running.size() > 1) rows.insert(running);
    }
    for (const auto& row : rows) mip_.AddRow(-kNoBound, 1, TermsOf(row, 1));
  }

  // Nobody fills a seat for what another course of theirs meets as a whole.
  void AddRepetitions(const std::vector<int>& arcs) {
    std::map<std::vector<int>, std::vector<int>> by_needs;
    for (const int arc : arcs) by_needs[arcs_.arcs[arc].needs].push_back(arc);
    for (const auto& [needs, same] : by_needs) {
      if (same.size() > 1) mip_.AddRow(-kNoBound, 1, TermsOf(same, 1));
    }
  }

  // What a class of charges costs is paid by its budgets, and no budget pays more than it has.
  void AddMoney() {
    std::vector<Terms> charges(classes_.budgets.size());
    std::vector<Terms> budgets(problem_.budgets.size());
    for (std::size_t i = 0; i < arcs_.arcs.size(); ++i) {
      const Arc& arc = arcs_.arcs[i];
      const std::int64_t cost = problem_.offerings[arc.offering].cost_per_seat;
      if (cost > 0) {
        charges[classes_.of_person[arc.person]].push_back({model_.arc_columns[i], Money(cost)});
      }
    }
    for (std::size_t i = 0; i < problem_.offerings.size(); ++i) {
      const std::int64_t cost = problem_.offerings[i].fixed_cost;
      if (cost > 0 && model_.held_columns[i] >= 0) {
        charges[classes_.of_offering[i]].push_back({model_.held_columns[i], Money(cost)});
      }
    }
    for (std::size_t i = 0; i < charges.size(); ++i) {
      if (charges[i].empty()) continue;
      for (const int budget : classes_.budgets[i]) {
        const int paid = mip_.AddColumn(0, kNoBound, 0, /*integer=*/false);
        charges[i].push_back({paid, -1});
        budgets[budget].push_back({paid, 1});
      }
      mip_.AddRow(-kNoBound, 0, charges[i]);
    }
    for (std::size_t i = 0; i < budgets.size(); ++i) {
      model_.budget_rows.push_back(mip_.AddRow(-kNoBound, Money(problem_.budgets[i]), budgets[i]));
    }
  }

  const Days& DaysOf(int arc) const { return problem_.offerings[arcs_.arcs[arc].offering].days; }

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const ChargeClasses& classes_;
  TrainingModel& model_;
  Mip& mip_;
};

}  // namespace

TrainingArcs::TrainingArcs(const TrainingProblem& problem)
    : of_person(problem.persons.size()),
      of_offering(problem.offerings.size()),
      of_need(problem.needs.size()),
      clashing(problem.needs.size()) {
  std::map<std::string, std::vector<int>> by_topic;
  for (std::size_t i = 0; i < problem.offerings.size(); ++i) {
    const std::set<std::string> topics(problem.offerings[i].topics.begin(),
                                       problem.offerings[i].topics.end());
    for (const std::string& topic : topics) by_topic[topic].push_back(static_cast<int>(i));
  }
  std::map<std::pair<int, int>, std::vector<int>> needs_of;  // by person and offering
  for (std::size_t need = 0; need < problem.needs.size(); ++need) {
    const int person = problem.needs[need].person;
    for (const int offering : by_topic[problem.needs[need].topic]) {
      const auto& busy = problem.persons[person].busy;
      const bool free = std::none_of(busy.begin(), busy.end(), [&](const Days& days) {
        return days.Clashes(problem.offerings[offering].days);
      });
      if (free) {
        needs_of[{person, offering}].push_back(static_cast<int>(need));
      } else {
        clashing[need].push_back(offering);
      }
    }
  }
  for (auto& [key, needs] : needs_of) {
    const int index = static_cast<int>(arcs.size());
    of_person[key.first].push_back(index);
    of_offering[key.second].push_back(index);
    for (const int need : needs) of_need[need].push_back(index);
    arcs.push_back({key.first, key.second, std::move(needs)});
  }
}

ChargeClasses::ChargeClasses(const TrainingProblem& problem) {
  std::map<std::vector<int>, int> known;
  const auto class_of = [&](std::vector<int> set) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    const auto [entry, added] = known.emplace(set, static_cast<int>(budgets.size()));
    if (added) budgets.push_back(std::move(set));
    return entry->second;
  };
  for (const TrainingPerson& person : problem.persons)
    of_person.push_back(class_of(person.budgets));
  for (const Offering& offering : problem.offerings)
    of_offering.push_back(class_of(offering.budgets));
}

bool NeedsDecision(const Offering& offering) {
  return offering.minimum_participants > 1 || offering.fixed_cost > 0;
}

TrainingModel::TrainingModel(const TrainingProblem& problem,
                             const TrainingArcs& arcs,
                             const ChargeClasses& classes) {
  Builder(problem, arcs, classes, *this).Build();
}

}  // namespace teraju::allocation
