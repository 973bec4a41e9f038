// Checks whole logs for those who may inspect them: teraju.audit.v1.AuditLogs.
#pragma once

#include <string>
#include <utility>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/audit/v1/audit_logs.grpc.pb.h"

namespace teraju::audit {

class AuditLogsService final : public v1::AuditLogs::CallbackService {
 public:
  // `public_key` is the one that heads are signed by; empty where none are.
  AuditLogsService(rpc::Pipeline& pipeline,
                   postgres::Database& database,
                   std::string service,
                   std::string public_key)
      : pipeline_(pipeline),
        database_(database),
        service_(std::move(service)),
        public_key_(std::move(public_key)) {}

  grpc::ServerUnaryReactor* CheckAuditLog(grpc::CallbackServerContext* context,
                                          const v1::CheckAuditLogRequest* request,
                                          v1::AuditLogCheck* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  const std::string service_;
  const std::string public_key_;
};

}  // namespace teraju::audit
