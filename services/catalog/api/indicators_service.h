// The methods of indicators and their revisions.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/catalog/clients/identity_client.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::catalog {

class IndicatorsService final : public v1::Indicators::CallbackService {
 public:
  IndicatorsService(rpc::Pipeline& pipeline, postgres::Database& database, IdentityClient& identity)
      : pipeline_(pipeline), database_(database), identity_(identity) {}

  grpc::ServerUnaryReactor* GetIndicator(grpc::CallbackServerContext* context,
                                         const v1::GetIndicatorRequest* request,
                                         v1::Indicator* response) override;
  grpc::ServerUnaryReactor* ListIndicators(grpc::CallbackServerContext* context,
                                           const v1::ListIndicatorsRequest* request,
                                           v1::ListIndicatorsResponse* response) override;
  grpc::ServerUnaryReactor* CreateIndicator(grpc::CallbackServerContext* context,
                                            const v1::CreateIndicatorRequest* request,
                                            v1::Indicator* response) override;
  grpc::ServerUnaryReactor* UpdateIndicator(grpc::CallbackServerContext* context,
                                            const v1::UpdateIndicatorRequest* request,
                                            v1::Indicator* response) override;
  grpc::ServerUnaryReactor* PublishIndicator(grpc::CallbackServerContext* context,
                                             const v1::PublishIndicatorRequest* request,
                                             v1::Indicator* response) override;
  grpc::ServerUnaryReactor* LintIndicator(grpc::CallbackServerContext* context,
                                          const v1::LintIndicatorRequest* request,
                                          v1::LintIndicatorResponse* response) override;
  grpc::ServerUnaryReactor* GetIndicatorRevision(grpc::CallbackServerContext* context,
                                                 const v1::GetIndicatorRevisionRequest* request,
                                                 v1::Indicator* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
};

}  // namespace teraju::catalog
