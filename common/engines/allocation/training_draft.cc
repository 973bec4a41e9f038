#include "common/engines/allocation/training_draft.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace teraju::allocation {
namespace {

// Less is noise of doubles.
constexpr double kNothing = 1e-9;

}  // namespace

TrainingDraft::TrainingDraft(const TrainingProblem& problem, const TrainingArcs& arcs)
    : problem_(problem),
      arcs_(arcs),
      payments_(problem.budgets, arcs.classes.budgets),
      chosen_(arcs.arcs.size(), false),
      stays_(arcs.arcs.size(), false),
      participants_(problem.offerings.size(), 0),
      closed_(problem.needs.size(), 0),
      hours_(problem.persons.size(), 0),
      covers_(problem.coverage.size(), std::vector<int>(problem.persons.size(), 0)),
      covered_(problem.coverage.size(), 0) {}

int TrainingDraft::ClassesOf(int offering) const {
  const int seats = problem_.offerings[offering].seats;
  return seats == 0 ? 0 : (participants_[offering] + seats - 1) / seats;
}

bool TrainingDraft::OpensClass(int offering) const {
  return participants_[offering] == ClassesOf(offering) * problem_.offerings[offering].seats;
}

int TrainingDraft::ClosedOf(int need) const { return std::min(closed_[need], kWholeGap); }

bool TrainingDraft::HasSeat(int arc) const {
  const int offering = arcs_.arcs[arc].offering;
  return !OpensClass(offering) || (problem_.offerings[offering].seats > 0 &&
                                   ClassesOf(offering) < problem_.offerings[offering].classes);
}

bool TrainingDraft::Enabled(int arc) const {
  const auto& groups = arcs_.arcs[arc].enablers;
  return std::all_of(groups.begin(), groups.end(), [&](const std::vector<int>& enablers) {
    return std::any_of(
        enablers.begin(), enablers.end(), [&](int enabler) { return chosen_[enabler]; });
  });
}

Refusal TrainingDraft::ObstacleOf(int index) const {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = problem_.offerings[arc.offering];
  for (const int other : arcs_.of_person[arc.person]) {
    if (chosen_[other] && Exclude(problem_, arcs_.arcs[other], arc)) return Refusal::kClash;
  }
  const int limit = problem_.persons[arc.person].hours_limit;
  if (offering.hours > limit - hours_[arc.person]) return Refusal::kHoursLimit;
  return Enabled(index) ? Refusal::kNone : Refusal::kPrerequisite;
}

double TrainingDraft::MarginalOf(int index) const {
  const Arc& arc = arcs_.arcs[index];
  const int effect = arcs_.effects[arc.offering];
  double gain = arc.kept ? arcs_.kept_weight : 0;
  for (const int need : arc.needs) {
    const int more = std::clamp(kWholeGap - closed_[need], 0, effect);
    gain += arcs_.weights[need] * more / kWholeGap;
  }
  for (const int target : arc.targets) {
    const bool counts =
        covers_[target][arc.person] == 0 && covered_[target] < problem_.coverage[target].persons;
    if (counts) gain += arcs_.target_weights[target];
  }
  const int missing = problem_.persons[arc.person].hours_missing - hours_[arc.person];
  return gain + arcs_.hour_weight * std::clamp(missing, 0, problem_.offerings[arc.offering].hours);
}

double TrainingDraft::LossOf(int index) const {
  const Arc& arc = arcs_.arcs[index];
  const int effect = arcs_.effects[arc.offering];
  double loss = arc.kept ? arcs_.kept_weight : 0;
  for (const int need : arc.needs) {
    const int less = std::clamp(kWholeGap - (closed_[need] - effect), 0, effect);
    loss += arcs_.weights[need] * less / kWholeGap;
  }
  for (const int target : arc.targets) {
    const bool counts =
        covers_[target][arc.person] == 1 && covered_[target] <= problem_.coverage[target].persons;
    if (counts) loss += arcs_.target_weights[target];
  }
  const int hours = problem_.offerings[arc.offering].hours;
  const int missing = problem_.persons[arc.person].hours_missing - (hours_[arc.person] - hours);
  return loss + arcs_.hour_weight * std::clamp(missing, 0, hours);
}

