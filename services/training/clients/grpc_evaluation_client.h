// EvaluationClient over gRPC.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/training/clients/evaluation_client.h"
#include "teraju/evaluation/v1/competencies_service.grpc.pb.h"
#include "teraju/evaluation/v1/cycles_service.grpc.pb.h"
#include "teraju/evaluation/v1/evaluations_service.grpc.pb.h"

namespace teraju::training {

class GrpcEvaluationClient final : public EvaluationClient {
 public:
  GrpcEvaluationClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : assessments_(channel, own_token),
        cycles_(channel, own_token),
        evaluations_(channel, own_token) {}
  // With one stub each, for tests.
  GrpcEvaluationClient(
      std::unique_ptr<evaluation::v1::CompetencyAssessments::StubInterface> assessments,
      std::unique_ptr<evaluation::v1::Cycles::StubInterface> cycles,
      std::unique_ptr<evaluation::v1::Evaluations::StubInterface> evaluations,
      const rpc::TokenSource& own_token)
      : assessments_(std::move(assessments), own_token),
        cycles_(std::move(cycles), own_token),
        evaluations_(std::move(evaluations), own_token) {}

  absl::Status CheckPublished(const CallContext& call, const std::string& period) override;
  absl::StatusOr<std::vector<domain::Appraisal>> ListAppraisals(const CallContext& call,
                                                                const std::string& period) override;
  absl::StatusOr<std::vector<domain::CompetencyGap>> ListCompetencyGaps(
      const CallContext& call, const std::string& period) override;

 private:
  rpc::Client<evaluation::v1::CompetencyAssessments> assessments_;
  rpc::Client<evaluation::v1::Cycles> cycles_;
  rpc::Client<evaluation::v1::Evaluations> evaluations_;
};

}  // namespace teraju::training
