#include "common/postgres/runner.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/commit_records.h"
#include "common/postgres/idempotency.h"

namespace teraju::postgres {
namespace {

constexpr Statement kCommit{"transaction_commit", "COMMIT"};

absl::Status OutcomeUnknown() {
  return errors::Make(absl::StatusCode::kUnknown,
                      errors::reasons::COMMIT_OUTCOME_UNKNOWN,
                      "The answer to the commit was lost.");
}

absl::Status Fault(std::string_view message) {
  return errors::Internal(errors::reasons::INTERNAL_FAULT, message);
}

}  // namespace

bool Runner::idempotent(const Work& work) const {
  return work.mode == Database::Mode::kWrite && !call_.request_id().empty() &&
         !call_.validate_only();
}

std::string Runner::BeginText(Database::Mode mode) {
  const absl::Duration left = call_.deadline() - absl::Now();
  const bool shorter = left < options_.statement_timeout;
  if (mode == Database::Mode::kRead && !shorter) return "";
  std::string text =
      mode == Database::Mode::kWrite  ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
      : mode == Database::Mode::kRead ? "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
                                      : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  if (shorter) {
    absl::StrAppend(&text,
                    "; SET LOCAL statement_timeout = ",
                    std::max<int64_t>(1, absl::ToInt64Milliseconds(left)));
  }
  if (mode == Database::Mode::kWrite && !call_.request_id().empty() && !call_.validate_only()) {
    text += LockAndFindRequest(call_, lease_.session());
  }
  return text;
}

pqxx::result Runner::Control(std::string_view name, const std::string& sql) {
  statement_ = name;
  const absl::Time begin = absl::Now();
  const auto observe = [&](std::string_view outcome) {
    lease_.session().metrics().ObserveStatement(
        name, outcome, absl::ToDoubleSeconds(absl::Now() - begin));
  };
  try {
    pqxx::result result = tx_->exec(sql);
    observe("ok");
    return result;
  } catch (...) {
    observe(OutcomeOf(CurrentSqlFailure().kind));
    throw;
  }
}

Attempt Runner::Run(const Work& work) {
  replays_ = idempotent(work);
  try {
    // Throws when the server has closed the connection meanwhile.
    tx_.emplace(lease_.session().connection());
    const absl::Status status = RunOpen(work);
    if (open_) RollBack();
    return {.status = status};
  } catch (...) {
    return Fail();
  }
}

absl::Status Runner::RunOpen(const Work& work) {
  if (const std::string begin = BeginText(work.mode); !begin.empty()) {
    open_ = true;
    const pqxx::result found = Control("transaction_begin", begin);
    if (replays_) {
      ASSIGN_OR_RETURN(const auto stored, StoredResponse(call_, found));
      if (stored.has_value()) return work.replay(*stored);
    }
  }
  Transaction transaction(call_, *tx_, lease_.session());
  try {
    RETURN_IF_ERROR(work.run(transaction));
    if (transaction.failed_) return Fault("A failed statement was ignored.");
    if (work.mode != Database::Mode::kWrite) {
      const bool writes = !transaction.events_.empty() || !transaction.records_.empty();
      return writes ? Fault("A read wants to write.") : absl::OkStatus();
    }
    RETURN_IF_ERROR(CheckDuties(transaction, transaction.records_));
  } catch (...) {
    statement_ = transaction.last_statement_;
    throw;
  }
  std::optional<std::string> response;
  if (replays_) response = work.response();
  End(CommitRecords(call_, transaction.events_, transaction.records_, response));
  return absl::OkStatus();
}

void Runner::End(std::optional<Query> records) {
  std::vector<Query> queries;
  if (records.has_value()) queries.push_back(*std::move(records));
  if (!call_.validate_only()) queries.push_back({kCommit});
  if (queries.empty()) return;
  const absl::Time begin = absl::Now();
  const auto observe = [&](std::string_view outcome) {
    lease_.session().metrics().ObserveStatement(
        statement_, outcome, absl::ToDoubleSeconds(absl::Now() - begin));
  };
  std::size_t answered = 0;
  statement_ = queries.front().statement.name;
  try {
    for (const Query& query : queries) lease_.session().Prepare(query.statement);
    committing_ = !call_.validate_only();
    lease_.session().RunTogether(queries, [&] {
      observe("ok");
      if (++answered < queries.size()) statement_ = queries[answered].statement.name;
    });
  } catch (const pqxx::sql_error&) {
    observe(OutcomeOf(CurrentSqlFailure().kind));
    // The server refused what comes before COMMIT, and so did not come to it.
    if (statement_ != kCommit.name) committing_ = false;
    throw;
  } catch (...) {
    observe(OutcomeOf(CurrentSqlFailure().kind));
    throw;
  }
  if (!call_.validate_only()) open_ = false;
}

Attempt Runner::Fail() {
  SqlFailure failure = CurrentSqlFailure();
  if (!lease_.session().connection().is_open()) failure.kind = SqlFailure::Kind::kBroken;
  if (failure.kind == SqlFailure::Kind::kFault && options_.on_fault)
    options_.on_fault(statement_, failure.sqlstate);
  if (failure.kind == SqlFailure::Kind::kBroken) {
    lease_.Discard();
    // A repetition under the same request id finds what was committed, and waits for the session
    // that may still be at it.
    if (committing_ && !replays_) return {.status = OutcomeUnknown()};
    return {.status = ToStatus(failure), .repeatable = true, .lost_connection = true};
  }
  if (open_) RollBack();
  return {.status = ToStatus(failure), .repeatable = failure.kind == SqlFailure::Kind::kConflict};
}

void Runner::RollBack() {
  open_ = false;
  try {
    Control("transaction_rollback", "ROLLBACK");
  } catch (...) {
    lease_.Discard();
  }
}

}  // namespace teraju::postgres
