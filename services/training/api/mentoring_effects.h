// The operation that estimates what the meetings of mentors and mentees changed.
#pragma once

#include <memory>

#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/training/clients/evaluation_client.h"

namespace teraju::training {

class MentoringEffects {
 public:
  static constexpr char kKind[] = "matchingRun.estimateEffect";

  MentoringEffects(postgres::Database& database, EvaluationClient& evaluation)
      : database_(database), evaluation_(evaluation) {}

  // Reads the results of both periods and stores the effect in one step.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
  EvaluationClient& evaluation_;
};

}  // namespace teraju::training