bool TrainingDraft::Take(int index) {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = problem_.offerings[arc.offering];
  if (chosen_[index] || !HasSeat(index) || !PersonCan(index)) return false;
  const bool opens = OpensClass(arc.offering) && offering.fixed_cost > 0;
  const int payers = arcs_.classes.of_offering[arc.offering];
  if (opens && !payments_.Pay(payers, offering.fixed_cost)) return false;
  if (!payments_.Pay(arc.charge_class, offering.cost_per_seat)) {
    if (opens) payments_.Refund(payers, offering.fixed_cost);
    return false;
  }
  chosen_[index] = true;
  ++participants_[arc.offering];
  hours_[arc.person] += offering.hours;
  for (const int need : arc.needs) closed_[need] += arcs_.effects[arc.offering];
  for (const int target : arc.targets) covered_[target] += covers_[target][arc.person]++ == 0;
  return true;
}

bool TrainingDraft::TakeWithPrerequisites(int arc) {
  if (Take(arc)) return true;
  if (chosen_[arc] || ObstacleOf(arc) != Refusal::kPrerequisite) return false;
  std::vector<int> taken;
  for (const std::vector<int>& enablers : arcs_.arcs[arc].enablers) {
    const auto has = [&](int enabler) { return chosen_[enabler]; };
    if (std::any_of(enablers.begin(), enablers.end(), has)) continue;
    for (const int enabler : enablers) {
      const int offering = arcs_.arcs[enabler].offering;
      const bool alone = problem_.offerings[offering].minimum_participants <= 1;
      if ((alone || !OpensClass(offering)) && TakeWithPrerequisites(enabler)) {
        taken.push_back(enabler);
        break;
      }
    }
  }
  if (Take(arc)) return true;
  for (const int enabler : taken) {
    if (chosen_[enabler]) Drop(enabler);
  }
  return false;
}

bool TrainingDraft::Depends(int arc, int on) const {
  const auto& groups = arcs_.arcs[arc].enablers;
  return std::any_of(groups.begin(), groups.end(), [&](const std::vector<int>& enablers) {
    return std::find(enablers.begin(), enablers.end(), on) != enablers.end();
  });
}

void TrainingDraft::Drop(int index) {
  const Arc& arc = arcs_.arcs[index];
  const Offering& offering = problem_.offerings[arc.offering];
  chosen_[index] = false;
  const int classes = ClassesOf(arc.offering);
  --participants_[arc.offering];
  hours_[arc.person] -= offering.hours;
  for (const int need : arc.needs) closed_[need] -= arcs_.effects[arc.offering];
  for (const int target : arc.targets) covered_[target] -= --covers_[target][arc.person] == 0;
  payments_.Refund(arc.charge_class, offering.cost_per_seat);
  if (ClassesOf(arc.offering) < classes) {
    payments_.Refund(arcs_.classes.of_offering[arc.offering], offering.fixed_cost);
  }
  for (const int other : arcs_.of_person[arc.person]) {
    if (chosen_[other] && Depends(other, index) && !Enabled(other)) Drop(other);
  }
}

void TrainingDraft::DropOffering(int offering) {
  for (const int arc : arcs_.of_offering[offering]) {
    if (chosen_[arc]) Drop(arc);
  }
}

void TrainingDraft::AdoptKept() {
  if (problem_.kept_weight) return;
  std::vector<int> kept;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    if (arcs_.arcs[i].kept) kept.push_back(static_cast<int>(i));
  }
  std::stable_sort(
      kept.begin(), kept.end(), [&](int a, int b) { return MarginalOf(a) > MarginalOf(b); });
  Adopt(kept);
  CloseShort();
  stays_ = chosen_;
}

void TrainingDraft::Adopt(const std::vector<int>& arcs) {
  // What builds on something else comes after it.
  std::vector<int> later;
  for (const int arc : arcs) {
    if (!Take(arc) && !arcs_.arcs[arc].enablers.empty()) later.push_back(arc);
  }
  std::sort(later.begin(), later.end());
  for (const int arc : later) Take(arc);
}

