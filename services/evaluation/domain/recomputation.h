// A final result computed again from the inputs in its receipt, and compared with everything that
// is stored of it. It reports; it changes nothing.
#pragma once

#include <string>
#include <vector>

#include "common/time/period.h"
#include "services/evaluation/domain/annual_result.h"
#include "services/evaluation/domain/local_pack.h"
#include "teraju/evaluation/v1/annual_result.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/recomputations_service.pb.h"

namespace teraju::evaluation::domain {

struct StoredEvaluation {
  v1::Evaluation evaluation;
  v1::ScoreReceipt receipt;
  std::string record;  // details of the last decision that made it final; empty where there is none
};

struct StoredYear {
  v1::AnnualResult result;
  std::string document;
  std::string record;
  std::vector<AnnualPart> parts;  // the segments as they are
};

// `period` is the evaluation's, `local_pack` the cycle's (nullptr where it has none). What cannot
// be read or computed at all is an operation that does not match.
v1::Recomputation RecomputeEvaluation(const StoredEvaluation& stored,
                                      const time::Period& period,
                                      const LocalPack* local_pack);
v1::Recomputation RecomputeYear(const StoredYear& stored,
                                const time::Period& year,
                                const LocalPack* local_pack);

// What does not match, without the values, for a report on many.
v1::Recomputation OnlyDifferences(const v1::Recomputation& recomputation);

}  // namespace teraju::evaluation::domain
