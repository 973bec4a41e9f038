#include "common/engines/allocation/training_bound.h"

#include <algorithm>
#include <map>
#include <set>

namespace teraju::allocation {
namespace {

// A search that looks at more gives the bound of what it has not looked at.
constexpr int kMostNodes = 2'000;
// The sums here have fewer than a million terms of doubles, each exact to 1e-15 of the total.
constexpr double kRelativeError = 1e-9;

// Differences below this are not looked for, but counted.
constexpr double kTolerance = 1e-9;

// The best set of arcs of one person, depth first. What can be had are items: a need, the hours,
// a coverage target; an arc fills some of them in part or whole.
class PersonSearch {
 public:
  PersonSearch(const TrainingProblem& problem,
               const TrainingArcs& arcs,
               const TrainingPrices& prices,
               const TrainingBound& bound,
               int person)
      : problem_(problem),
        arcs_(arcs),
        prices_(prices),
        bound_(bound),
        hours_missing_(problem.persons[person].hours_missing),
        hours_limit_(problem.persons[person].hours_limit) {
    Collect(arcs_.of_person[person]);
    for (const int arc : order_) AddOption(arc);
    filled_.assign(item_worth_.size(), 0);
    AddOutlook();
  }

  PersonChoice Run() {
    Visit(0, 0);
    return {.value = std::max(best_.value, cut_off_) + kTolerance, .arcs = best_.arcs};
  }

 private:
  struct Part {
    int item;
    double amount;  // of 1
  };
  struct Option {
    std::vector<Part> parts;
    double charge;  // less what it is worth by itself
  };
  // From a place in the order on: of one item, what the best option adds, and all together.
  struct Outlook {
    double best = 0;
    double sum = 0;
    bool partial = false;
  };

  // Arcs worth their charge, and those that they build on; the best first, unless some build on
  // others, which then come after them.
  void Collect(const std::vector<int>& arcs) {
    std::set<int> wanted;
    bool builds = false;
    for (auto arc = arcs.rbegin(); arc != arcs.rend(); ++arc) {
      const bool worth = bound_.ValueOf(*arc) > bound_.ChargeOf(*arc);
      if (!worth && !wanted.contains(*arc)) continue;
      wanted.insert(*arc);
      for (const auto& enablers : arcs_.arcs[*arc].enablers) {
        builds = true;
        wanted.insert(enablers.begin(), enablers.end());
      }
    }
    order_.assign(wanted.begin(), wanted.end());
    if (builds) return;
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
      return bound_.ValueOf(a) - bound_.ChargeOf(a) > bound_.ValueOf(b) - bound_.ChargeOf(b);
    });
  }

  void AddOption(int index) {
    const Arc& arc = arcs_.arcs[index];
    Option& option = options_.emplace_back();
    option.charge = bound_.ChargeOf(index) - (arc.kept ? arcs_.kept_weight : 0);
    for (const int need : arc.needs) {
      const double amount = static_cast<double>(arcs_.effects[arc.offering]) / kWholeGap;
      option.parts.push_back({ItemOf({kNeed, need}, arcs_.weights[need]), amount});
    }
    for (const int target : arc.targets) {
      option.parts.push_back({ItemOf({kTarget, target}, prices_.coverage[target]), 1});
    }
    const int hours = problem_.offerings[arc.offering].hours;
    if (hours > 0 && hours_missing_ > 0 && arcs_.hour_weight > 0) {
      const int item = ItemOf({kHours, 0}, arcs_.hour_weight * hours_missing_);
      const double amount = static_cast<double>(std::min(hours, hours_missing_)) / hours_missing_;
      option.parts.push_back({item, amount});
    }
  }

  int ItemOf(std::pair<int, int> key, double worth) {
    const auto [at, added] = items_.try_emplace(key, static_cast<int>(item_worth_.size()));
    if (added) item_worth_.push_back(worth);
    return at->second;
  }

  // An option's charge is borne by its parts alike: of those that it is taken for, at most all.
  void AddOutlook() {
    outlook_.assign(order_.size() + 1, std::vector<Outlook>(item_worth_.size()));
    bonus_.assign(order_.size() + 1, 0);
    for (std::size_t at = order_.size(); at-- > 0;) {
      outlook_[at] = outlook_[at + 1];
      bonus_[at] = bonus_[at + 1] + std::max(0.0, -options_[at].charge);
      const auto& parts = options_[at].parts;
      const double share =
          parts.empty() ? 0
                        : std::max(0.0, options_[at].charge) / static_cast<double>(parts.size());
      for (const Part& part : parts) {
        const double gain = std::max(0.0, item_worth_[part.item] * part.amount - share);
        Outlook& outlook = outlook_[at][part.item];
        outlook.best = std::max(outlook.best, gain);
        outlook.sum += gain;
        outlook.partial = outlook.partial || part.amount < 1;
      }
    }
  }

  // No more can be added by the options from `at` on.
  double MostFrom(std::size_t at) const {
    double most = bonus_[at];
    for (std::size_t item = 0; item < item_worth_.size(); ++item) {
      const double open = item_worth_[item] * std::max(0.0, 1 - filled_[item]);
      const Outlook& outlook = outlook_[at][item];
      most += std::min(open, outlook.partial ? outlook.sum : outlook.best);
    }
    return most;
  }

