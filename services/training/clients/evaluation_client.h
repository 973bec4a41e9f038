// What training asks of evaluation, as itself: results, to derive needs and to match mentors.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "services/training/domain/derivation.h"

namespace teraju::training {

class EvaluationClient {
 public:
  virtual ~EvaluationClient() = default;

  // FAILED_PRECONDITION (RESULTS_NOT_PUBLISHED) unless the period's results are published.
  // UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::Status CheckPublished(const CallContext& call, const std::string& period) = 0;
  // Every final result of the period. UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::StatusOr<std::vector<domain::Appraisal>> ListAppraisals(
      const CallContext& call, const std::string& period) = 0;
  // What people lack by the final competency assessments of the period's cycle, of each person that
  // of the latest post. UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::StatusOr<std::vector<domain::CompetencyGap>> ListCompetencyGaps(
      const CallContext& call, const std::string& period) = 0;
};

}  // namespace teraju::training
