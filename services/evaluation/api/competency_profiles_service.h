// The methods of teraju.evaluation.v1.CompetencyProfiles.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/competencies_service.grpc.pb.h"

namespace teraju::evaluation {

class CompetencyProfilesService final : public v1::CompetencyProfiles::CallbackService {
 public:
  CompetencyProfilesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* PublishCompetencyProfile(
      grpc::CallbackServerContext* context,
      const v1::PublishCompetencyProfileRequest* request,
      v1::CompetencyProfile* response) override;
  grpc::ServerUnaryReactor* GetCompetencyProfile(grpc::CallbackServerContext* context,
                                                 const v1::GetCompetencyProfileRequest* request,
                                                 v1::CompetencyProfile* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