  void Visit(std::size_t at, double value) {
    if (value > best_.value) best_ = {.value = value, .arcs = chosen_};
    if (at == order_.size()) return;
    const double most = value + MostFrom(at);
    if (most <= best_.value + kTolerance) return;
    if (++nodes_ > kMostNodes) {
      cut_off_ = std::max(cut_off_, most);
      return;
    }
    if (Fits(order_[at])) {
      const double gain = Fill(options_[at]);
      chosen_.push_back(order_[at]);
      hours_ += HoursOf(order_[at]);
      Visit(at + 1, value + gain - options_[at].charge);
      hours_ -= HoursOf(order_[at]);
      chosen_.pop_back();
      for (const Part& part : options_[at].parts) filled_[part.item] -= part.amount;
    }
    Visit(at + 1, value);
  }

  double Fill(const Option& option) {
    double gain = 0;
    for (const Part& part : option.parts) {
      const double open = std::max(0.0, 1 - filled_[part.item]);
      gain += item_worth_[part.item] * std::min(part.amount, open);
      filled_[part.item] += part.amount;
    }
    return gain;
  }

  int HoursOf(int arc) const { return problem_.offerings[arcs_.arcs[arc].offering].hours; }

  bool Fits(int index) const {
    const Arc& arc = arcs_.arcs[index];
    if (HoursOf(index) > hours_limit_ - hours_) return false;
    for (const int other : chosen_) {
      if (Exclude(problem_, arcs_.arcs[other], arc)) return false;
    }
    return std::all_of(
        arc.enablers.begin(), arc.enablers.end(), [&](const std::vector<int>& enablers) {
          return std::any_of(enablers.begin(), enablers.end(), [&](int enabler) {
            return std::find(chosen_.begin(), chosen_.end(), enabler) != chosen_.end();
          });
        });
  }

  static constexpr int kNeed = 0, kTarget = 1, kHours = 2;

  const TrainingProblem& problem_;
  const TrainingArcs& arcs_;
  const TrainingPrices& prices_;
  const TrainingBound& bound_;
  const int hours_missing_;
  const int hours_limit_;
  std::vector<int> order_;  // arcs
  std::vector<Option> options_;
  std::map<std::pair<int, int>, int> items_;
  std::vector<double> item_worth_;
  std::vector<std::vector<Outlook>> outlook_;
  std::vector<double> bonus_;  // from a place on: what options add by themselves
  std::vector<int> chosen_;
  std::vector<double> filled_;
  int hours_ = 0;
  int nodes_ = 0;
  PersonChoice best_;
  double cut_off_ = 0;
};

}  // namespace

TrainingBound::TrainingBound(const TrainingProblem& problem,
                             const TrainingArcs& arcs,
                             const TrainingPrices& prices)
    : problem_(problem), arcs_(arcs), prices_(prices) {
  for (const std::vector<int>& budgets : arcs.classes.budgets) {
    double cheapest = budgets.empty() ? 0 : prices.budgets[budgets.front()];
    for (const int budget : budgets) cheapest = std::min(cheapest, prices.budgets[budget]);
    class_prices_.push_back(cheapest);
  }
  for (const Arc& arc : arcs.arcs) {
    const Offering& offering = problem.offerings[arc.offering];
    charges_.push_back(prices.seats[arc.offering] - prices.minima[arc.offering] +
                       class_prices_[arc.charge_class] *
                           static_cast<double>(offering.cost_per_seat));
    double value = arc.kept ? arcs.kept_weight : 0;
    for (const int need : arc.needs)
      value += arcs.weights[need] * arcs.effects[arc.offering] / kWholeGap;
    for (const int target : arc.targets) value += prices.coverage[target];
    const int missing = problem.persons[arc.person].hours_missing;
    value += arcs.hour_weight * std::min(missing, offering.hours);
    values_.push_back(value);
  }
  for (std::size_t person = 0; person < problem.persons.size(); ++person) {
    choices_.push_back(PersonSearch(problem, arcs, prices, *this, static_cast<int>(person)).Run());
  }
}

double TrainingBound::Total() const {
  double total = 0;
  for (std::size_t i = 0; i < problem_.budgets.size(); ++i) {
    total += prices_.budgets[i] * static_cast<double>(problem_.budgets[i]);
  }
  for (std::size_t i = 0; i < problem_.offerings.size(); ++i) {
    const Offering& offering = problem_.offerings[i];
    double worth = prices_.seats[i] * UsefulSeats(offering, arcs_.of_offering[i].size());
    if (NeedsDecision(offering)) {
      const int payers = arcs_.classes.of_offering[i];
      const bool payable = offering.fixed_cost == 0 || !arcs_.classes.budgets[payers].empty();
      worth -= prices_.minima[i] * offering.minimum_participants +
               class_prices_[payers] * static_cast<double>(offering.fixed_cost);
      worth = payable ? std::max(worth, 0.0) : 0;
    }
    total += worth * offering.classes;
  }
  for (std::size_t i = 0; i < problem_.coverage.size(); ++i) {
    const CoverageTarget& target = problem_.coverage[i];
    total += std::max(arcs_.target_weights[i] - prices_.coverage[i], 0.0) * target.persons;
  }
  for (const PersonChoice& choice : choices_) total += choice.value;
  return total * (1 + kRelativeError);
}

}  // namespace teraju::allocation
