// The methods of training needs.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/training/clients/evaluation_client.h"
#include "services/training/clients/identity_client.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class NeedsService final : public v1::Needs::CallbackService {
 public:
  NeedsService(rpc::Pipeline& pipeline,
               postgres::Database& database,
               IdentityClient& identity,
               EvaluationClient& evaluation)
      : pipeline_(pipeline), database_(database), identity_(identity), evaluation_(evaluation) {}

  grpc::ServerUnaryReactor* ListNeeds(grpc::CallbackServerContext* context,
                                      const v1::ListNeedsRequest* request,
                                      v1::ListNeedsResponse* response) override;
  grpc::ServerUnaryReactor* CreateNeed(grpc::CallbackServerContext* context,
                                       const v1::CreateNeedRequest* request,
                                       v1::Need* response) override;
  grpc::ServerUnaryReactor* DeriveNeeds(grpc::CallbackServerContext* context,
                                        const v1::DeriveNeedsRequest* request,
                                        google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* DismissNeed(grpc::CallbackServerContext* context,
                                        const v1::DismissNeedRequest* request,
                                        v1::Need* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
  EvaluationClient& evaluation_;
};

}  // namespace teraju::training
