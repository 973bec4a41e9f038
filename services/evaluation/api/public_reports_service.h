// The methods of teraju.evaluation.v1.PublicReports.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/public_reports_service.grpc.pb.h"

namespace teraju::evaluation {

class PublicReportsService final : public v1::PublicReports::CallbackService {
 public:
  PublicReportsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetPublicReport(grpc::CallbackServerContext* context,
                                            const v1::GetPublicReportRequest* request,
                                            v1::PublicReport* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
