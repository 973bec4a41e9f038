// The tree of organisational units.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::identity {

class UnitsService final : public v1::Units::CallbackService {
 public:
  UnitsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const v1::GetUnitRequest* request,
                                    v1::Unit* response) override;
  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const v1::ListUnitsRequest* request,
                                      v1::ListUnitsResponse* response) override;
  grpc::ServerUnaryReactor* CreateUnit(grpc::CallbackServerContext* context,
                                       const v1::CreateUnitRequest* request,
                                       v1::Unit* response) override;
  grpc::ServerUnaryReactor* UpdateUnit(grpc::CallbackServerContext* context,
                                       const v1::UpdateUnitRequest* request,
                                       v1::Unit* response) override;
  grpc::ServerUnaryReactor* AbolishUnit(grpc::CallbackServerContext* context,
                                        const v1::AbolishUnitRequest* request,
                                        v1::Unit* response) override;
  grpc::ServerUnaryReactor* MergeUnits(grpc::CallbackServerContext* context,
                                       const v1::MergeUnitsRequest* request,
                                       v1::Unit* response) override;
  grpc::ServerUnaryReactor* SplitUnit(grpc::CallbackServerContext* context,
                                      const v1::SplitUnitRequest* request,
                                      v1::SplitUnitResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
