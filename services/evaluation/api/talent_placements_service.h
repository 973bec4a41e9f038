// The methods of teraju.evaluation.v1.TalentPlacements.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/competencies_service.grpc.pb.h"

namespace teraju::evaluation {

class TalentPlacementsService final : public v1::TalentPlacements::CallbackService {
 public:
  TalentPlacementsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListTalentPlacements(
      grpc::CallbackServerContext* context,
      const v1::ListTalentPlacementsRequest* request,
      v1::ListTalentPlacementsResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
