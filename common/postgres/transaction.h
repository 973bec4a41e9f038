// One transaction (or one autocommitted read) as stores see it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/codec.h"
#include "common/postgres/statement.h"

namespace teraju::postgres {

// A change that others may follow, appended to the outbox in this transaction.
struct Event {
  std::string agency;
  std::string resource;
  std::string type;     // `workPlan.approved`
  std::string payload;  // JSON of a message, no personal data beyond ids; may be empty
};

// A record of the audit log, appended in this transaction.
struct AuditRecord {
  std::string agency;
  std::string resource;
  std::string type;
  std::string details;  // canonical JSON without personal data; may be empty
  std::string on_behalf_of;
};

class Transaction {
 public:
  Transaction(const CallContext& call, pqxx::transaction_base& tx, class Session& session);

  // Runs a prepared statement. Parameters are std::string, integers, bool, std::optional of these, and what codec.h turns
  // into them. libpqxx's exceptions end in the runner: stores neither catch nor translate them.
  template <typename... Args>
  pqxx::result Exec(const Statement& statement, const Args&... args);

  // Appended at commit, in one statement together with the idempotency row.
  void Emit(Event event) { events_.push_back(std::move(event)); }
  void Audit(AuditRecord record) { records_.push_back(std::move(record)); }

  // The underlying connection, for COPY (pqxx::stream_to / stream_from).
  pqxx::transaction_base& raw() { return tx_; }
  const CallContext& call() const { return call_; }

 private:
  friend class Database;
  pqxx::result ExecPrepared(const Statement& statement, const std::function<pqxx::result()>& run);
  void Prepare(const Statement& statement);

  const CallContext& call_;
  pqxx::transaction_base& tx_;
  Session& session_;
  std::vector<Event> events_;
  std::vector<AuditRecord> records_;
};

template <typename... Args>
pqxx::result Transaction::Exec(const Statement& statement, const Args&... args) {
  Prepare(statement);
  return ExecPrepared(statement, [&] { return tx_.exec_prepared(std::string(statement.name), args...); });
}

}  // namespace teraju::postgres
