// One attempt to run a transaction on one session.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"
#include "common/postgres/pool.h"
#include "common/postgres/session.h"
#include "common/postgres/sql_error.h"

namespace teraju::postgres {

struct Attempt {
  absl::Status status;
  // The same work may succeed if it is done again, and is not done twice by that.
  bool repeatable = false;
  bool lost_connection = false;
  // Whether the work has been committed is open (COMMIT_OUTCOME_UNKNOWN).
  bool outcome_open = false;
  // It is known what earlier attempts under the request id have left.
  bool settled = false;
};

class Runner {
 public:
  struct Work {
    Database::Mode mode;
    absl::FunctionRef<absl::Status(Transaction&)> run;
    absl::FunctionRef<absl::Status(const std::string&)> replay;
    absl::FunctionRef<std::string()> response;
  };

  Runner(const DatabaseOptions& options, Pool::Lease& lease, const CallContext& call)
      : options_(options), lease_(lease), call_(call) {}

  Attempt Run(const Work& work);

 private:
  absl::Status RunOpen(const Work& work);
  // What opens the transaction, in one round trip; nothing where a read needs none.
  std::vector<Query> Opening(Database::Mode mode) const;
  // Runs the queries in one round trip; `statement_` is the one that failed.
  void Together(
      const std::vector<Query>& queries,
      absl::FunctionRef<void(const Answer&)> answered = [](const Answer&) {});
  // Writes the records and commits.
  void End(std::optional<Query> records);
  Attempt Fail();
  void RollBack();

  const DatabaseOptions& options_;
  Pool::Lease& lease_;
  const CallContext& call_;
  // Not pqxx::work: its BEGIN would be a round trip of its own.
  std::optional<pqxx::nontransaction> tx_;
  bool open_ = false;        // BEGIN has been sent
  bool committing_ = false;  // COMMIT may have reached the server
  bool replays_ = false;     // the answer is stored under the call's request id
  bool settled_ = false;     // that answer has been looked for
  std::string_view statement_;
};

}  // namespace teraju::postgres
