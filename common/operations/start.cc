#include <fmt/format.h>

#include "common/errors/status_macros.h"
#include "common/operations/operation_store.h"
#include "common/operations/operations.h"

namespace teraju::operations {

absl::StatusOr<google::longrunning::Operation> Start(postgres::Transaction& tx,
                                                     std::string_view service,
                                                     std::string_view kind,
                                                     std::string_view agency,
                                                     std::string_view key,
                                                     const google::protobuf::Message& request) {
  google::protobuf::Any packed;
  packed.PackFrom(request);
  ASSIGN_OR_RETURN(google::longrunning::Operation started,
                   OperationStore(tx, service).Insert(kind, agency, key, packed));
  tx.Audit({.agency = std::string(agency),
            .resource = started.name(),
            .type = "operation.started",
            .details = fmt::format(R"({{"kind":"{}","key":"{}"}})", kind, key)});
  return started;
}

}  // namespace teraju::operations
