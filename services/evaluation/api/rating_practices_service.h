// The methods of teraju.evaluation.v1.RatingPractices.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/rating_practices_service.grpc.pb.h"

namespace teraju::evaluation {

class RatingPracticesService final : public v1::RatingPractices::CallbackService {
 public:
  RatingPracticesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListRatingPractices(grpc::CallbackServerContext* context,
                                                const v1::ListRatingPracticesRequest* request,
                                                v1::ListRatingPracticesResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
