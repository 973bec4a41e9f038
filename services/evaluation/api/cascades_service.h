// The methods of teraju.evaluation.v1.Cascades.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "teraju/evaluation/v1/cascade_service.grpc.pb.h"

namespace teraju::evaluation {

class CascadesService final : public v1::Cascades::CallbackService {
 public:
  CascadesService(rpc::Pipeline& pipeline, postgres::Database& database, CatalogClient& catalog)
      : pipeline_(pipeline), database_(database), catalog_(catalog) {}

  grpc::ServerUnaryReactor* GetCascadeReport(grpc::CallbackServerContext* context,
                                             const v1::GetCascadeReportRequest* request,
                                             v1::CascadeReport* response) override;
  grpc::ServerUnaryReactor* GetTargetHints(grpc::CallbackServerContext* context,
                                           const v1::GetTargetHintsRequest* request,
                                           v1::TargetHints* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
};

}  // namespace teraju::evaluation
