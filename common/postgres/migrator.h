// Brings a database to the schema of this build: plain SQL files, forward only, each applied once.
//
// Files are called NNNN_what_it_does.sql. 0001 to 0099 belong to common/postgres and are the same
// in every service; a service begins at 0100. A file runs in one transaction, unless its first line
// is `-- no-transaction` (for CREATE INDEX CONCURRENTLY): then it holds one statement, which must
// be repeatable.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace teraju::postgres {

// Name and text, in order: what teraju_embed makes of a folder.
using Migrations = std::vector<std::pair<std::string_view, std::string_view>>;

// Applies what is missing, the common files first, and returns how many that were. Several
// processes may try at once: one works, the others wait for it, at most `patience`.
// FAILED_PRECONDITION names a file that was edited after it had been applied, a misnamed file, or
// one that comes before an applied one. UNAVAILABLE without a server. A failing statement is
// INTERNAL with the file's name and the SQLSTATE.
absl::StatusOr<int> Migrate(const std::string& dsn,
                            const Migrations& service,
                            absl::Duration patience = absl::Minutes(5));

// How many migrations a complete database has: the common ones and those of `service`. For
// Database::Check.
int CountMigrations(const Migrations& service);

}  // namespace teraju::postgres
