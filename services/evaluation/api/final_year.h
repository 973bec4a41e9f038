// Makes annual results final, each with a record in the decision log that holds its digest.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/postgres/transaction.h"
#include "common/time/period.h"
#include "services/evaluation/domain/annual_result.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

struct YearRules {
  PeriodKey key;
  time::Period days;
  const domain::LocalPack* pack = nullptr;  // the agency's own
};

// Of results that have been read locked.
absl::Status MakeFinal(postgres::Transaction& tx,
                       const YearRules& rules,
                       domain::AnnualAction action,
                       std::vector<v1::AnnualResult> results);

// After one of the person's evaluations of a published year changed by objection. Nothing where the
// year has no result of the person.
absl::Status CombineAnew(postgres::Transaction& tx,
                         const YearRules& rules,
                         const std::string& employee);

}  // namespace teraju::evaluation
