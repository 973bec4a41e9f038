// The methods of competencies and of what posts require of them.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::catalog {

class CompetenciesService final : public v1::Competencies::CallbackService {
 public:
  CompetenciesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListCompetencies(grpc::CallbackServerContext* context,
                                             const v1::ListCompetenciesRequest* request,
                                             v1::ListCompetenciesResponse* response) override;
  grpc::ServerUnaryReactor* CreateCompetency(grpc::CallbackServerContext* context,
                                             const v1::CreateCompetencyRequest* request,
                                             v1::Competency* response) override;
  grpc::ServerUnaryReactor* AdoptCompetencies(grpc::CallbackServerContext* context,
                                              const v1::AdoptCompetenciesRequest* request,
                                              v1::AdoptCompetenciesResponse* response) override;
  grpc::ServerUnaryReactor* ListCompetencyStandards(
      grpc::CallbackServerContext* context,
      const v1::ListCompetencyStandardsRequest* request,
      v1::ListCompetencyStandardsResponse* response) override;
  grpc::ServerUnaryReactor* CreateCompetencyStandard(
      grpc::CallbackServerContext* context,
      const v1::CreateCompetencyStandardRequest* request,
      v1::CompetencyStandard* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::catalog
