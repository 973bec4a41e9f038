// Feedback over gRPC.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/evaluation/clients/feedback_client.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::evaluation {

class GrpcFeedbackClient final : public FeedbackClient {
 public:
  using Client = rpc::Client<::teraju::feedback::v1::Reports>;
  using SurveysClient = rpc::Client<::teraju::feedback::v1::CitizenSurveys>;
  GrpcFeedbackClient(std::unique_ptr<Client::Stub> reports,
                     std::unique_ptr<SurveysClient::Stub> surveys,
                     const rpc::TokenSource& own_token)
      : reports_(std::move(reports), own_token), surveys_(std::move(surveys), own_token) {}
  GrpcFeedbackClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : reports_(channel, own_token), surveys_(channel, own_token) {}

  absl::StatusOr<FeedbackPage> ListReports(const CallContext& call,
                                           const std::string& campaign,
                                           const std::string& page_token) override;
  absl::StatusOr<std::vector<domain::SurveyIndex>> ListSurveyResults(
      const CallContext& call, const std::string& survey) override;

 private:
  Client reports_;
  SurveysClient surveys_;
};

}  // namespace teraju::evaluation
