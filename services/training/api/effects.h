// The operations that estimate what a course, or the meetings with mentors, changed.
#pragma once

#include <memory>

#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/training/clients/evaluation_client.h"
#include "services/training/domain/course.h"

namespace teraju::training {

// Each reads the results of both periods and stores the effect in one step.
class CourseEffects {
 public:
  static constexpr char kKind[] = "course.estimateEffect";

  CourseEffects(postgres::Database& database, EvaluationClient& evaluation)
      : database_(database), evaluation_(evaluation) {}

  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
  EvaluationClient& evaluation_;
};

class MentoringEffects {
 public:
  static constexpr char kKind[] = "matchingRun.estimateEffect";

  MentoringEffects(postgres::Database& database, EvaluationClient& evaluation)
      : database_(database), evaluation_(evaluation) {}

  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
  EvaluationClient& evaluation_;
};

// Starts the operation `kind` on the resource `key`. INVALID_ARGUMENT and FAILED_PRECONDITION for
// periods that cannot be compared.
template <typename Request, typename Key>
absl::StatusOr<google::longrunning::Operation> StartEstimate(const CallContext& call,
                                                             postgres::Database& database,
                                                             EvaluationClient& evaluation,
                                                             const char* kind,
                                                             const Key& key,
                                                             const Request& request) {
  RETURN_IF_ERROR(domain::CheckEffectPeriods(
      request.before_period(), request.after_period(), key.agency.value()));
  RETURN_IF_ERROR(evaluation.CheckPublished(call, request.before_period()));
  RETURN_IF_ERROR(evaluation.CheckPublished(call, request.after_period()));
  return database.Write(call, [&](postgres::Transaction& tx) {
    return operations::Start(tx, "training", kind, key.agency.value(), key.Name(), request);
  });
}

}  // namespace teraju::training
