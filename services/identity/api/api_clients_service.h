// Programs that call the API.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class ApiClientsService final : public v1::ApiClients::CallbackService {
 public:
  ApiClientsService(rpc::Pipeline& pipeline, postgres::Database& database, AccessBarrier& barrier)
      : pipeline_(pipeline), database_(database), barrier_(barrier) {}

  grpc::ServerUnaryReactor* ListApiClients(grpc::CallbackServerContext* context,
                                           const v1::ListApiClientsRequest* request,
                                           v1::ListApiClientsResponse* response) override;
  grpc::ServerUnaryReactor* CreateApiClient(grpc::CallbackServerContext* context,
                                            const v1::CreateApiClientRequest* request,
                                            v1::ApiClient* response) override;
  grpc::ServerUnaryReactor* RotateApiClientSecret(grpc::CallbackServerContext* context,
                                                  const v1::RotateApiClientSecretRequest* request,
                                                  v1::ApiClient* response) override;
  grpc::ServerUnaryReactor* DeleteApiClient(grpc::CallbackServerContext* context,
                                            const v1::DeleteApiClientRequest* request,
                                            google::protobuf::Empty* response) override;

 private:
  absl::StatusOr<v1::ApiClient> Create(const CallContext& call,
                                       const v1::CreateApiClientRequest& request);
  absl::StatusOr<v1::ApiClient> Rotate(const CallContext& call,
                                       const v1::RotateApiClientSecretRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  AccessBarrier& barrier_;
};

}  // namespace teraju::identity
