// Budgets as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

class BudgetStore {
 public:
  explicit BudgetStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Budget Insert(const BudgetKey& key, const v1::Budget& budget);
  // In the order of their ids; `fiscal_year` 0 means every year.
  absl::StatusOr<std::vector<v1::Budget>> List(const AgencyId& agency,
                                               int fiscal_year,
                                               const std::string& after_id,
                                               int limit) const;
  // Nobody else changes the budgets of the year until the end of the transaction.
  void LockYear(const AgencyId& agency, int fiscal_year);
  void Commit(const std::vector<domain::Payment>& payments);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
