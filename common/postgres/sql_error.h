// What a failure of libpqxx means to a caller. No text of the driver or the server passes: it may
// hold personal data.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace teraju::postgres {

struct SqlFailure {
  enum class Kind {
    kConflict,     // serialisation failure, deadlock: the transaction may be run again
    kTimeout,      // statement_timeout or a cancelled statement
    kDuplicate,    // a unique or exclusion constraint
    kBroken,       // the connection is gone or must not be used again
    kUnavailable,  // the server refuses for now, the connection may live
    kFault,        // our bug
  };
  Kind kind = Kind::kFault;
  std::string sqlstate;  // empty where there is none
};

// Reads the exception that is being handled; to be called in a catch block only.
SqlFailure CurrentSqlFailure();

// The metric label: `ok` is the caller's, here `conflict`, `timeout`, `duplicate`, `broken`,
// `unavailable`, `error`.
std::string_view OutcomeOf(SqlFailure::Kind kind);

// The status that a caller gets.
absl::Status ToStatus(const SqlFailure& failure);

// The database cannot be reached: UNAVAILABLE.
absl::Status DatabaseUnavailable();

}  // namespace teraju::postgres
