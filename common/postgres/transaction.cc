#include "common/postgres/transaction.h"

#include "absl/time/clock.h"
#include "common/postgres/session.h"
#include "common/postgres/sql_error.h"

namespace teraju::postgres {

Transaction::Transaction(const CallContext& call, pqxx::transaction_base& tx, Session& session)
    : call_(call), tx_(tx), session_(session) {}

pqxx::result Transaction::Run(const Statement& statement, absl::FunctionRef<pqxx::result()> run) {
  last_statement_ = statement.name;
  const absl::Time begin = absl::Now();
  const auto observe = [&](std::string_view outcome) {
    session_.metrics().ObserveStatement(
        statement.name, outcome, absl::ToDoubleSeconds(absl::Now() - begin));
  };
  try {
    session_.Prepare(statement);
    pqxx::result result = run();
    observe("ok");
    return result;
  } catch (...) {
    failed_ = true;
    observe(OutcomeOf(CurrentSqlFailure().kind));
    throw;
  }
}

}  // namespace teraju::postgres
