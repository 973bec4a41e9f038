#include "common/postgres/sql_error.h"

#include <exception>
#include <pqxx/pqxx>

#include "common/errors/error.h"

namespace teraju::postgres {
namespace {

using Kind = SqlFailure::Kind;
namespace reasons = errors::reasons;

Kind KindOf(std::string_view sqlstate) {
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03") return Kind::kConflict;
  if (sqlstate == "57014") return Kind::kTimeout;
  if (sqlstate == "23505" || sqlstate == "23P01") return Kind::kDuplicate;
  // Shutdown, crash, not yet started, dropped database; a session on a server that became a standby
  // must go, too.
  if (sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate == "25006")
    return Kind::kBroken;
  // Out of disk, memory, connections.
  if (sqlstate.starts_with("53")) return Kind::kUnavailable;
  return Kind::kFault;
}

}  // namespace

SqlFailure CurrentSqlFailure() {
  // The order matters: transaction_rollback is no sql_error, too_many_connections is a
  // broken_connection.
  try {
    throw;
  } catch (const pqxx::in_doubt_error&) {
    return {Kind::kBroken, ""};
  } catch (const pqxx::broken_connection&) {
    return {Kind::kBroken, ""};
  } catch (const pqxx::statement_completion_unknown&) {
    return {Kind::kBroken, "40003"};
  } catch (const pqxx::deadlock_detected&) {
    return {Kind::kConflict, "40P01"};
  } catch (const pqxx::transaction_rollback&) {
    return {Kind::kConflict, "40001"};
  } catch (const pqxx::sql_error& error) {
    return {KindOf(error.sqlstate()), error.sqlstate()};
  } catch (const std::exception&) {
    return {Kind::kFault, ""};
  } catch (...) {
    return {Kind::kFault, ""};
  }
}

std::string_view OutcomeOf(Kind kind) {
  switch (kind) {
    case Kind::kConflict:
      return "conflict";
    case Kind::kTimeout:
      return "timeout";
    case Kind::kDuplicate:
      return "duplicate";
    case Kind::kBroken:
      return "broken";
    case Kind::kUnavailable:
      return "unavailable";
    case Kind::kFault:
      return "error";
  }
  return "error";
}

absl::Status DatabaseUnavailable() {
  return errors::Unavailable(reasons::DEPENDENCY_UNAVAILABLE, "The database cannot be reached.")
      .With("dependency", "postgres");
}

absl::Status ToStatus(const SqlFailure& failure) {
  switch (failure.kind) {
    case Kind::kConflict:
      return errors::Aborted(reasons::CONCURRENT_CHANGE, "Concurrent changes kept colliding.");
    case Kind::kTimeout:
      return errors::Make(absl::StatusCode::kDeadlineExceeded,
                          reasons::DEADLINE_PASSED,
                          "A statement ran out of time.");
    case Kind::kDuplicate:
      // The fallback where a store has not asked first (ON CONFLICT DO NOTHING), so the resource is
      // not known here.
      return errors::AlreadyExists(reasons::RESOURCE_EXISTS,
                                   "A resource with this key exists already.")
          .With("resource", "-");
    case Kind::kBroken:
    case Kind::kUnavailable:
      return DatabaseUnavailable();
    case Kind::kFault:
      return errors::Internal(reasons::INTERNAL_FAULT, "A statement failed.");
  }
  return errors::Internal(reasons::INTERNAL_FAULT, "A statement failed.");
}

}  // namespace teraju::postgres
