#include "common/testing/test_database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/testing/mini_postgres.h"
#include "common_postgres_migrations.h"

namespace teraju::testing {
namespace {

// A number of our own for the advisory lock under which templates are made.
constexpr char kTemplateLock[] = "SELECT pg_advisory_lock(1952805473, 2)";

// FNV-1a: the same in every process, unlike absl::Hash.
std::string Fingerprint(const postgres::Migrations& service) {
  uint64_t hash = 14695981039346656037u;
  const auto add = [&hash](std::string_view text) {
    for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  };
  for (const postgres::Migrations* migrations : {&postgres::kCommonMigrations, &service}) {
    for (const auto& [name, sql] : *migrations) {
      add(name);
      add(sql);
    }
  }
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

std::string WithDatabase(std::string dsn, std::string_view database) {
  // libpq takes the last of repeated keywords; a URI of a developer's server gets it as a
  // parameter.
  if (dsn.find("://") == std::string::npos) return fmt::format("{} dbname={}", dsn, database);
  return fmt::format(
      "{}{}dbname={}", dsn, dsn.find('?') == std::string::npos ? '?' : '&', database);
}

absl::StatusOr<MiniPostgres>& OwnServer() {
  static absl::StatusOr<MiniPostgres> server = MiniPostgres::Create();
  return server;
}

absl::Status Error(const std::exception& error) { return absl::InternalError(error.what()); }

// Makes the template unless another process has: under a lock, complete before it gets its name.
absl::Status EnsureTemplate(const std::string& name, const postgres::Migrations& service) {
  ASSIGN_OR_RETURN(const std::string admin, TestServerDsn("postgres"));
  pqxx::connection connection(admin);
  pqxx::nontransaction tx(connection);
  tx.exec(kTemplateLock);
  if (!tx.exec("SELECT 1 FROM pg_database WHERE datname = " + tx.quote(name)).empty())
    return absl::OkStatus();
  const std::string unfinished = name + "_unfinished";
  tx.exec("DROP DATABASE IF EXISTS " + unfinished);
  tx.exec("CREATE DATABASE " + unfinished + " TEMPLATE template0");
  ASSIGN_OR_RETURN(const std::string dsn, TestServerDsn(unfinished));
  RETURN_IF_ERROR(postgres::Migrate(dsn, service).status());
  tx.exec("ALTER DATABASE " + unfinished + " RENAME TO " + name);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> TestServerDsn(std::string_view database) {
  if (const char* dsn = std::getenv("TERAJU_TEST_POSTGRES")) return WithDatabase(dsn, database);
  if (const char* file = std::getenv("TERAJU_TEST_POSTGRES_FILE")) {
    std::ifstream in(file);
    std::string dsn;
    if (std::getline(in, dsn)) return WithDatabase(dsn, database);
  }
  if (!OwnServer().ok()) return OwnServer().status();
  return OwnServer()->Dsn(database);
}

absl::StatusOr<std::unique_ptr<TestDatabase>> TestDatabase::Create(
    const postgres::Migrations& service) {
  static std::atomic<int> counter = 0;
  try {
    const std::string source = "teraju_template_" + Fingerprint(service);
    RETURN_IF_ERROR(EnsureTemplate(source, service));
    const std::string name = absl::StrCat("teraju_test_", ::getpid(), "_", ++counter);
    ASSIGN_OR_RETURN(const std::string admin, TestServerDsn("postgres"));
    pqxx::connection connection(admin);
    pqxx::nontransaction tx(connection);
    tx.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    tx.exec("CREATE DATABASE " + name + " TEMPLATE " + source);
    ASSIGN_OR_RETURN(std::string dsn, TestServerDsn(name));
    return std::unique_ptr<TestDatabase>(new TestDatabase(name, std::move(dsn)));
  } catch (const std::exception& error) {
    return Error(error);
  }
}

TestDatabase::~TestDatabase() {
  try {
    pqxx::connection connection(*TestServerDsn("postgres"));
    pqxx::nontransaction(connection).exec("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The server goes away with the run, and its databases with it.
  }
}

absl::Status TestDatabase::Clear() {
  try {
    pqxx::connection connection(dsn_);
    const pqxx::quiet_errorhandler quiet(connection);
    pqxx::nontransaction tx(connection);
    if (truncate_.empty()) {
      for (const pqxx::row& row :
           tx.exec("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")) {
        const std::string table = row[0].c_str();
        if (!tx.exec("SELECT 1 FROM " + table + " LIMIT 1").empty()) continue;
        absl::StrAppend(&truncate_, truncate_.empty() ? "TRUNCATE " : ", ", table);
      }
    }
    // Switches the triggers of append-only tables off; a superuser's right only.
    tx.exec("SET session_replication_role = replica");
    tx.exec(truncate_ + " RESTART IDENTITY");
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return Error(error);
  }
}

absl::StatusOr<std::vector<std::string>> TestDatabase::Query(const std::string& sql) const {
  try {
    pqxx::connection connection(dsn_);
    const pqxx::quiet_errorhandler quiet(connection);
    std::vector<std::string> values;
    for (const pqxx::row& row : pqxx::nontransaction(connection).exec(sql))
      values.emplace_back(row[0].c_str());
    return values;
  } catch (const std::exception& error) {
    return Error(error);
  }
}

}  // namespace teraju::testing
