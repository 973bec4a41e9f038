// The methods of teraju.evaluation.v1.Awards.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/evaluations_service.grpc.pb.h"

namespace teraju::evaluation {

class AwardsService final : public v1::Awards::CallbackService {
 public:
  AwardsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListAwards(grpc::CallbackServerContext* context,
                                       const v1::ListAwardsRequest* request,
                                       v1::ListAwardsResponse* response) override;
  grpc::ServerUnaryReactor* NominateAwards(grpc::CallbackServerContext* context,
                                           const v1::NominateAwardsRequest* request,
                                           v1::NominateAwardsResponse* response) override;
  grpc::ServerUnaryReactor* ConfirmAward(grpc::CallbackServerContext* context,
                                         const v1::ConfirmAwardRequest* request,
                                         v1::Award* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
