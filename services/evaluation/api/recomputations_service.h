// The methods of teraju.evaluation.v1.Recomputations.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/recomputations_service.grpc.pb.h"

namespace teraju::evaluation {

class RecomputationsService final : public v1::Recomputations::CallbackService {
 public:
  RecomputationsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* RecomputeScoreReceipt(grpc::CallbackServerContext* context,
                                                  const v1::RecomputeScoreReceiptRequest* request,
                                                  v1::Recomputation* response) override;
  grpc::ServerUnaryReactor* RecomputeAnnualResult(grpc::CallbackServerContext* context,
                                                  const v1::RecomputeAnnualResultRequest* request,
                                                  v1::Recomputation* response) override;
  grpc::ServerUnaryReactor* RecomputeCycle(grpc::CallbackServerContext* context,
                                           const v1::RecomputeCycleRequest* request,
                                           google::longrunning::Operation* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
