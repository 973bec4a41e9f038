// One transaction (or one autocommitted read) as stores see it.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
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
  std::string details;       // canonical JSON without personal data; may be empty
  std::string on_behalf_of;  // empty: as the call says
  std::string about = {};    // the person somebody else has read about, by full name
};

class Session;

class Transaction {
 public:
  Transaction(const CallContext& call, pqxx::transaction_base& tx, Session& session);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs a prepared statement. Parameters are text, integers, bool, std::optional of these, and
  // what codec.h turns into them. libpqxx's exceptions end in the runner: stores neither catch nor
  // translate them.
  template <typename... Args>
  pqxx::result Exec(const Statement& statement, const Args&... args);

  // Appended at commit, in one statement together with the idempotency row.
  void Emit(Event event) { events_.push_back(std::move(event)); }
  void Audit(AuditRecord record) { records_.push_back(std::move(record)); }

  // The underlying connection, for COPY (pqxx::stream_to / stream_from).
  pqxx::transaction_base& raw() { return tx_; }
  const CallContext& call() const { return call_; }

 private:
  friend class Runner;
  pqxx::result Run(const Statement& statement, absl::FunctionRef<pqxx::result()> run);
  // libpqxx 6.4 does not take std::string_view.
  template <typename T>
  static decltype(auto) Parameter(const T& value) {
    if constexpr (std::is_convertible_v<const T&, std::string_view> &&
                  !std::is_same_v<T, std::string>) {
      return std::string(std::string_view(value));
    } else {
      return (value);
    }
  }

  const CallContext& call_;
  pqxx::transaction_base& tx_;
  Session& session_;
  std::vector<Event> events_;
  std::vector<AuditRecord> records_;
  std::string_view last_statement_;
  bool failed_ = false;  // a statement threw: the transaction cannot be committed
};

template <typename... Args>
pqxx::result Transaction::Exec(const Statement& statement, const Args&... args) {
  return Run(statement,
             [&] { return tx_.exec_prepared(std::string(statement.name), Parameter(args)...); });
}

}  // namespace teraju::postgres
