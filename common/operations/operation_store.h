// Operations as rows. Bound to the transaction it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/postgres/transaction.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/status.pb.h"

namespace teraju::operations {

// `operations/{service}/{id}`
std::string OperationName(std::string_view service, std::string_view id);

// What a worker needs of an operation that it has taken.
struct Taken {
  std::string agency;
  std::string id;
  std::string kind;
  std::string starter;
  std::string method;
  std::string call_id;
  std::string locale;
  google::protobuf::Any request;
  std::string checkpoint;
  std::string lease;
  int attempt = 0;  // 1 for the first run since the last step
  bool cancel = false;
};

// An operation for whoever asks about it.
struct Seen {
  google::longrunning::Operation operation;
  std::string agency;
  std::string starter;
};

// Which operations a list shows.
struct ListQuery {
  std::string agency;
  std::string starter;       // empty: of everybody
  std::optional<bool> done;  // absent: both
  std::string before_id;     // the last of the page before; empty: from the newest on
  int size = 0;
};

class OperationStore {
 public:
  OperationStore(postgres::Transaction& tx, std::string_view service)
      : tx_(tx), service_(service) {}

  absl::StatusOr<google::longrunning::Operation> Insert(std::string_view kind,
                                                        std::string_view agency,
                                                        std::string_view key,
                                                        const google::protobuf::Any& request);
  // Nothing where there is none.
  std::optional<Seen> Find(const std::string& id);
  // Newest first.
  std::vector<Seen> List(const ListQuery& query);
  // No effect on an operation that is done.
  void Cancel(const std::string& id);

  // Takes the operation that has been due longest, of one of the kinds, that nobody holds.
  std::optional<Taken> Take(const std::vector<std::string>& kinds, absl::Duration lease);
  // Prolongs the leases. Those still held come back, with their wish for cancellation. A row that a
  // step has locked is skipped: the step prolongs it itself.
  struct Held {
    std::string lease;
    bool cancel;
  };
  std::vector<Held> Prolong(const std::vector<std::string>& leases, absl::Duration lease);
  // Records a step. False when the lease is lost.
  bool Advance(const Taken& taken,
               std::string_view checkpoint,
               std::int64_t done,
               std::int64_t total,
               std::string_view message,
               absl::Duration lease);
  // The ends of a run. No effect when the lease is lost.
  void Succeed(const Taken& taken, const google::protobuf::Any& response);
  void Fail(const Taken& taken, std::string_view state, const google::rpc::Status& error);
  // Gives the operation back; any replica may take it after `delay`. Without blame the attempt does
  // not count.
  void GiveBack(const Taken& taken, absl::Duration delay, bool blame);

 private:
  Seen ToSeen(const pqxx::row& row) const;

  postgres::Transaction& tx_;
  const std::string service_;
};

}  // namespace teraju::operations
