// Accounts of persons: handing them over.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class AccountsService final : public v1::Accounts::CallbackService {
 public:
  AccountsService(rpc::Pipeline& pipeline, postgres::Database& database, AccessBarrier& barrier)
      : pipeline_(pipeline), database_(database), barrier_(barrier) {}

  grpc::ServerUnaryReactor* IssueActivationCodes(
      grpc::CallbackServerContext* context,
      const v1::IssueActivationCodesRequest* request,
      v1::IssueActivationCodesResponse* response) override;
  grpc::ServerUnaryReactor* EndAccounts(grpc::CallbackServerContext* context,
                                        const v1::EndAccountsRequest* request,
                                        google::protobuf::Empty* response) override;

 private:
  absl::StatusOr<v1::IssueActivationCodesResponse> Issue(
      const CallContext& call,
      const AgencyId& agency,
      const v1::IssueActivationCodesRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  AccessBarrier& barrier_;
};

}  // namespace teraju::identity
