// The methods of policy packs.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::catalog {

class PolicyPacksService final : public v1::PolicyPacks::CallbackService {
 public:
  PolicyPacksService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetPolicyPack(grpc::CallbackServerContext* context,
                                          const v1::GetPolicyPackRequest* request,
                                          v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* ListPolicyPacks(grpc::CallbackServerContext* context,
                                            const v1::ListPolicyPacksRequest* request,
                                            v1::ListPolicyPacksResponse* response) override;
  grpc::ServerUnaryReactor* GetPolicyPackRevision(grpc::CallbackServerContext* context,
                                                  const v1::GetPolicyPackRevisionRequest* request,
                                                  v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* CreatePolicyPack(grpc::CallbackServerContext* context,
                                             const v1::CreatePolicyPackRequest* request,
                                             v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* UpdatePolicyPack(grpc::CallbackServerContext* context,
                                             const v1::UpdatePolicyPackRequest* request,
                                             v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* AdoptPolicyPack(grpc::CallbackServerContext* context,
                                            const v1::AdoptPolicyPackRequest* request,
                                            v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* TestPolicyPack(grpc::CallbackServerContext* context,
                                           const v1::TestPolicyPackRequest* request,
                                           v1::TestPolicyPackResponse* response) override;
  grpc::ServerUnaryReactor* ActivatePolicyPack(grpc::CallbackServerContext* context,
                                               const v1::ActivatePolicyPackRequest* request,
                                               v1::PolicyPack* response) override;
  grpc::ServerUnaryReactor* EvaluatePolicyPack(grpc::CallbackServerContext* context,
                                               const v1::EvaluatePolicyPackRequest* request,
                                               v1::EvaluatePolicyPackResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::catalog
