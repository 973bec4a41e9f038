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
  return OperationStore(tx, service).Insert(kind, agency, key, packed);
}

}  // namespace teraju::operations
