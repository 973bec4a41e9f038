// IdentityClient over gRPC, as this service: what it copies it needs whoever calls.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "common/rpc/client_call.h"
#include "services/feedback/clients/identity_client.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::feedback {

class GrpcIdentityClient final : public IdentityClient {
 public:
  GrpcIdentityClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : reporting_lines_(channel, own_token), units_(channel, own_token) {}
  // With stubs of tests.
  GrpcIdentityClient(std::unique_ptr<identity::v1::ReportingLines::StubInterface> reporting_lines,
                     std::unique_ptr<identity::v1::Units::StubInterface> units,
                     const rpc::TokenSource& own_token)
      : reporting_lines_(std::move(reporting_lines), own_token),
        units_(std::move(units), own_token) {}

  absl::StatusOr<std::vector<domain::ReportingLine>> ListReportingLines(
      const CallContext& call, const AgencyId& agency, const google::type::Date& date) override;
  absl::StatusOr<UnitPaths> ListUnitPaths(const CallContext& call, const AgencyId& agency) override;

 private:
  rpc::Client<identity::v1::ReportingLines> reporting_lines_;
  rpc::Client<identity::v1::Units> units_;
};

}  // namespace teraju::feedback
