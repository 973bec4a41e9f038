// The methods of teraju.catalog.v1.Methods.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/catalog/v1/method_service.grpc.pb.h"

namespace teraju::catalog {

class MethodsService final : public v1::Methods::CallbackService {
 public:
  MethodsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetMethod(grpc::CallbackServerContext* context,
                                      const v1::GetMethodRequest* request,
                                      v1::Method* response) override;
  grpc::ServerUnaryReactor* AdoptMethod(grpc::CallbackServerContext* context,
                                        const v1::AdoptMethodRequest* request,
                                        v1::AdoptMethodResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::catalog
