// The institutions of this installation.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::identity {

class AgenciesService final : public v1::Agencies::CallbackService {
 public:
  AgenciesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetAgency(grpc::CallbackServerContext* context,
                                      const v1::GetAgencyRequest* request,
                                      v1::Agency* response) override;
  grpc::ServerUnaryReactor* ListAgencies(grpc::CallbackServerContext* context,
                                         const v1::ListAgenciesRequest* request,
                                         v1::ListAgenciesResponse* response) override;
  grpc::ServerUnaryReactor* CreateAgency(grpc::CallbackServerContext* context,
                                         const v1::CreateAgencyRequest* request,
                                         v1::Agency* response) override;
  grpc::ServerUnaryReactor* UpdateAgency(grpc::CallbackServerContext* context,
                                         const v1::UpdateAgencyRequest* request,
                                         v1::Agency* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
