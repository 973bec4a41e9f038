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
    if (idempotent(work)) {
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
    std::optional<std::string> response;
    if (idempotent(work)) response = work.response();
    WriteCommitRecords(transaction, transaction.events_, transaction.records_, response);
  } catch (...) {
    statement_ = transaction.last_statement_;
    throw;
  }
  if (call_.validate_only()) return absl::OkStatus();
  committing_ = true;
  Control("transaction_commit", "COMMIT");
  open_ = false;
  return absl::OkStatus();
}

Attempt Runner::Fail() {
  SqlFailure failure = CurrentSqlFailure();
  if (!lease_.session().connection().is_open()) failure.kind = SqlFailure::Kind::kBroken;
  if (failure.kind == SqlFailure::Kind::kFault && options_.on_fault)
    options_.on_fault(statement_, failure.sqlstate);
  if (failure.kind == SqlFailure::Kind::kBroken) {
    lease_.Discard();
    if (committing_) return {.status = OutcomeUnknown()};
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
