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

constexpr Statement kBeginWrite{"transaction_begin",
                                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
constexpr Statement kBeginRead{"transaction_begin_read",
                               "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"};
constexpr Statement kBeginSnapshot{"transaction_begin_snapshot",
                                   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
constexpr Statement kSetTimeout{"transaction_timeout",
                                "SELECT set_config('statement_timeout', $1, true)"};
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

std::vector<Query> Runner::Opening(Database::Mode mode) const {
  const absl::Duration left = call_.deadline() - absl::Now();
  const bool shorter = left < options_.statement_timeout;
  if (mode == Database::Mode::kRead && !shorter) return {};
  std::vector<Query> queries = {{mode == Database::Mode::kWrite  ? kBeginWrite
                                 : mode == Database::Mode::kRead ? kBeginRead
                                                                 : kBeginSnapshot}};
  if (shorter) {
    const int64_t milliseconds = std::max<int64_t>(1, absl::ToInt64Milliseconds(left));
    queries.push_back({kSetTimeout, {absl::StrCat(milliseconds)}});
  }
  if (replays_) {
    for (Query& query : LockAndFindRequest(call_)) queries.push_back(std::move(query));
  }
  return queries;
}

void Runner::Together(const std::vector<Query>& queries,
                      absl::FunctionRef<void(const Answer&)> answered) {
  absl::Time begin = absl::Now();
  const auto observe = [&](std::string_view outcome) {
    const absl::Time end = absl::Now();
    lease_.session().metrics().ObserveStatement(
        statement_, outcome, absl::ToDoubleSeconds(end - begin));
    begin = end;
  };
  auto next = queries.begin();
  statement_ = next->statement.name;
  try {
    lease_.session().RunTogether(queries, [&](const Answer& answer) {
      observe("ok");
      answered(answer);
      if (++next != queries.end()) statement_ = next->statement.name;
    });
  } catch (...) {
    observe(OutcomeOf(CurrentSqlFailure().kind));
    throw;
  }
}

Attempt Runner::Run(const Work& work) {
  replays_ =
      work.mode == Database::Mode::kWrite && !call_.request_id().empty() && !call_.validate_only();
  try {
    // Throws when the server has closed the connection meanwhile.
    tx_.emplace(lease_.session().connection());
    const absl::Status status = RunOpen(work);
    if (open_) RollBack();
    return {.status = status, .settled = settled_};
  } catch (...) {
    Attempt attempt = Fail();
    attempt.settled = settled_;
    return attempt;
  }
}

absl::Status Runner::RunOpen(const Work& work) {
  if (const std::vector<Query> opening = Opening(work.mode); !opening.empty()) {
    absl::StatusOr<std::optional<std::string>> stored = std::nullopt;
    for (const Query& query : opening) lease_.session().Prepare(query.statement);
    open_ = true;
    Together(opening, [&](const Answer& answer) {
      if (replays_ && statement_ == opening.back().statement.name)
        stored = StoredResponse(call_, answer);
    });
    settled_ = replays_;
    RETURN_IF_ERROR(stored.status());
    if (stored->has_value()) return work.replay(**stored);
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
  for (const Query& query : queries) lease_.session().Prepare(query.statement);
  committing_ = !call_.validate_only();
  try {
    Together(queries);
  } catch (const pqxx::sql_error&) {
    // The server refused what comes before COMMIT, and so did not come to it.
    if (statement_ != kCommit.name) committing_ = false;
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
    if (committing_) {
      return {.status = OutcomeUnknown(),
              .repeatable = replays_,
              .lost_connection = true,
              .outcome_open = true};
    }
    return {.status = ToStatus(failure), .repeatable = true, .lost_connection = true};
  }
  if (open_) RollBack();
  return {.status = ToStatus(failure), .repeatable = failure.kind == SqlFailure::Kind::kConflict};
}

void Runner::RollBack() {
  open_ = false;
  try {
    tx_->exec("ROLLBACK");
  } catch (...) {
    lease_.Discard();
  }
}

}  // namespace teraju::postgres
