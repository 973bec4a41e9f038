// Who appraises whom, on every date.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"

namespace teraju::identity {

class ReportingLinesService final : public v1::ReportingLines::CallbackService {
 public:
  ReportingLinesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ResolveReportingLine(grpc::CallbackServerContext* context,
                                                 const v1::ResolveReportingLineRequest* request,
                                                 v1::ReportingLine* response) override;
  grpc::ServerUnaryReactor* ListSegments(grpc::CallbackServerContext* context,
                                         const v1::ListSegmentsRequest* request,
                                         v1::ListSegmentsResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
