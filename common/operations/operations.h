// Long-running work (AIP-151): persisted with the business row, executed by any replica, resumed
// after a crash.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/message.h"

namespace teraju::operations {

// The work of one operation while this replica holds its lease.
class Work {
 public:
  virtual ~Work() = default;
  virtual const std::string& name() const = 0;  // `operations/{service}/{id}`
  virtual const std::string& agency() const = 0;
  virtual const google::protobuf::Any& request() const = 0;
  // A background call under the service's own principal, without a deadline. Audit records written
  // with it name whoever started the operation in `on_behalf_of`.
  virtual const CallContext& call() const = 0;
  // Where the last committed step left off; empty at the start.
  virtual const std::string& checkpoint() const = 0;
  // Cancellation was asked for, or this replica is stopping. Long calculations between steps look
  // at it and return early.
  virtual bool cancelled() const = 0;
  // What the progress says from the next step on. No personal data.
  virtual void Say(std::string_view message) = 0;
  // Runs `fn` and stores the checkpoint and the progress in one transaction, only while the lease
  // is held, with an audit record of the step: a step is done once or not at all. Statements in it
  // may take ten minutes. `done` and `total` count what the operation counts. Errors end the
  // handler, which returns them as they are: CANCELLED (OPERATION_CANCELLED), ABORTED when the
  // lease is lost, UNAVAILABLE when the replica stops, and those of `fn`.
  virtual absl::Status Step(std::string_view checkpoint,
                            std::int64_t done,
                            std::int64_t total,
                            absl::FunctionRef<absl::Status(postgres::Transaction&)> fn) = 0;
};

// Does the work from its checkpoint on and returns the response. It may be run again from the last
// committed step, in another process: what it does outside of `Step` must be repeatable.
using Handler = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(Work&)>;

// Inserts the operation in the transaction of the business row, with its audit record, and returns
// it as the RPC's response. `kind` chooses the handler. `key` names what it works on: a second
// operation of the agency on the same key is ABORTED (OPERATION_RUNNING) while the first is not
// done.
absl::StatusOr<google::longrunning::Operation> Start(postgres::Transaction& tx,
                                                     std::string_view service,
                                                     std::string_view kind,
                                                     std::string_view agency,
                                                     std::string_view key,
                                                     const google::protobuf::Message& request);

}  // namespace teraju::operations
