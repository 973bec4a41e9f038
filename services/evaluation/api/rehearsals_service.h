// The methods of teraju.evaluation.v1.Rehearsals.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/rehearsals_service.grpc.pb.h"

namespace teraju::evaluation {

class RehearsalsService final : public v1::Rehearsals::CallbackService {
 public:
  RehearsalsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ImportPriorGrades(grpc::CallbackServerContext* context,
                                              const v1::ImportPriorGradesRequest* request,
                                              v1::ImportPriorGradesResponse* response) override;
  grpc::ServerUnaryReactor* PublishRehearsalReport(grpc::CallbackServerContext* context,
                                                   const v1::PublishRehearsalReportRequest* request,
                                                   v1::RehearsalReport* response) override;
  grpc::ServerUnaryReactor* GetRehearsalReport(grpc::CallbackServerContext* context,
                                               const v1::GetRehearsalReportRequest* request,
                                               v1::RehearsalReport* response) override;
  grpc::ServerUnaryReactor* SwitchToBinding(grpc::CallbackServerContext* context,
                                            const v1::SwitchToBindingRequest* request,
                                            v1::RehearsalReport* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
