// Runs one of PostgreSQL's programs and waits for it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace teraju::testing {

// The user that servers run as: the caller, or `postgres` when the caller is root.
struct ServerUser {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};
absl::StatusOr<ServerUser> FindServerUser();

// Runs `/usr/lib/postgresql/15/bin/<args[0]>` as `user`; what it prints is appended to `log`. An
// error names the program and shows the end of the log.
absl::Status RunPostgresProgram(const ServerUser& user,
                                const std::vector<std::string>& args,
                                const std::string& log);

}  // namespace teraju::testing
