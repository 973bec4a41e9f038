// Feedback over gRPC.
#pragma once

#include <memory>
#include <utility>

#include "common/rpc/client_call.h"
#include "services/evaluation/clients/feedback_client.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::evaluation {

class GrpcFeedbackClient final : public FeedbackClient {
 public:
  using Client = rpc::Client<::teraju::feedback::v1::Reports>;
  GrpcFeedbackClient(std::unique_ptr<Client::Stub> stub, rpc::TokenSource own_token)
      : reports_(std::move(stub), std::move(own_token)) {}
  GrpcFeedbackClient(const rpc::Channel& channel, rpc::TokenSource own_token)
      : reports_(channel, std::move(own_token)) {}

  absl::StatusOr<FeedbackPage> ListReports(const CallContext& call,
                                           const std::string& campaign,
                                           const std::string& page_token) override;

 private:
  Client reports_;
};

}  // namespace teraju::evaluation