void TrainingDraft::CloseShort() {
  for (bool changed = true; changed;) {
    changed = DropUnused();
    for (int i = 0; i < static_cast<int>(problem_.offerings.size()); ++i) {
      const Offering& offering = problem_.offerings[i];
      const int classes = ClassesOf(i);
      if (participants_[i] >= classes * offering.minimum_participants) continue;
      changed = true;
      // The last class is short: its people leave, those who lose least.
      const int stay = (classes - 1) * offering.seats;
      std::vector<std::tuple<bool, double, int>> losses;
      for (const int arc : arcs_.of_offering[i]) {
        if (chosen_[arc]) losses.emplace_back(stays_[arc], LossOf(arc), arc);
      }
      std::stable_sort(losses.begin(), losses.end());
      for (const auto& [stays, loss, arc] : losses) {
        if (participants_[i] > stay && chosen_[arc]) Drop(arc);
      }
    }
  }
}

bool TrainingDraft::IsBuiltOn(int arc) const {
  const auto& others = arcs_.of_person[arcs_.arcs[arc].person];
  return std::any_of(others.begin(), others.end(), [&](int other) {
    return chosen_[other] && Depends(other, arc);
  });
}

bool TrainingDraft::DropUnused() {
  bool dropped = false;
  for (std::size_t i = chosen_.size(); i-- > 0;) {
    const int arc = static_cast<int>(i);
    if (!chosen_[i] || arcs_.arcs[i].own_use || IsBuiltOn(arc)) continue;
    Drop(arc);
    dropped = true;
  }
  return dropped;
}

void TrainingDraft::DropUseless() {
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const int arc = static_cast<int>(i);
    if (!chosen_[i] || stays_[i] || LossOf(arc) > kNothing) continue;
    const int offering = arcs_.arcs[arc].offering;
    const int minimum = problem_.offerings[offering].minimum_participants;
    const bool spare = minimum <= 1 || participants_[offering] > ClassesOf(offering) * minimum;
    if (spare && !IsBuiltOn(arc)) Drop(arc);
  }
  CloseShort();
}

std::vector<int> TrainingDraft::CandidatesFor(int offering) const {
  std::vector<std::pair<double, int>> gains;
  for (const int arc : arcs_.of_offering[offering]) {
    if (chosen_[arc] || !arcs_.arcs[arc].own_use || !PersonCan(arc)) continue;
    const double gain = MarginalOf(arc);
    if (gain > kNothing) gains.emplace_back(-gain, arc);
  }
  std::stable_sort(gains.begin(), gains.end());
  const auto seats = static_cast<std::size_t>(problem_.offerings[offering].seats);
  std::vector<int> candidates;
  for (std::size_t i = 0; i < std::min(seats, gains.size()); ++i) {
    candidates.push_back(gains[i].second);
  }
  return candidates;
}

bool TrainingDraft::TryToOpen(int offering) {
  const int before = participants_[offering];
  std::vector<int> taken;
  for (const int arc : CandidatesFor(offering)) {
    if (Take(arc)) taken.push_back(arc);
  }
  if (participants_[offering] >=
      ClassesOf(offering) * problem_.offerings[offering].minimum_participants) {
    return participants_[offering] > before;
  }
  for (const int arc : taken) {
    if (chosen_[arc]) Drop(arc);
  }
  return false;
}

// Arcs that need nobody else.
void TrainingDraft::AddSingles() {
  std::vector<std::pair<double, int>> order;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const int arc = static_cast<int>(i);
    const Offering& offering = problem_.offerings[arcs_.arcs[arc].offering];
    const double gain = MarginalOf(arc);
    if (chosen_[i] || !arcs_.arcs[i].own_use || gain <= kNothing) continue;
    order.emplace_back(-gain / static_cast<double>(offering.cost_per_seat + 1), arc);
  }
  std::stable_sort(order.begin(), order.end());
  for (const auto& [worth, arc] : order) {
    const int offering = arcs_.arcs[arc].offering;
    const bool alone = problem_.offerings[offering].minimum_participants <= 1;
    if (MarginalOf(arc) > kNothing && (alone || !OpensClass(offering))) {
      TakeWithPrerequisites(arc);
    }
  }
}

