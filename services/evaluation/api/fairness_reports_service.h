// The methods of teraju.evaluation.v1.FairnessReports.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/cycle.pb.h"
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
  grpc::ServerUnaryReactor* DrawFairnessReport(grpc::CallbackServerContext* context,
                                               const v1::DrawFairnessReportRequest* request,
                                               google::api::HttpBody* response) override;

 private:
  // With the cycle, once authorised. NOT_FOUND.
  struct Published {
    CycleKey key;
    v1::Cycle cycle;
    v1::FairnessReport report;
  };
  absl::StatusOr<Published> Find(const CallContext& call, const std::string& name);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
