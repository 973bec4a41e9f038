// The methods of published reports.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class ReportsService final : public v1::Reports::CallbackService {
 public:
  ReportsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) override;
  grpc::ServerUnaryReactor* DrawReport(grpc::CallbackServerContext* context,
                                       const v1::DrawReportRequest* request,
                                       google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* DrawReportTrend(grpc::CallbackServerContext* context,
                                            const v1::DrawReportTrendRequest* request,
                                            google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* ListReports(grpc::CallbackServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) override;

 private:
  absl::StatusOr<v1::Report> Get(const CallContext& call, const v1::GetReportRequest& request);
  absl::StatusOr<google::api::HttpBody> Draw(const CallContext& call,
                                             const v1::DrawReportRequest& request);
  absl::StatusOr<google::api::HttpBody> DrawTrend(const CallContext& call,
                                                  const v1::DrawReportTrendRequest& request);
  absl::StatusOr<v1::ListReportsResponse> List(const CallContext& call,
                                               const v1::ListReportsRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::feedback
