// Publishes a period: makes every rated evaluation final, with its receipt and its record in the
// decision log.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "common/time/period.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/scoring_store.h"

namespace teraju::evaluation {

// FAILED_PRECONDITION when something stands between the period and its publication: see
// domain::CheckPublishable.
absl::Status CheckPublishable(postgres::Transaction& tx, const PeriodKey& key);

class PublishPeriodWork {
 public:
  explicit PublishPeriodWork(postgres::Database& database) : database_(database) {}

  // What one run has made final stays final; the next run goes on behind it.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  // What one run works on.
  struct Plan {
    PeriodKey key;
    time::Period days;
    std::optional<domain::LocalPack> pack;  // the agency's own
    std::int64_t total = 0;                 // evaluations, and annual results where it is the year

    const domain::LocalPack* local_pack() const { return pack.has_value() ? &*pack : nullptr; }
  };
  absl::StatusOr<Plan> MakePlan(operations::Work& work, const PeriodKey& key) const;
  absl::Status FinaliseAll(operations::Work& work, const Plan& plan) const;
  // The annual results, when the year's evaluations are final.
  absl::Status CombineAll(operations::Work& work, const Plan& plan) const;
  static absl::Status Finalise(const Plan& plan, absl::Time now, v1::Evaluation& evaluation);
  static absl::Status FinaliseBatch(postgres::Transaction& tx,
                                    const Plan& plan,
                                    std::vector<ScoringStore::Subject> batch);

  postgres::Database& database_;
};

}  // namespace teraju::evaluation
