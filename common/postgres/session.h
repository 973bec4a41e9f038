// One connection to PostgreSQL whose settings and prepared statements are known. Thrown away when
// it breaks, never mended: libpqxx 6.4 would reconnect silently and forget both.
#pragma once

#include <map>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

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

class Session {
 public:
  // UNAVAILABLE when the server cannot be reached. `dsn` comes from CompleteDsn.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const std::string& dsn,
                                                       metrics::PostgresMetrics& metrics);

  pqxx::connection& connection() { return connection_; }
  metrics::PostgresMetrics& metrics() { return metrics_; }
  // Makes the statement known under its name. Throws std::logic_error when the name stands for
  // another text.
  void Prepare(const Statement& statement);
  // False when the server has closed the connection or said something while it was idle.
  bool Usable() const;
  // Ends a statement that waits for a silent server: it fails as broken. May be called from another
  // thread.
  void CutOff() const;

 private:
  Session(const std::string& dsn, metrics::PostgresMetrics& metrics);

  pqxx::connection connection_;
  pqxx::quiet_errorhandler quiet_;
  metrics::PostgresMetrics& metrics_;
  std::map<std::string_view, std::string_view> prepared_;
};

}  // namespace teraju::postgres
