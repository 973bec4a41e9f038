// gRPC methods of `identity.Delegations`: who prepares appraisals for whom.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/delegations_service.grpc.pb.h"

namespace teraju::identity {

class DelegationsService final : public v1::Delegations::CallbackService {
 public:
  DelegationsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetDelegation(grpc::CallbackServerContext* context,
                                          const v1::GetDelegationRequest* request,
                                          v1::Delegation* response) override;
  grpc::ServerUnaryReactor* ListDelegations(grpc::CallbackServerContext* context,
                                            const v1::ListDelegationsRequest* request,
                                            v1::ListDelegationsResponse* response) override;
  grpc::ServerUnaryReactor* CreateDelegation(grpc::CallbackServerContext* context,
                                             const v1::CreateDelegationRequest* request,
                                             v1::Delegation* response) override;
  grpc::ServerUnaryReactor* RevokeDelegation(grpc::CallbackServerContext* context,
                                             const v1::RevokeDelegationRequest* request,
                                             v1::Delegation* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
