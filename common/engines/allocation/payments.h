// Who pays: amounts charged to sets of budgets, so that no budget is overdrawn. Exact, in whole
// currency units.
#pragma once

#include <cstdint>
#include <vector>

namespace teraju::allocation {

class Payments {
 public:
  // Of each budget what there is, and for each class of charges the budgets that may pay it.
  Payments(std::vector<std::int64_t> amounts, std::vector<std::vector<int>> classes);

  // Charges a class. Earlier charges move to other budgets of their classes where that makes room.
  // False, and nothing has changed, when the budgets do not suffice however they are used.
  bool Pay(int charge_class, std::int64_t amount);
  // Takes back what was paid.
  void Refund(int charge_class, std::int64_t amount);
  // Pays as much as there is; what is missing.
  std::int64_t PayWhatThereIs(int charge_class, std::int64_t amount);
  // By how much the budgets do not suffice for another charge; 0 when Pay would succeed.
  std::int64_t MissingFor(int charge_class, std::int64_t amount) const;
  // What a budget still has.
  std::int64_t LeftOf(int budget) const { return left_[budget]; }

  // By budget.
  std::vector<std::int64_t> Spent() const;

 private:
  bool PayDirectly(int charge_class, std::int64_t amount);
  // Pays some of the amount along one chain of moves; 0 when there is none.
  std::int64_t PaySome(int charge_class, std::int64_t amount);

  std::vector<std::int64_t> left_;
  std::vector<std::vector<int>> classes_;
  std::vector<std::vector<std::int64_t>> paid_;  // by class and budget
};

}  // namespace teraju::allocation
