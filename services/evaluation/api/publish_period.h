// Publishes a period: makes every rated evaluation final, with its receipt and its record in the
// decision log.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/cycle.pb.h"

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
  absl::Status FinaliseAll(operations::Work& work,
                           const PeriodKey& key,
                           const v1::Period& period,
                           const std::string& local_pack) const;

  postgres::Database& database_;
};

}  // namespace teraju::evaluation
