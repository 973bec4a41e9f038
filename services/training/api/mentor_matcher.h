// The operation that matches mentors with mentees.
#pragma once

#include <memory>

#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/training/clients/evaluation_client.h"
#include "services/training/clients/identity_client.h"

namespace teraju::training {

class MentorMatcher {
 public:
  static constexpr char kKind[] = "matchingRun.solve";

  MentorMatcher(postgres::Database& database,
                EvaluationClient& evaluation,
                IdentityClient& identity)
      : database_(database), evaluation_(evaluation), identity_(identity) {}

  // Reads results, staff and earlier pairs, matches without holding a transaction, and stores the
  // pairs in one step.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  postgres::Database& database_;
  EvaluationClient& evaluation_;
  IdentityClient& identity_;
};

}  // namespace teraju::training
