// IdentityClient over gRPC.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/catalog/clients/identity_client.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::catalog {

class GrpcIdentityClient final : public IdentityClient {
 public:
  GrpcIdentityClient(const rpc::Channel& channel, rpc::TokenSource own_token)
      : units_(channel, std::move(own_token)) {}
  // With one stub, for tests.
  GrpcIdentityClient(std::unique_ptr<identity::v1::Units::StubInterface> stub,
                     rpc::TokenSource own_token)
      : units_(std::move(stub), std::move(own_token)) {}

  absl::StatusOr<std::vector<std::string>> UnitPath(const CallContext& call,
                                                    const AgencyId& agency,
                                                    const std::string& unit) override;

 private:
  rpc::Client<identity::v1::Units> units_;
};

}  // namespace teraju::catalog
