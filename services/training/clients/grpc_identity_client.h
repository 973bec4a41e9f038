// IdentityClient over gRPC.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/training/clients/identity_client.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"

namespace teraju::training {

class GrpcIdentityClient final : public IdentityClient {
 public:
  GrpcIdentityClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : employees_(channel, own_token), lines_(channel, own_token) {}
  // With one stub each, for tests.
  GrpcIdentityClient(std::unique_ptr<identity::v1::Employees::StubInterface> employees,
                     std::unique_ptr<identity::v1::ReportingLines::StubInterface> lines,
                     const rpc::TokenSource& own_token)
      : employees_(std::move(employees), own_token), lines_(std::move(lines), own_token) {}

  absl::StatusOr<ReportingLine> ReportingLineOf(const CallContext& call,
                                                const AgencyId& agency,
                                                const std::string& employee,
                                                absl::CivilDay day) override;
  absl::StatusOr<std::vector<domain::StaffMember>> ListStaff(const CallContext& call,
                                                             const AgencyId& agency) override;

 private:
  rpc::Client<identity::v1::Employees> employees_;
  rpc::Client<identity::v1::ReportingLines> lines_;
};

}  // namespace teraju::training
