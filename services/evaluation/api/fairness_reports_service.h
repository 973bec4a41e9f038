// The methods of teraju.evaluation.v1.FairnessReports.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/people_client.h"
#include "teraju/evaluation/v1/fairness_service.grpc.pb.h"

namespace teraju::evaluation {

class FairnessReportsService final : public v1::FairnessReports::CallbackService {
 public:
  FairnessReportsService(rpc::Pipeline& pipeline,
                         postgres::Database& database,
                         PeopleClient& people)
      : pipeline_(pipeline), database_(database), people_(people) {}

  grpc::ServerUnaryReactor* PublishFairnessReport(grpc::CallbackServerContext* context,
                                                  const v1::PublishFairnessReportRequest* request,
                                                  v1::FairnessReport* response) override;
  grpc::ServerUnaryReactor* GetFairnessReport(grpc::CallbackServerContext* context,
                                              const v1::GetFairnessReportRequest* request,
                                              v1::FairnessReport* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
