// Databases for tests: cloned from a template that has been migrated once for all test programs of
// a run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/migrator.h"

namespace teraju::testing {

// The superuser's connection string for `database` on the server of this run: TERAJU_TEST_POSTGRES
// (a developer's own server), else the server that the file TERAJU_TEST_POSTGRES_FILE names, else
// one that this process starts for itself.
absl::StatusOr<std::string> TestServerDsn(std::string_view database);

// A database with the common migrations and those of `service`; dropped with the object.
class TestDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<TestDatabase>> Create(const postgres::Migrations& service);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  const std::string& dsn() const { return dsn_; }
  // Empties the tables that the migrations left empty, append-only ones included.
  absl::Status Clear();
  // Runs statements as superuser and returns the first column of the last one as text.
  absl::StatusOr<std::vector<std::string>> Query(const std::string& sql) const;

 private:
  TestDatabase(std::string name, std::string dsn) : name_(std::move(name)), dsn_(std::move(dsn)) {}

  const std::string name_;
  const std::string dsn_;
  std::string truncate_;
};

}  // namespace teraju::testing
