// What the PostgreSQL layer reports: statements by name and outcome, the pool, repeated
// transactions.
#pragma once

#include <memory>
#include <string_view>

#include "common/metrics/registry.h"

namespace teraju::metrics {

// Thread-safe. Names are those of postgres::Statement.
class PostgresMetrics {
 public:
  explicit PostgresMetrics(Registry& registry);
  ~PostgresMetrics();

  // `outcome` is `ok` or an SQLSTATE class in words (`conflict`, `timeout`, `broken`, `error`).
  void ObserveStatement(std::string_view name, std::string_view outcome, double seconds);
  // Connections that transactions hold, and callers that wait for one.
  void SetPoolInUse(int connections);
  void SetPoolWaiting(int callers);
  // Connections opened since the start (the first ones and replacements of broken ones).
  void CountConnection();
  // A transaction that is run again after a serialisation failure or deadlock.
  void CountRetry();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::metrics
