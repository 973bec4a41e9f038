#include "common/engines/allocation/payments.h"

#include <algorithm>
#include <utility>

namespace teraju::allocation {
namespace {

constexpr int kNone = -1;

}  // namespace

Payments::Payments(std::vector<std::int64_t> amounts, std::vector<std::vector<int>> classes)
    : left_(std::move(amounts)),
      classes_(std::move(classes)),
      paid_(classes_.size(), std::vector<std::int64_t>(left_.size(), 0)) {}

// Without moving what others have charged, where that is enough.
bool Payments::PayDirectly(int charge_class, std::int64_t amount) {
  std::int64_t most = 0;
  for (const int budget : classes_[charge_class]) most += left_[budget];
  if (most < amount) return false;
  for (const int budget : classes_[charge_class]) {
    const std::int64_t part = std::min(amount, left_[budget]);
    left_[budget] -= part;
    paid_[charge_class][budget] += part;
    amount -= part;
  }
  return true;
}

bool Payments::Pay(int charge_class, std::int64_t amount) {
  if (PayDirectly(charge_class, amount)) return true;
  const auto left_before = left_;
  const auto paid_before = paid_;
  while (amount > 0) {
    const std::int64_t some = PaySome(charge_class, amount);
    if (some == 0) {
      left_ = left_before;
      paid_ = paid_before;
      return false;
    }
    amount -= some;
  }
  return true;
}

void Payments::Refund(int charge_class, std::int64_t amount) {
  for (const int budget : classes_[charge_class]) {
    const std::int64_t part = std::min(amount, paid_[charge_class][budget]);
    paid_[charge_class][budget] -= part;
    left_[budget] += part;
    amount -= part;
  }
}

std::int64_t Payments::PayWhatThereIs(int charge_class, std::int64_t amount) {
  while (amount > 0) {
    const std::int64_t some = PaySome(charge_class, amount);
    if (some == 0) break;
    amount -= some;
  }
  return amount;
}

std::int64_t Payments::MissingFor(int charge_class, std::int64_t amount) const {
  Payments trial = *this;
  return trial.PayWhatThereIs(charge_class, amount);
}

// An augmenting path, breadth first: from the class to a budget of it; from a full budget through a
// class that has charged it to another budget of that class.
std::int64_t Payments::PaySome(int charge_class, std::int64_t amount) {
  std::vector<int> class_before(left_.size(), kNone);  // of a budget: the class that would use it
  std::vector<int> budget_before(classes_.size(),
                                 kNone);  // of a class: the budget that it would leave
  std::vector<int> queue = {charge_class};
  std::vector<bool> seen(classes_.size(), false);
  seen[charge_class] = true;
  int end = kNone;
  for (std::size_t i = 0; i < queue.size() && end == kNone; ++i) {
    for (const int budget : classes_[queue[i]]) {
      if (class_before[budget] != kNone) continue;
      class_before[budget] = queue[i];
      if (left_[budget] > 0) {
        end = budget;
        break;
      }
      for (std::size_t other = 0; other < classes_.size(); ++other) {
        if (seen[other] || paid_[other][budget] == 0) continue;
        seen[other] = true;
        budget_before[other] = budget;
        queue.push_back(static_cast<int>(other));
      }
    }
  }
  if (end == kNone) return 0;
  std::int64_t some = std::min(amount, left_[end]);
  for (int c = class_before[end]; c != charge_class; c = class_before[budget_before[c]]) {
    some = std::min(some, paid_[c][budget_before[c]]);
  }
  left_[end] -= some;
  for (int budget = end;;) {
    const int c = class_before[budget];
    paid_[c][budget] += some;
    if (c == charge_class) return some;
    budget = budget_before[c];
    paid_[c][budget] -= some;
  }
}

std::vector<std::int64_t> Payments::Spent() const {
  std::vector<std::int64_t> spent(left_.size(), 0);
  for (const auto& by_budget : paid_) {
    for (std::size_t budget = 0; budget < by_budget.size(); ++budget)
      spent[budget] += by_budget[budget];
  }
  return spent;
}

}  // namespace teraju::allocation
