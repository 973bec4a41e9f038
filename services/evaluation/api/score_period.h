// Scores a period: takes over feedback, computes the evidence and the local result of every
// evaluation that is not final, batch by batch.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/evaluation/clients/feedback_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/cycle.pb.h"

namespace teraju::evaluation {

class ScorePeriodWork {
 public:
  ScorePeriodWork(postgres::Database& database, FeedbackClient& feedback)
      : database_(database), feedback_(feedback) {}

  // May be repeated until the period is published.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  absl::Status TakeFeedback(operations::Work& work,
                            const PeriodKey& period,
                            const std::string& campaign) const;
  absl::Status ScoreAll(operations::Work& work,
                        const PeriodKey& key,
                        const v1::Period& period,
                        const std::string& local_pack) const;

  postgres::Database& database_;
  FeedbackClient& feedback_;
};

}  // namespace teraju::evaluation
