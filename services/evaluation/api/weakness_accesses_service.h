// The methods of teraju.evaluation.v1.WeaknessAccesses.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/weakness_service.grpc.pb.h"

namespace teraju::evaluation {

class WeaknessAccessesService final : public v1::WeaknessAccesses::CallbackService {
 public:
  WeaknessAccessesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetWeaknessAccess(grpc::CallbackServerContext* context,
                                              const v1::GetWeaknessAccessRequest* request,
                                              v1::WeaknessAccess* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
