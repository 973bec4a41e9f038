// The methods of teraju.evaluation.v1.Overviews.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/overview_service.grpc.pb.h"

namespace teraju::evaluation {

// Reminds everybody in whose team something is late, by event and message, and returns how many.
int RemindLateLeaders(postgres::Transaction& tx, const CycleKey& key);

class OverviewsService final : public v1::Overviews::CallbackService {
 public:
  OverviewsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListSubordinates(grpc::CallbackServerContext* context,
                                             const v1::ListSubordinatesRequest* request,
                                             v1::ListSubordinatesResponse* response) override;
  grpc::ServerUnaryReactor* GetParticipation(grpc::CallbackServerContext* context,
                                             const v1::GetParticipationRequest* request,
                                             v1::Participation* response) override;
  grpc::ServerUnaryReactor* RemindLeaders(grpc::CallbackServerContext* context,
                                          const v1::RemindLeadersRequest* request,
                                          v1::RemindLeadersResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
