#include "common/engines/allocation/training_model.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace teraju::allocation {
namespace {

// Builds a TrainingModel, one kind of row at a time.
class Builder {
 public:
  Builder(const TrainingProblem& problem,
          const TrainingArcs& arcs,
          const std::vector<ArcUse>& uses,
          bool whole_seats,
          TrainingModel& model)
      : problem_(problem),
        arcs_(arcs),
        uses_(uses),
        whole_seats_(whole_seats),
        model_(model),
        mip_(model.mip) {}

  void Build() {
    ChooseMoneyUnit();
    for (std::size_t i = 0; i < arcs_.arcs.size(); ++i) {
      const double gain = arcs_.arcs[i].kept ? arcs_.kept_weight : 0;
      const double least = uses_[i] == ArcUse::kIn ? 1 : 0;
      const bool active = uses_[i] != ArcUse::kOut;
      model_.arc_columns.push_back(active ? mip_.AddColumn(least, 1, gain, whole_seats_) : -1);
    }
    for (std::size_t need = 0; need < problem_.needs.size(); ++need) AddNeed(need);
    for (std::size_t offering = 0; offering < problem_.offerings.size(); ++offering) {
      AddOffering(offering);
    }
    for (std::size_t person = 0; person < problem_.persons.size(); ++person) {
      const std::vector<int> arcs = ActiveOf(arcs_.of_person[person]);
      AddClashes(arcs);
      AddSameness(arcs);
      AddPrerequisites(arcs);
      AddHours(problem_.persons[person], arcs);
    }
    for (std::size_t i = 0; i < problem_.coverage.size(); ++i) AddCoverage(i);
    AddMoney();
  }

 private:
  using Terms = std::vector<Mip::Term>;

  std::vector<int> ActiveOf(const std::vector<int>& arcs) const {
    std::vector<int> active;
    std::copy_if(arcs.begin(), arcs.end(), std::back_inserter(active), [&](int arc) {
      return uses_[arc] != ArcUse::kOut;
    });
    return active;
  }

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

  // What is closed of a need is at most all of it.
  void AddNeed(std::size_t need) {
    const std::vector<int> arcs = ActiveOf(arcs_.of_need[need]);
    if (arcs.empty()) return;
    const int met = mip_.AddColumn(0, 1, arcs_.weights[need], /*integer=*/false);
    Terms terms = {{met, 1}};
    for (const int arc : arcs) {
      const double effect = arcs_.effects[arcs_.arcs[arc].offering];
      terms.push_back({model_.arc_columns[arc], -effect / kWholeGap});
    }
    mip_.AddRow(-kNoBound, 0, terms);
  }

  void AddOffering(std::size_t index) {
    const Offering& offering = problem_.offerings[index];
    const std::vector<int> arcs = ActiveOf(arcs_.of_offering[index]);
    const double seats = UsefulSeats(offering, arcs_.of_offering[index].size());
    int classes = -1, seat_row = -1, minimum_row = -1;
    if (!arcs.empty()) {
      Terms taken = TermsOf(arcs, 1);
      if (!NeedsDecision(offering)) {
        seat_row = mip_.AddRow(-kNoBound, seats * offering.classes, taken);
      } else {
        const bool payable = offering.fixed_cost == 0 ||
                             !arcs_.classes.budgets[arcs_.classes.of_offering[index]].empty();
        classes = mip_.AddColumn(0, payable ? offering.classes : 0, 0, /*integer=*/true);
        Terms minimum = taken;
        taken.push_back({classes, -seats});
        seat_row = mip_.AddRow(-kNoBound, 0, taken);
        minimum.push_back({classes, -static_cast<double>(offering.minimum_participants)});
        minimum_row = mip_.AddRow(0, kNoBound, minimum);
      }
    }
    model_.class_columns.push_back(classes);
    model_.seat_rows.push_back(seat_row);
    model_.minimum_rows.push_back(minimum_row);
  }

  // On each day one course: at each first day of an arc, those that run then exclude one another.
  void AddClashes(const std::vector<int>& arcs) {
    std::set<std::vector<int>> rows;
    for (const int arc : arcs) {
      const absl::CivilDay day = OfferingOf(arc).days.first;
      std::vector<int> running;
      for (const int other : arcs) {
        if (OfferingOf(other).days.Clashes({day, day})) running.push_back(other);
      }
      if (running.size() > 1) rows.insert(running);
    }
    for (const auto& row : rows) mip_.AddRow(-kNoBound, 1, TermsOf(row, 1));
  }

  void AddSameness(const std::vector<int>& arcs) {
    std::map<Sameness, std::vector<int>> groups;
    for (const int arc : arcs) {
      for (const Sameness& same : arcs_.arcs[arc].sameness) groups[same].push_back(arc);
    }
    for (const auto& [same, group] : groups) {
      if (group.size() > 1) mip_.AddRow(-kNoBound, 1, TermsOf(group, 1));
    }
  }

  void AddPrerequisites(const std::vector<int>& arcs) {
    for (const int arc : arcs) {
      for (const std::vector<int>& enablers : arcs_.arcs[arc].enablers) {
        Terms terms = TermsOf(ActiveOf(enablers), -1);
        terms.push_back({model_.arc_columns[arc], 1});
        mip_.AddRow(-kNoBound, 0, terms);
      }
    }
    for (const int arc : arcs) AddEnabler(arc, arcs);
  }

