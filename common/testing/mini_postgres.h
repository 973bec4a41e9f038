// A private PostgreSQL 15 server for tests: own data folder, Unix socket only, stopped and removed
// with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace teraju::testing {

// Started by root, the server runs as the user `postgres` of Debian's package, because PostgreSQL
// refuses root.
class MiniPostgres {
 public:
  struct Options {
    // fsync, full_page_writes and synchronous_commit on: for tests that kill the server and count
    // what is left.
    bool durable = false;
    int max_connections = 200;
    // The file of `teraju-test-postgres` that names the server, empty for a server that belongs to
    // this process.
    std::string dsn_file;
    // Further lines `name = value` of postgresql.conf.
    std::vector<std::string> settings;
  };

  // Makes a server and starts it. First removes what killed runs left behind.
  static absl::StatusOr<MiniPostgres> Create(const Options& options);
  static absl::StatusOr<MiniPostgres> Create() { return Create(Options{}); }
  // Takes over the server in `folder`, as found in the DSN of another process.
  static MiniPostgres Adopt(std::string folder) { return MiniPostgres(std::move(folder)); }

  MiniPostgres(MiniPostgres&& other) noexcept;
  MiniPostgres& operator=(MiniPostgres&& other) noexcept;
  // Stops the server and removes its folder.
  ~MiniPostgres();

  // libpq connection string of the superuser for a database.
  std::string Dsn(std::string_view database = "postgres") const;
  const std::string& folder() const { return folder_; }
  // The process id of the postmaster, 0 when it does not run.
  pid_t pid() const;

  absl::Status Start();
  // Fast: sessions are ended, a checkpoint is written. Immediate: like a crash; recovery at the
  // next start.
  enum class Mode { kFast, kImmediate };
  absl::Status Stop(Mode mode);
  // Kills the postmaster with SIGKILL and waits until all of its children are gone.
  absl::Status Kill9();
  // Leaves the server running when the object goes.
  void Release() { folder_.clear(); }

 private:
  explicit MiniPostgres(std::string folder) : folder_(std::move(folder)) {}
  void Remove();

  std::string folder_;
};

// Stops and removes servers whose owner is gone. Called by Create.
void RemoveStaleServers();

}  // namespace teraju::testing
