// The methods of teraju.evaluation.v1.AnnualResults.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/annual_results_service.grpc.pb.h"

namespace teraju::evaluation {

class AnnualResultsService final : public v1::AnnualResults::CallbackService {
 public:
  AnnualResultsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetAnnualResult(grpc::CallbackServerContext* context,
                                            const v1::GetAnnualResultRequest* request,
                                            v1::AnnualResult* response) override;
  grpc::ServerUnaryReactor* ListAnnualResults(grpc::CallbackServerContext* context,
                                              const v1::ListAnnualResultsRequest* request,
                                              v1::ListAnnualResultsResponse* response) override;
  grpc::ServerUnaryReactor* DecideAnnualResult(grpc::CallbackServerContext* context,
                                               const v1::DecideAnnualResultRequest* request,
                                               v1::AnnualResult* response) override;
  grpc::ServerUnaryReactor* ExportAnnualResult(grpc::CallbackServerContext* context,
                                               const v1::ExportAnnualResultRequest* request,
                                               v1::ReceiptFile* response) override;

 private:
  // The result, for a caller who has the method's permission on it.
  absl::StatusOr<v1::AnnualResult> AuthorizeResult(const CallContext& call, const Key& key);
  // A draft as its segments stand now; a final result as it is.
  absl::StatusOr<v1::AnnualResult> Shown(const CallContext& call, v1::AnnualResult result);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
