// The methods of teraju.evaluation.v1.Evaluations.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/evaluations_service.grpc.pb.h"

namespace teraju::evaluation {

class EvaluationsService final : public v1::Evaluations::CallbackService {
 public:
  EvaluationsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetEvaluation(grpc::CallbackServerContext* context,
                                          const v1::GetEvaluationRequest* request,
                                          v1::Evaluation* response) override;
  grpc::ServerUnaryReactor* ListEvaluations(grpc::CallbackServerContext* context,
                                            const v1::ListEvaluationsRequest* request,
                                            v1::ListEvaluationsResponse* response) override;
  grpc::ServerUnaryReactor* SubmitSelfEvaluation(grpc::CallbackServerContext* context,
                                                 const v1::SubmitSelfEvaluationRequest* request,
                                                 v1::Evaluation* response) override;
  grpc::ServerUnaryReactor* RateEvaluation(grpc::CallbackServerContext* context,
                                           const v1::RateEvaluationRequest* request,
                                           v1::Evaluation* response) override;
  grpc::ServerUnaryReactor* BatchRateEvaluations(
      grpc::CallbackServerContext* context,
      const v1::BatchRateEvaluationsRequest* request,
      v1::BatchRateEvaluationsResponse* response) override;
  grpc::ServerUnaryReactor* SetEvaluationFigures(
      grpc::CallbackServerContext* context,
      const v1::SetEvaluationFiguresRequest* request,
      v1::SetEvaluationFiguresResponse* response) override;
  grpc::ServerUnaryReactor* BatchSetFigures(grpc::CallbackServerContext* context,
                                            const v1::BatchSetFiguresRequest* request,
                                            v1::BatchSetFiguresResponse* response) override;
  grpc::ServerUnaryReactor* AcknowledgeEvaluation(grpc::CallbackServerContext* context,
                                                  const v1::AcknowledgeEvaluationRequest* request,
                                                  v1::Evaluation* response) override;
  grpc::ServerUnaryReactor* GetScoreReceipt(grpc::CallbackServerContext* context,
                                            const v1::GetScoreReceiptRequest* request,
                                            v1::ScoreReceipt* response) override;
  grpc::ServerUnaryReactor* DrawScoreReceipt(grpc::CallbackServerContext* context,
                                             const v1::DrawScoreReceiptRequest* request,
                                             google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* ExportScoreReceipt(grpc::CallbackServerContext* context,
                                               const v1::ExportScoreReceiptRequest* request,
                                               v1::ReceiptFile* response) override;

 private:
  // The receipt of a final evaluation that the caller may see; leaves a trace of the reading.
  // What is to be kept `as_file` is refused of a rehearsal.
  absl::StatusOr<v1::ScoreReceipt> ReadReceipt(const CallContext& call,
                                               const std::string& name,
                                               bool as_file);
  // The evaluation, for a caller who has the method's permission on it.
  absl::StatusOr<v1::Evaluation> AuthorizeEvaluation(const CallContext& call, const Key& key);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