  // Nobody attends only what something else builds on.
  void AddEnabler(int index, const std::vector<int>& arcs) {
    const Arc& arc = arcs_.arcs[index];
    if (arc.own_use) return;
    Terms terms = {{model_.arc_columns[index], 1}};
    for (const int other : arcs) {
      const auto& groups = arcs_.arcs[other].enablers;
      const bool builds = std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
        return std::find(group.begin(), group.end(), index) != group.end();
      });
      if (builds) terms.push_back({model_.arc_columns[other], -1});
    }
    mip_.AddRow(-kNoBound, 0, terms);
  }

  void AddHours(const TrainingPerson& person, const std::vector<int>& arcs) {
    Terms terms;
    double all = 0;
    for (const int arc : arcs) {
      const double hours = OfferingOf(arc).hours;
      if (hours > 0) terms.push_back({model_.arc_columns[arc], hours});
      all += hours;
    }
    if (terms.empty()) return;
    if (all > person.hours_limit) mip_.AddRow(-kNoBound, person.hours_limit, terms);
    if (person.hours_missing == 0 || problem_.hour_weight.sign() == 0) return;
    const int given = mip_.AddColumn(0, person.hours_missing, arcs_.hour_weight, /*integer=*/false);
    for (Mip::Term& term : terms) term.value = -term.value;
    terms.push_back({given, 1});
    mip_.AddRow(-kNoBound, 0, terms);
  }

  // A person counts once, and no more persons count than are wanted.
  void AddCoverage(std::size_t index) {
    const CoverageTarget& target = problem_.coverage[index];
    std::map<int, std::vector<int>> by_person;
    for (std::size_t i = 0; i < arcs_.arcs.size(); ++i) {
      const std::vector<int>& targets = arcs_.arcs[i].targets;
      const bool counts = std::find(targets.begin(), targets.end(), index) != targets.end();
      if (counts && uses_[i] != ArcUse::kOut)
        by_person[arcs_.arcs[i].person].push_back(static_cast<int>(i));
    }
    const int reached =
        mip_.AddColumn(0, target.persons, arcs_.target_weights[index], /*integer=*/false);
    Terms persons = {{reached, 1}};
    for (const auto& [person, arcs] : by_person) {
      const int counted = mip_.AddColumn(0, 1, 0, /*integer=*/false);
      Terms terms = TermsOf(arcs, -1);
      terms.push_back({counted, 1});
      mip_.AddRow(-kNoBound, 0, terms);
      persons.push_back({counted, -1});
    }
    model_.coverage_rows.push_back(mip_.AddRow(-kNoBound, 0, persons));
  }

  // What a class of charges costs is paid by its budgets, and no budget pays more than it has.
  void AddMoney() {
    std::vector<Terms> charges(arcs_.classes.budgets.size());
    std::vector<Terms> budgets(problem_.budgets.size());
    for (std::size_t i = 0; i < arcs_.arcs.size(); ++i) {
      const std::int64_t cost = OfferingOf(static_cast<int>(i)).cost_per_seat;
      if (cost == 0 || uses_[i] == ArcUse::kOut) continue;
      charges[arcs_.arcs[i].charge_class].push_back({model_.arc_columns[i], Money(cost)});
    }
    for (std::size_t i = 0; i < problem_.offerings.size(); ++i) {
      const std::int64_t cost = problem_.offerings[i].fixed_cost;
      if (cost == 0 || model_.class_columns[i] < 0) continue;
      charges[arcs_.classes.of_offering[i]].push_back({model_.class_columns[i], Money(cost)});
    }
    for (std::size_t i = 0; i < charges.size(); ++i) {
      if (charges[i].empty()) continue;
      for (const int budget : arcs_.classes.budgets[i]) {
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

  const Offering& OfferingOf(int arc) const { return problem_.offerings[arcs_.arcs[arc].offering]; }

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const std::vector<ArcUse>& uses_;
  const bool whole_seats_;
  TrainingModel& model_;
  Mip& mip_;
};

}  // namespace

int UsefulSeats(const Offering& offering, std::size_t candidates) {
  return static_cast<int>(std::min<std::size_t>(offering.seats, candidates));
}

TrainingModel::TrainingModel(const TrainingProblem& problem,
                             const TrainingArcs& arcs,
                             const std::vector<ArcUse>& uses,
                             bool whole_seats) {
  Builder(problem, arcs, uses, whole_seats, *this).Build();
}

TrainingPrices TrainingModel::PricesOf(const Mip::Relaxation& relaxation) const {
  // A row that says "at least" has a price below zero.
  const auto of = [&](const std::vector<int>& rows, double sign) {
    std::vector<double> prices;
    prices.reserve(rows.size());
    for (const int row : rows) {
      prices.push_back(row < 0 ? 0 : std::max(0.0, sign * relaxation.row_prices[row]));
    }
    return prices;
  };
  TrainingPrices prices = {.budgets = of(budget_rows, 1),
                           .seats = of(seat_rows, 1),
                           .minima = of(minimum_rows, -1),
                           .coverage = of(coverage_rows, 1)};
  for (double& price : prices.budgets) price /= money_unit;
  return prices;
}

}  // namespace teraju::allocation
