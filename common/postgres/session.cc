#include "common/postgres/session.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <map>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/postgres/sql_error.h"

namespace teraju::postgres {
namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

// The SQLSTATE of a refusal, empty for success. Throws pqxx::broken_connection where the server
// said nothing.
std::string RefusalOf(PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
    // The answer to the COMMIT of a transaction that has failed before.
    const bool undone = PQcmdStatus(result) == std::string_view("ROLLBACK");
    return undone ? "25P02" : "";
  }
  const char* const sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (sqlstate == nullptr) throw pqxx::broken_connection();
  return sqlstate;
}

}  // namespace

absl::StatusOr<std::string> CompleteDsn(const std::string& dsn,
                                        std::string_view application,
                                        absl::Duration statement_timeout) {
  std::map<std::string, std::string> words = {
      {"application_name", std::string(application)},
      {"client_encoding", "UTF8"},
      {"connect_timeout", "2"},
      {"keepalives_idle", "10"},
      {"keepalives_interval", "3"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"},
      // With several hosts: the primary, also after a failover.
      {"target_session_attrs", "read-write"},
  };
  char* text = nullptr;
  PQconninfoOption* options = PQconninfoParse(dsn.c_str(), &text);
  if (text != nullptr) PQfreemem(text);
  if (options == nullptr)
    return absl::InvalidArgumentError("the connection string of PostgreSQL does not parse");
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) words[option->keyword] = option->val;
  }
  PQconninfoFree(options);
  std::string& settings = words["options"];
  absl::StrAppend(
      &settings,
      settings.empty() ? "" : " ",
      "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601",
      // lz4: the default of PostgreSQL 15 took a fifth of the time of publishing results.
      " -c extra_float_digits=1 -c bytea_output=hex -c default_toast_compression=lz4 -c "
      "statement_timeout=",
      absl::ToInt64Milliseconds(statement_timeout),
      " -c idle_in_transaction_session_timeout=60000");
  std::string complete;
  for (const auto& [key, value] : words) {
    absl::StrAppend(
        &complete, key, "='", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "' ");
  }
  return complete;
}

// The base takes the policy's address only.
Connection::Connection(const std::string& dsn) : connection_base(policy_), policy_(dsn) { init(); }

pqxx::internal::pq::PGconn* Connection::raw() const {
  if (!is_open()) throw pqxx::broken_connection();
  return policy_.started;
}

pqxx::connectionpolicy::handle Connection::Policy::do_startconnect(handle given) {
  return started = connect_direct::do_startconnect(given);
}

Session::Session(const std::string& dsn, metrics::PostgresMetrics& metrics)
    : connection_(dsn), quiet_(connection_), metrics_(metrics) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection_.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const std::string& dsn,
                                                       metrics::PostgresMetrics& metrics) {
  try {
    std::unique_ptr<Session> session(new Session(dsn, metrics));
    metrics.CountConnection();
    return session;
  } catch (const std::exception&) {
    return DatabaseUnavailable();
  }
}

void Session::Prepare(const Statement& statement) {
  const auto known = prepared_.find(statement.name);
  if (known != prepared_.end()) {
    if (known->second.data() != statement.sql.data() && known->second != statement.sql) {
      throw std::logic_error("two statements are called " + std::string(statement.name));
    }
    return;
  }
  connection_.prepare(std::string(statement.name), std::string(statement.sql));
  connection_.prepare_now(std::string(statement.name));
  // Only now: what the server refused is asked of it again.
  prepared_.emplace(statement.name, statement.sql);
}

bool Answer::empty() const { return PQntuples(&result_) == 0; }

std::string Answer::Bytes(int column) const {
  // Behind the `\x` of the session's bytea_output.
  return absl::HexStringToBytes(PQgetvalue(&result_, 0, column) + 2);
}

void Session::RunTogether(std::span<const Query> queries,
                          absl::FunctionRef<void(const Answer&)> answered) {
  PGconn* const raw = connection_.raw();
  const auto must = [](int done) {
    if (done != 1) throw pqxx::broken_connection();
  };
  // After COPY, libpqxx leaves the end of the answers to be read.
  for (Result left(PQgetResult(raw)); left != nullptr; left.reset(PQgetResult(raw))) {
    const ExecStatusType status = PQresultStatus(left.get());
    must(status != PGRES_COPY_IN && status != PGRES_COPY_OUT ? 1 : 0);
  }
  must(PQenterPipelineMode(raw));
  for (const Query& query : queries) {
    const std::string name(query.statement.name);
    std::vector<const char*> values;
    for (const auto& value : query.parameters) values.push_back(value ? value->c_str() : nullptr);
    const int count = static_cast<int>(values.size());
    must(PQsendQueryPrepared(raw, name.c_str(), count, values.data(), nullptr, nullptr, 0));
  }
  must(PQpipelineSync(raw));
  std::optional<pqxx::sql_error> refused;
  for (const Query& query : queries) {
    const Result result(PQgetResult(raw));
    if (!refused) {
      const std::string sqlstate = RefusalOf(result.get());
      if (sqlstate.empty()) {
        answered(Answer(*result));
      } else {
        refused.emplace("", std::string(query.statement.name), sqlstate.c_str());
        if (PQstatus(raw) == CONNECTION_BAD) throw *std::move(refused);
      }
    }
    const Result end(PQgetResult(raw));  // null, which ends the answers to this query
  }
  const Result sync(PQgetResult(raw));
  must(PQexitPipelineMode(raw));
  if (refused) throw *std::move(refused);
}

bool Session::Usable() const {
  if (!connection_.is_open()) return false;
  pollfd socket{connection_.sock(), POLLIN, 0};
  return ::poll(&socket, 1, 0) == 0;
}

void Session::CutOff() const { ::shutdown(connection_.sock(), SHUT_RDWR); }

}  // namespace teraju::postgres
