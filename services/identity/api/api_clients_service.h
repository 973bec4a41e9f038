// Programs that call the API.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class ApiClientsService final : public v1::ApiClients::CallbackService {
 public:
  ApiClientsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListApiClients(grpc::CallbackServerContext* context,
                                           const v1::ListApiClientsRequest* request,
                                           v1::ListApiClientsResponse* response) override;
  grpc::ServerUnaryReactor* CreateApiClient(grpc::CallbackServerContext* context,
                                            const v1::CreateApiClientRequest* request,
                                            v1::ApiClient* response) override;
  grpc::ServerUnaryReactor* DeleteApiClient(grpc::CallbackServerContext* context,
                                            const v1::DeleteApiClientRequest* request,
                                            google::protobuf::Empty* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
