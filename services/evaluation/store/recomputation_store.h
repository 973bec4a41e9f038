// Final results with everything that is stored of them, page by page. Bound to the transaction it
// is given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/recomputation.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

class RecomputationStore {
 public:
  explicit RecomputationStore(postgres::Transaction& tx) : tx_(tx) {}

  // Nothing where it is neither final nor has a receipt.
  std::optional<domain::StoredEvaluation> FindEvaluation(const Key& key) const;
  std::optional<domain::StoredYear> FindYear(const Key& key) const;
  // Of a period behind the id `after` (empty: from the first), in the order of ids.
  std::vector<domain::StoredEvaluation> Evaluations(const PeriodKey& period,
                                                    const std::string& after,
                                                    int size) const;
  std::vector<domain::StoredYear> Years(const PeriodKey& year,
                                        const std::string& after,
                                        int size) const;
  // How many both give for all periods of the cycle.
  std::int64_t Count(const CycleKey& cycle) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