void TrainingDraft::Complete() {
  AddSingles();
  std::vector<std::pair<double, int>> order;
  for (int i = 0; i < static_cast<int>(problem_.offerings.size()); ++i) {
    const Offering& offering = problem_.offerings[i];
    if (offering.minimum_participants <= 1 || !OpensClass(i)) continue;
    double gain = 0;
    const std::vector<int> candidates = CandidatesFor(i);
    for (const int arc : candidates) gain += MarginalOf(arc);
    const auto people = static_cast<std::int64_t>(candidates.size());
    const std::int64_t cost = offering.fixed_cost + people * offering.cost_per_seat;
    if (people > 0) order.emplace_back(-gain / static_cast<double>(cost + 1), i);
  }
  std::stable_sort(order.begin(), order.end());
  bool opened = false;
  for (const auto& [worth, offering] : order) {
    while (ClassesOf(offering) < problem_.offerings[offering].classes && OpensClass(offering) &&
           TryToOpen(offering)) {
      opened = true;
    }
  }
  if (opened) AddSingles();
}

TrainingGain TrainingDraft::Gain() const {
  TrainingGain gain;
  for (std::size_t need = 0; need < problem_.needs.size(); ++need) {
    const int closed = ClosedOf(static_cast<int>(need));
    if (closed > 0) gain.needs += problem_.needs[need].weight * Decimal(Integer(closed), 3);
  }
  std::int64_t hours = 0;
  for (std::size_t person = 0; person < problem_.persons.size(); ++person) {
    hours += std::min(hours_[person], problem_.persons[person].hours_missing);
  }
  gain.hours = problem_.hour_weight * Decimal(hours);
  for (std::size_t i = 0; i < problem_.coverage.size(); ++i) {
    const int persons = std::min(covered_[i], problem_.coverage[i].persons);
    gain.coverage += problem_.coverage[i].weight * Decimal(persons);
  }
  std::int64_t kept = 0;
  for (std::size_t i = 0; i < chosen_.size(); ++i) kept += chosen_[i] && arcs_.arcs[i].kept;
  gain.kept = problem_.kept_weight.value_or(0) * Decimal(kept);
  return gain;
}

double TrainingDraft::Value() const {
  double value = 0;
  for (std::size_t need = 0; need < problem_.needs.size(); ++need) {
    value += arcs_.weights[need] * ClosedOf(static_cast<int>(need)) / kWholeGap;
  }
  for (std::size_t i = 0; i < problem_.persons.size(); ++i) {
    value += arcs_.hour_weight * std::min(hours_[i], problem_.persons[i].hours_missing);
  }
  for (std::size_t i = 0; i < problem_.coverage.size(); ++i) {
    value += arcs_.target_weights[i] * std::min(covered_[i], problem_.coverage[i].persons);
  }
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    if (chosen_[i] && arcs_.arcs[i].kept) value += arcs_.kept_weight;
  }
  return value;
}

TrainingPlan TrainingDraft::Finish() const {
  TrainingPlan plan;
  plan.participants.resize(problem_.offerings.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    if (chosen_[i]) plan.participants[arcs_.arcs[i].offering].push_back(arcs_.arcs[i].person);
  }
  for (int i = 0; i < static_cast<int>(problem_.offerings.size()); ++i) {
    plan.classes.push_back(ClassesOf(i));
  }
  for (std::size_t i = 0; i < problem_.persons.size(); ++i) {
    plan.hours_short.push_back(std::max(0, problem_.persons[i].hours_missing - hours_[i]));
  }
  for (std::size_t i = 0; i < problem_.coverage.size(); ++i) {
    plan.covered.push_back(std::min(covered_[i], problem_.coverage[i].persons));
  }
  plan.spent = payments_.Spent();
  plan.gain = Gain();
  plan.objective = plan.gain.Total();
  return plan;
}

}  // namespace teraju::allocation
