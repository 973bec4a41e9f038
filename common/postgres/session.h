// One connection to PostgreSQL whose settings and prepared statements are known. Thrown away when
// it breaks, never mended: libpqxx 6.4 would reconnect silently and forget both.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/metrics/postgres_metrics.h"
#include "common/postgres/statement.h"

namespace teraju::postgres {

// Adds to a connection string (keywords or URI, several hosts allowed) what every session of ours
// has: UTC, ISO dates, the statement timeout, keepalives, a writable server among several.
// INVALID_ARGUMENT when it does not parse; the text of the error does not repeat the string, which
// may hold a password.
absl::StatusOr<std::string> CompleteDsn(const std::string& dsn,
                                        std::string_view application,
                                        absl::Duration statement_timeout);

// libpqxx 6.4 keeps libpq's connection, and so its pipeline mode, to itself.
class Connection final : public pqxx::connection_base {
 public:
  explicit Connection(const std::string& dsn);
  ~Connection() noexcept { close(); }
  // Throws pqxx::broken_connection when it is closed.
  pqxx::internal::pq::PGconn* raw() const;

 private:
  struct Policy final : pqxx::connect_direct {
    using connect_direct::connect_direct;
    handle do_startconnect(handle given) override;
    handle started = nullptr;
  };
  Policy policy_;
};

// A prepared statement with its parameters as text.
struct Query {
  Statement statement;
  std::vector<std::optional<std::string>> parameters = {};
};

// What the server answered to a query.
class Answer {
 public:
  explicit Answer(const pqxx::internal::pq::PGresult& result) : result_(result) {}
  bool empty() const;  // no rows
  // A bytea of the first row.
  std::string Bytes(int column) const;

 private:
  const pqxx::internal::pq::PGresult& result_;
};

class Session {
 public:
  // UNAVAILABLE when the server cannot be reached. `dsn` comes from CompleteDsn.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const std::string& dsn,
                                                       metrics::PostgresMetrics& metrics);

  Connection& connection() { return connection_; }
  metrics::PostgresMetrics& metrics() { return metrics_; }
  // Makes the statement known under its name. Throws std::logic_error when the name stands for
  // another text.
  void Prepare(const Statement& statement);
  // Runs queries, prepared before, in one round trip, each only if the one before it succeeded, and
  // calls `answered` for each that did, in their order. Throws pqxx::sql_error for the one that the
  // server refused, pqxx::broken_connection when the connection was lost.
  void RunTogether(std::span<const Query> queries, absl::FunctionRef<void(const Answer&)> answered);
  // False when the server has closed the connection or said something while it was idle.
  bool Usable() const;
  // Ends a statement that waits for a silent server: it fails as broken. May be called from another
  // thread.
  void CutOff() const;

 private:
  Session(const std::string& dsn, metrics::PostgresMetrics& metrics);

  Connection connection_;
  pqxx::quiet_errorhandler quiet_;
  metrics::PostgresMetrics& metrics_;
  std::map<std::string_view, std::string_view> prepared_;
};

}  // namespace teraju::postgres
