#include "common/postgres/migrator.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>
#include <map>
#include <memory>
#include <pqxx/pqxx>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/postgres/session.h"
#include "common/postgres/sql_error.h"
#include "common_postgres_migrations.h"

namespace teraju::postgres {
namespace {

constexpr int kFirstOfService = 100;
// Any pair of numbers, so long as nothing else in these databases uses it.
constexpr char kLock[] = "SELECT pg_try_advisory_lock(1952805473, 1)";

struct File {
  int version;
  std::string name;
  std::string sql;
  std::string checksum;
};

std::string Checksum(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(std::string(reinterpret_cast<char*>(digest), size));
}

absl::Status AddFiles(const Migrations& migrations, int from, int to, std::vector<File>& files) {
  int last = from - 1;
  for (const auto& [name, sql] : migrations) {
    int version = 0;
    const char* digits_end = std::from_chars(name.data(), name.data() + name.size(), version).ptr;
    if (digits_end != name.data() + 4 || !name.substr(4).starts_with('_') ||
        !name.ends_with(".sql") || version <= last || version >= to) {
      return absl::FailedPreconditionError(
          fmt::format("Migration {} must be called NNNN_what_it_does.sql with rising numbers from "
                      "{:04} to {:04}.",
                      name,
                      from,
                      to - 1));
    }
    last = version;
    files.push_back({version, std::string(name), std::string(sql), Checksum(sql)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<File>> AllFiles(const Migrations& service) {
  std::vector<File> files;
  RETURN_IF_ERROR(AddFiles(kCommonMigrations, 1, kFirstOfService, files));
  RETURN_IF_ERROR(AddFiles(service, kFirstOfService, 10000, files));
  return files;
}

absl::Status Lock(pqxx::connection& connection, absl::Duration patience) {
  // Asked again and again instead of waited for: a waiting session holds a snapshot, for which
  // CREATE INDEX CONCURRENTLY of the working one would wait.
  const absl::Time limit = absl::Now() + patience;
  while (!pqxx::nontransaction(connection).exec(kLock)[0][0].as<bool>()) {
    if (absl::Now() > limit)
      return absl::UnavailableError("Another process is still migrating this database.");
    absl::SleepFor(absl::Milliseconds(100));
  }
  return absl::OkStatus();
}

std::map<int, std::string> Applied(pqxx::connection& connection) {
  pqxx::nontransaction tx(connection);
  tx.exec(
      "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, name text NOT "
      "NULL, "
      "checksum text NOT NULL, apply_time timestamptz NOT NULL DEFAULT now())");
  std::map<int, std::string> applied;
  for (const pqxx::row& row : tx.exec("SELECT version, checksum FROM schema_migrations")) {
    applied[row[0].as<int>()] = row[1].c_str();
  }
  return applied;
}

// The files to apply. Numbers grow within each of the two ranges: a later build may bring a common
// file to a database whose service files are all applied.
absl::StatusOr<std::vector<File>> Missing(std::vector<File> files,
                                          const std::map<int, std::string>& applied) {
  std::vector<File> missing;
  for (File& file : files) {
    const auto known = applied.find(file.version);
    if (known != applied.end()) {
      if (known->second == file.checksum) continue;
      return absl::FailedPreconditionError(fmt::format(
          "Migration {} was edited after it had been applied. Restore it and add a new file.",
          file.name));
    }
    const auto next = applied.upper_bound(file.version);
    if (next != applied.end() &&
        (next->first < kFirstOfService) == (file.version < kFirstOfService)) {
      return absl::FailedPreconditionError(fmt::format(
          "Migration {} comes before version {}, which has been applied. Give it a higher number.",
          file.name,
          next->first));
    }
    missing.push_back(std::move(file));
  }
  return missing;
}

absl::Status Apply(pqxx::connection& connection, const File& file) {
  const auto record = [&file](pqxx::transaction_base& tx) {
    tx.exec_params("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                   file.version,
                   file.name,
                   file.checksum);
  };
  try {
    if (file.sql.starts_with("-- no-transaction")) {
      pqxx::nontransaction tx(connection);
      tx.exec(file.sql);
      record(tx);
    } else {
      pqxx::work tx(connection);
      tx.exec(file.sql);
      record(tx);
      tx.commit();
    }
    return absl::OkStatus();
  } catch (const pqxx::sql_error& error) {
    // A migration holds no personal data, and whoever runs it must see what is wrong.
    return absl::InternalError(absl::StrCat(
        "Migration ", file.name, " failed with SQLSTATE ", error.sqlstate(), ": ", error.what()));
  }
}

absl::StatusOr<int> MigrateOn(pqxx::connection& connection,
                              const Migrations& service,
                              absl::Duration patience) {
  ASSIGN_OR_RETURN(std::vector<File> files, AllFiles(service));
  RETURN_IF_ERROR(Lock(connection, patience));
  ASSIGN_OR_RETURN(const std::vector<File> missing, Missing(std::move(files), Applied(connection)));
  for (const File& file : missing) RETURN_IF_ERROR(Apply(connection, file));
  return static_cast<int>(missing.size());
}

}  // namespace

absl::StatusOr<int> Migrate(const std::string& dsn,
                            const Migrations& service,
                            absl::Duration patience) {
  // No statement timeout: a migration of a large table takes its time.
  ASSIGN_OR_RETURN(const std::string complete,
                   CompleteDsn(dsn, "teraju-migrate", absl::ZeroDuration()));
  try {
    pqxx::connection connection(complete);
    const pqxx::quiet_errorhandler quiet(connection);
    return MigrateOn(connection, service, patience);
  } catch (const std::exception&) {
    return DatabaseUnavailable();
  }
}

int CountMigrations(const Migrations& service) {
  return static_cast<int>(kCommonMigrations.size() + service.size());
}

}  // namespace teraju::postgres
