#include "common/engines/allocation/training_arcs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "common/decimal/rounding.h"

namespace teraju::allocation {
namespace {

bool Contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<int> Sorted(std::vector<int> list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::vector<int> Intersection(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

std::vector<Sameness> SamenessOf(const TrainingProblem& problem,
                                 const TrainingArcs& arcs,
                                 const Arc& arc) {
  const Offering& offering = problem.offerings[arc.offering];
  std::vector<Sameness> sameness;
  if (offering.course >= 0) sameness.push_back({.course = offering.course});
  const bool hours =
      arcs.hour_weight > 0 && offering.hours > 0 && problem.persons[arc.person].hours_missing > 0;
  const bool whole = arcs.effects[arc.offering] == kWholeGap;
  if (whole && !hours && !arc.needs.empty() && arc.enablers.empty()) {
    sameness.push_back({.needs = arc.needs, .targets = arc.targets});
  }
  return sameness;
}

// Makes the arcs of one person after the other.
class Builder {
 public:
  Builder(const TrainingProblem& problem, TrainingArcs& result)
      : problem_(problem),
        result_(result),
        kept_(problem.kept.begin(), problem.kept.end()),
        by_date_(problem.offerings.size()),
        needs_of_(problem.persons.size()) {
    std::iota(by_date_.begin(), by_date_.end(), 0);
    std::stable_sort(by_date_.begin(), by_date_.end(), [&](int a, int b) {
      return problem.offerings[a].days.first < problem.offerings[b].days.first;
    });
    for (std::size_t i = 0; i < problem.offerings.size(); ++i) {
      for (const std::string& topic : problem.offerings[i].topics) {
        by_topic_[topic].insert(static_cast<int>(i));
      }
      seat_budgets_.push_back(Sorted(problem.offerings[i].seat_budgets));
    }
    for (std::size_t i = 0; i < problem.needs.size(); ++i) {
      needs_of_[problem.needs[i].person].push_back(static_cast<int>(i));
    }
  }

  void AddPerson(int person) {
    budgets_ = Sorted(problem_.persons[person].budgets);
    arc_of_.clear();
    const std::map<int, std::vector<int>> useful = UsefulOfferings(person);
    // Earlier ones first: what a course builds on ends before it begins.
    for (const int offering : by_date_) {
      const auto needs = useful.find(offering);
      if (needs == useful.end()) continue;
      AddArc(person, offering, needs->second);
    }
  }

 private:
  // Offerings that the person has a use for, with the needs that they help to meet.
  std::map<int, std::vector<int>> UsefulOfferings(int person) {
    std::map<int, std::vector<int>> useful;
    for (const int need : needs_of_[person]) {
      const auto offerings = by_topic_.find(problem_.needs[need].topic);
      if (offerings == by_topic_.end()) continue;
      for (const int offering : offerings->second) useful[offering].push_back(need);
    }
    for (int i = 0; i < static_cast<int>(problem_.offerings.size()); ++i) {
      if (CountsForHours(person, i)) useful[i];
    }
    AddPrerequisites(problem_.persons[person], useful);
    return useful;
  }

  bool CountsForHours(int person, int offering) const {
    return problem_.offerings[offering].for_hours && problem_.persons[person].hours_missing > 0 &&
           problem_.hour_weight.sign() > 0;
  }

  // What somebody needs to attend before something useful is useful too.
  void AddPrerequisites(const TrainingPerson& who, std::map<int, std::vector<int>>& useful) const {
    std::vector<int> queue;
    for (const auto& [offering, needs] : useful) queue.push_back(offering);
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const int course : MissingFor(queue[i], who)) {
        for (std::size_t other = 0; other < problem_.offerings.size(); ++other) {
          const bool before = problem_.offerings[other].course == course && Before(other, queue[i]);
          if (before && useful.try_emplace(static_cast<int>(other)).second) {
            queue.push_back(static_cast<int>(other));
          }
        }
      }
    }
  }

  bool Before(std::size_t first, int second) const {
    return problem_.offerings[first].days.last < problem_.offerings[second].days.first;
  }

  std::vector<int> MissingFor(int offering, const TrainingPerson& who) const {
    std::vector<int> missing;
    const int course = problem_.offerings[offering].course;
    if (course < 0) return missing;
    for (const int required : problem_.courses[course].prerequisites) {
      if (!Contains(who.completed, required)) missing.push_back(required);
    }
    return Sorted(std::move(missing));
  }

  void AddArc(int person, int offering, const std::vector<int>& needs) {
    Arc arc{.person = person,
            .offering = offering,
            .needs = needs,
            .charge_class = -1,
            .enablers = {},
            .targets = {},
            .sameness = {},
            .own_use = !needs.empty() || CountsForHours(person, offering),
            .kept = kept_.contains({person, offering})};
    const Refusal refusal = Complete(arc);
    if (refusal != Refusal::kNone) {
      for (const int need : needs) result_.blocked[need].emplace_back(offering, refusal);
      return;
    }
    arc.sameness = SamenessOf(problem_, result_, arc);
    const int index = static_cast<int>(result_.arcs.size());
    arc_of_[offering] = index;
    result_.of_person[person].push_back(index);
    result_.of_offering[offering].push_back(index);
    for (const int need : needs) result_.of_need[need].push_back(index);
    result_.arcs.push_back(std::move(arc));
  }

  // Fills in what follows from the rest, or says why the arc cannot be.
  Refusal Complete(Arc& arc) {
    const TrainingPerson& who = problem_.persons[arc.person];
    const Offering& offering = problem_.offerings[arc.offering];
    if (!offering.units.empty() && Intersection(Sorted(offering.units), Sorted(who.units)).empty())
      return Refusal::kNotOpen;
    if (offering.course >= 0 && Contains(who.completed, offering.course)) return Refusal::kNotOpen;
    for (const int course : MissingFor(arc.offering, who)) {
      std::vector<int>& enablers = arc.enablers.emplace_back();
      for (const auto& [other, index] : arc_of_) {
        if (problem_.offerings[other].course == course && Before(other, arc.offering))
          enablers.push_back(index);
      }
      if (enablers.empty()) return Refusal::kPrerequisite;
    }
    if (offering.seats == 0) return Refusal::kSeats;
    if (offering.hours > who.hours_limit) return Refusal::kHoursLimit;
    const bool busy = std::any_of(who.busy.begin(), who.busy.end(), [&](const Days& days) {
      return days.Clashes(offering.days);
    });
    if (busy) return Refusal::kClash;
    const std::vector<int>& allowed = seat_budgets_[arc.offering];
    arc.charge_class =
        result_.classes.ClassOf(allowed.empty() ? budgets_ : Intersection(budgets_, allowed));
    if (offering.cost_per_seat > 0 && result_.classes.budgets[arc.charge_class].empty())
      return Refusal::kBudget;
    for (std::size_t i = 0; i < problem_.coverage.size(); ++i) {
      const CoverageTarget& target = problem_.coverage[i];
      const bool counts = Contains(who.units, target.unit) &&
                          (target.topic.empty() || Teaches(offering, target.topic));
      if (counts) arc.targets.push_back(static_cast<int>(i));
    }
    return Refusal::kNone;
  }

  const TrainingProblem& problem_;
  TrainingArcs& result_;
  const std::set<Seat> kept_;
  std::vector<int> by_date_;
  std::map<std::string, std::set<int>> by_topic_;
  std::vector<std::vector<int>> needs_of_;
  std::vector<std::vector<int>> seat_budgets_;
  // Of the person at hand.
  std::vector<int> budgets_;
  std::map<int, int> arc_of_;  // by offering
};

}  // namespace

int ChargeClasses::ClassOf(std::vector<int> set) {
  const auto found = std::find(budgets.begin(), budgets.end(), set);
  if (found != budgets.end()) return static_cast<int>(found - budgets.begin());
  budgets.push_back(std::move(set));
  return static_cast<int>(budgets.size()) - 1;
}

TrainingArcs::TrainingArcs(const TrainingProblem& problem)
    : of_person(problem.persons.size()),
      of_offering(problem.offerings.size()),
      of_need(problem.needs.size()),
      blocked(problem.needs.size()),
      hour_weight(ToDouble(problem.hour_weight)),
      kept_weight(ToDouble(problem.kept_weight.value_or(0))) {
  for (const TrainingNeed& need : problem.needs) weights.push_back(ToDouble(need.weight));
  for (const CoverageTarget& target : problem.coverage) {
    target_weights.push_back(ToDouble(target.weight));
  }
  for (const Offering& offering : problem.offerings) {
    classes.of_offering.push_back(classes.ClassOf(Sorted(offering.budgets)));
    const Rational effect = ToRational(offering.effect) * kWholeGap;
    effects.push_back(static_cast<int>(Round(effect, 0, Rounding::kHalfUp).unscaled()));
  }
  Builder builder(problem, *this);
  for (std::size_t i = 0; i < problem.persons.size(); ++i) builder.AddPerson(static_cast<int>(i));
}

double ToDouble(const Decimal& value) { return static_cast<double>(ToRational(value)); }

bool Exclude(const TrainingProblem& problem, const Arc& a, const Arc& b) {
  if (problem.offerings[a.offering].days.Clashes(problem.offerings[b.offering].days)) return true;
  return std::any_of(a.sameness.begin(), a.sameness.end(), [&](const Sameness& same) {
    return std::find(b.sameness.begin(), b.sameness.end(), same) != b.sameness.end();
  });
}

bool Teaches(const Offering& offering, const std::string& topic) {
  return std::find(offering.topics.begin(), offering.topics.end(), topic) != offering.topics.end();
}

bool NeedsDecision(const Offering& offering) {
  return offering.minimum_participants > 1 || offering.fixed_cost > 0;
}

}  // namespace teraju::allocation
