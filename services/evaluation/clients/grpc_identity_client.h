// Identity over gRPC.
#pragma once

#include <memory>
#include <utility>

#include "common/rpc/client_call.h"
#include "services/evaluation/clients/identity_client.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"

namespace teraju::evaluation {

class GrpcIdentityClient final : public IdentityClient {
 public:
  using Client = rpc::Client<::teraju::identity::v1::ReportingLines>;
  GrpcIdentityClient(std::unique_ptr<Client::Stub> stub, rpc::TokenSource own_token)
      : reporting_lines_(std::move(stub), std::move(own_token)) {}
  GrpcIdentityClient(const rpc::Channel& channel, rpc::TokenSource own_token)
      : reporting_lines_(channel, std::move(own_token)) {}

  absl::StatusOr<SegmentPage> ListSegments(const CallContext& call,
                                           const SegmentQuery& query) override;

 private:
  Client reporting_lines_;
};

}  // namespace teraju::evaluation
