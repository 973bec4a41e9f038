// Accounts of persons: handing them over.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class AccountsService final : public v1::Accounts::CallbackService {
 public:
  AccountsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* IssueActivationCodes(
      grpc::CallbackServerContext* context,
      const v1::IssueActivationCodesRequest* request,
      v1::IssueActivationCodesResponse* response) override;

 private:
  absl::StatusOr<v1::IssueActivationCodesResponse> Issue(
      const CallContext& call,
      const AgencyId& agency,
      const v1::IssueActivationCodesRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
