// Long-running work (AIP-151): persisted with the business row, executed by any replica, resumed after a crash.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"

namespace teraju::operations {

// The work of one operation while this replica holds its lease.
class Work {
 public:
  virtual ~Work() = default;
  virtual const std::string& name() const = 0;      // `operations/{service}/{id}`
  virtual const std::string& agency() const = 0;
  virtual const google::protobuf::Any& request() const = 0;
  // A background context under the service's own principal, with the actor that started the operation in the audit.
  virtual const CallContext& call() const = 0;
  // Where the last committed step left off; empty at the start.
  virtual const std::string& checkpoint() const = 0;
  virtual bool cancelled() const = 0;
  // Runs `fn` and stores the checkpoint and the progress in one transaction, only while the lease is held: a step is done
  // once or not at all. ABORTED when the lease is lost.
  virtual absl::Status Step(std::string_view checkpoint, std::int64_t done, std::int64_t total,
                            absl::FunctionRef<absl::Status(postgres::Transaction&)> fn) = 0;
};

// Does the work from its checkpoint on and returns the response.
using Handler = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(Work&)>;

// Inserts the operation in the transaction of the business row. `key` names what it works on: a second one while the first runs
// is ABORTED (OPERATION_RUNNING). Returns it as the RPC's response.
absl::StatusOr<google::longrunning::Operation> Start(postgres::Transaction& tx, std::string_view service,
                                                     std::string_view kind, std::string_view agency, std::string_view key,
                                                     const google::protobuf::Message& request);

}  // namespace teraju::operations
