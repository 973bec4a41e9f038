// The methods of goals.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/catalog/clients/identity_client.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::catalog {

class GoalsService final : public v1::Goals::CallbackService {
 public:
  GoalsService(rpc::Pipeline& pipeline, postgres::Database& database, IdentityClient& identity)
      : pipeline_(pipeline), database_(database), identity_(identity) {}

  grpc::ServerUnaryReactor* GetGoal(grpc::CallbackServerContext* context,
                                    const v1::GetGoalRequest* request,
                                    v1::Goal* response) override;
  grpc::ServerUnaryReactor* ListGoals(grpc::CallbackServerContext* context,
                                      const v1::ListGoalsRequest* request,
                                      v1::ListGoalsResponse* response) override;
  grpc::ServerUnaryReactor* CreateGoal(grpc::CallbackServerContext* context,
                                       const v1::CreateGoalRequest* request,
                                       v1::Goal* response) override;
  grpc::ServerUnaryReactor* UpdateGoal(grpc::CallbackServerContext* context,
                                       const v1::UpdateGoalRequest* request,
                                       v1::Goal* response) override;
  grpc::ServerUnaryReactor* PublishGoal(grpc::CallbackServerContext* context,
                                        const v1::PublishGoalRequest* request,
                                        v1::Goal* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
};

}  // namespace teraju::catalog
