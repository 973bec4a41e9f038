// The methods of behaviour values.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::catalog {

class BehaviorsService final : public v1::Behaviors::CallbackService {
 public:
  BehaviorsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListBehaviors(grpc::CallbackServerContext* context,
                                          const v1::ListBehaviorsRequest* request,
                                          v1::ListBehaviorsResponse* response) override;
  grpc::ServerUnaryReactor* CreateBehavior(grpc::CallbackServerContext* context,
                                           const v1::CreateBehaviorRequest* request,
                                           v1::Behavior* response) override;
  grpc::ServerUnaryReactor* AdoptBehaviors(grpc::CallbackServerContext* context,
                                           const v1::AdoptBehaviorsRequest* request,
                                           v1::AdoptBehaviorsResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::catalog
