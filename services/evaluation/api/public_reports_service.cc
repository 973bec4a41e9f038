#include "services/evaluation/api/public_reports_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/errors/status_macros.h"
#include "services/evaluation/api/publish_report.h"
#include "services/evaluation/store/public_report_store.h"

namespace teraju::evaluation {

grpc::ServerUnaryReactor* PublicReportsService::GetPublicReport(
    grpc::CallbackServerContext* context,
    const v1::GetPublicReportRequest* request,
    v1::PublicReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PublicReport> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         kPublicReportName.Parse(request->name(), "name"));
        const CycleKey key{ids[0], ids[1]};
        return database_.ReadSnapshot(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PublicReport> {
              if (std::optional<v1::PublicReport> published = PublicReportStore(tx).Find(key))
                return *std::move(published);
              return Announce(tx, key);
            });
      });
}

}  // namespace teraju::evaluation
