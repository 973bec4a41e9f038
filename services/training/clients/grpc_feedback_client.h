// FeedbackClient over gRPC.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/training/clients/feedback_client.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::training {

class GrpcFeedbackClient final : public FeedbackClient {
 public:
  GrpcFeedbackClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : questionnaires_(channel, own_token),
        campaigns_(channel, own_token),
        reports_(channel, own_token) {}
  // With one stub each, for tests.
  GrpcFeedbackClient(std::unique_ptr<feedback::v1::Questionnaires::StubInterface> questionnaires,
                     std::unique_ptr<feedback::v1::Campaigns::StubInterface> campaigns,
                     std::unique_ptr<feedback::v1::Reports::StubInterface> reports,
                     const rpc::TokenSource& own_token)
      : questionnaires_(std::move(questionnaires), own_token),
        campaigns_(std::move(campaigns), own_token),
        reports_(std::move(reports), own_token) {}

  absl::StatusOr<std::vector<domain::TopicFeedback>> ListTopics(
      const CallContext& call, const std::string& campaign) override;

 private:
  absl::StatusOr<feedback::v1::Questionnaire> QuestionnaireOf(const CallContext& call,
                                                              const std::string& campaign);

  rpc::Client<feedback::v1::Questionnaires> questionnaires_;
  rpc::Client<feedback::v1::Campaigns> campaigns_;
  rpc::Client<feedback::v1::Reports> reports_;
};

}  // namespace teraju::training
