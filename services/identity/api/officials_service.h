// Superiors who are not civil servants.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::identity {

class OfficialsService final : public v1::Officials::CallbackService {
 public:
  OfficialsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetOfficial(grpc::CallbackServerContext* context,
                                        const v1::GetOfficialRequest* request,
                                        v1::Official* response) override;
  grpc::ServerUnaryReactor* ListOfficials(grpc::CallbackServerContext* context,
                                          const v1::ListOfficialsRequest* request,
                                          v1::ListOfficialsResponse* response) override;
  grpc::ServerUnaryReactor* CreateOfficial(grpc::CallbackServerContext* context,
                                           const v1::CreateOfficialRequest* request,
                                           v1::Official* response) override;
  grpc::ServerUnaryReactor* UpdateOfficial(grpc::CallbackServerContext* context,
                                           const v1::UpdateOfficialRequest* request,
                                           v1::Official* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
