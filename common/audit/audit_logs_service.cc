#include "common/audit/audit_logs_service.h"

#include <vector>

#include "common/audit/audit_access.h"
#include "common/audit/log_check.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {

grpc::ServerUnaryReactor* AuditLogsService::CheckAuditLog(grpc::CallbackServerContext* context,
                                                          const v1::CheckAuditLogRequest* request,
                                                          v1::AuditLogCheck* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AuditLogCheck> {
        ASSIGN_OR_RETURN(const std::string agency,
                         AuthorizeLog(call, request->agency(), request->parent()));
        RETURN_IF_ERROR(CheckCollection(request->parent(), service_));
        if (public_key_.empty()) return errors::ResourceNotFound(request->parent() + ":treeHead");
        const std::vector<const v1::TreeHead*> outside(request->outside_heads().pointer_begin(),
                                                       request->outside_heads().pointer_end());
        return database_.ReadSnapshot(call, [&](postgres::Transaction& tx) {
          return CheckLog(tx, service_, agency, public_key_, outside);
        });
      });
}

}  // namespace teraju::audit
