// The methods of teraju.evaluation.v1.UnitResults.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/evaluations_service.grpc.pb.h"

namespace teraju::evaluation {

class UnitResultsService final : public v1::UnitResults::CallbackService {
 public:
  UnitResultsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetUnitResult(grpc::CallbackServerContext* context,
                                          const v1::GetUnitResultRequest* request,
                                          v1::UnitResult* response) override;
  grpc::ServerUnaryReactor* ListUnitResults(grpc::CallbackServerContext* context,
                                            const v1::ListUnitResultsRequest* request,
                                            v1::ListUnitResultsResponse* response) override;
  grpc::ServerUnaryReactor* CreateUnitResult(grpc::CallbackServerContext* context,
                                             const v1::CreateUnitResultRequest* request,
                                             v1::UnitResult* response) override;
  grpc::ServerUnaryReactor* UpdateUnitResult(grpc::CallbackServerContext* context,
                                             const v1::UpdateUnitResultRequest* request,
                                             v1::UnitResult* response) override;
  grpc::ServerUnaryReactor* ConfirmUnitResult(grpc::CallbackServerContext* context,
                                              const v1::ConfirmUnitResultRequest* request,
                                              v1::UnitResult* response) override;
  grpc::ServerUnaryReactor* SimulateUnitResult(grpc::CallbackServerContext* context,
                                               const v1::SimulateUnitResultRequest* request,
                                               v1::UnitResultSimulation* response) override;

 private:
  // The result, for a caller who has the method's permission on it.
  absl::StatusOr<v1::UnitResult> AuthorizeResult(const CallContext& call, const Key& key);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
