// A service's own database: a bounded pool and the one way to run a transaction.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/transaction.h"
#include "google/protobuf/message.h"

namespace teraju::metrics {
class PostgresMetrics;
}

namespace teraju::postgres {

struct DatabaseOptions {
  std::string dsn;      // libpq connection string, several hosts allowed
  std::string service;  // shown in pg_stat_activity
  int connections = 8;
  absl::Duration acquire_timeout = absl::Seconds(2);  // at most; the call's deadline counts too
  absl::Duration statement_timeout =
      absl::Seconds(5);  // of the session; a shorter deadline sets its own
  int attempts = 5;      // on serialisation failure and deadlock
  // Told of statements that failed by a fault of ours, for the log. The SQLSTATE is empty where an
  // exception was not SQL.
  std::function<void(std::string_view statement, std::string_view sqlstate)> on_fault;
};

class Database {
 public:
  enum class Mode { kRead, kSnapshot, kWrite };

  Database(DatabaseOptions options, metrics::PostgresMetrics& metrics);
  ~Database();

  // Runs `fn(Transaction&) -> absl::StatusOr<T>` (or absl::Status) without an explicit transaction:
  // one statement, one round trip, unless the call's deadline is shorter than the session's
  // statement timeout. Several statements may see several states.
  template <typename F>
  std::invoke_result_t<F, Transaction&> Read(const CallContext& call, F fn);

  // Runs `fn` in a REPEATABLE READ, READ ONLY transaction: several statements see one state.
  template <typename F>
  std::invoke_result_t<F, Transaction&> ReadSnapshot(const CallContext& call, F fn);

  // Runs `fn(Transaction&) -> absl::StatusOr<Message>` in a READ COMMITTED transaction and commits
  // when it returns OK.
  // * with a request id: a repetition of the same request is answered with the stored response,
  // without running `fn`; another
  //   request under the same id is INVALID_ARGUMENT (REQUEST_ID_REUSED); a concurrent duplicate
  //   waits for the first.
  // * validate_only: everything runs, nothing is stored.
  // * serialisation failures and deadlocks are repeated with growing pauses within the deadline:
  // `fn` must have no effect
  //   outside the transaction.
  // * errors: ABORTED (CONCURRENT_CHANGE), DEADLINE_EXCEEDED, UNAVAILABLE, RESOURCE_EXHAUSTED (no
  // connection in time),
  //   UNKNOWN (COMMIT_OUTCOME_UNKNOWN), INTERNAL. No driver text leaves.
  template <typename F>
  std::invoke_result_t<F, Transaction&> Write(const CallContext& call, F fn);

  // Whether the database answers and has at least `migrations` migrations applied
  // (CountMigrations), within `timeout`. For readiness.
  absl::Status Check(int migrations, absl::Duration timeout);

 private:
  // `run` returns OK to commit; `replay` receives a stored response instead of running; `response`
  // gives the bytes to store.
  absl::Status Run(Mode mode,
                   const CallContext& call,
                   absl::FunctionRef<absl::Status(Transaction&)> run,
                   absl::FunctionRef<absl::Status(const std::string&)> replay,
                   absl::FunctionRef<std::string()> response);
  template <typename F>
  std::invoke_result_t<F, Transaction&> RunTyped(Mode mode, const CallContext& call, F& fn);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <typename F>
std::invoke_result_t<F, Transaction&> Database::RunTyped(Mode mode,
                                                         const CallContext& call,
                                                         F& fn) {
  using Result = std::invoke_result_t<F, Transaction&>;
  if constexpr (std::is_same_v<Result, absl::Status>) {
    return Run(
        mode,
        call,
        [&](Transaction& tx) { return fn(tx); },
        [](const std::string&) { return absl::OkStatus(); },
        [] { return std::string(); });
  } else {
    using T = typename Result::value_type;
    Result result = absl::InternalError("not run");
    absl::Status status = Run(
        mode,
        call,
        [&](Transaction& tx) {
          result = fn(tx);
          return result.status();
        },
        [&](const std::string& stored) -> absl::Status {
          if constexpr (std::derived_from<T, google::protobuf::Message>) {
            T message;
            if (!message.ParseFromString(stored))
              return absl::InternalError("stored response does not parse");
            result = std::move(message);
            return absl::OkStatus();
          } else {
            return absl::InternalError("a write with a request id must return a message");
          }
        },
        [&]() -> std::string {
          if constexpr (std::derived_from<T, google::protobuf::Message>) {
            return result->SerializeAsString();
          } else {
            return {};
          }
        });
    if (!status.ok()) return status;
    return result;
  }
}

template <typename F>
std::invoke_result_t<F, Transaction&> Database::Read(const CallContext& call, F fn) {
  return RunTyped(Mode::kRead, call, fn);
}
template <typename F>
std::invoke_result_t<F, Transaction&> Database::ReadSnapshot(const CallContext& call, F fn) {
  return RunTyped(Mode::kSnapshot, call, fn);
}
template <typename F>
std::invoke_result_t<F, Transaction&> Database::Write(const CallContext& call, F fn) {
  return RunTyped(Mode::kWrite, call, fn);
}

}  // namespace teraju::postgres
