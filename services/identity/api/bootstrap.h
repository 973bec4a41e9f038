// What a new installation needs before anybody can call it: the operator's account and the
// services' secrets.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/logging/logger.h"
#include "common/postgres/database.h"
#include "services/identity/api/oauth_service.h"
#include "services/identity/api/password_hasher.h"

namespace teraju::identity {

// Reads lines of `name=secret`; empty lines and `#` are skipped. INVALID_ARGUMENT names the line.
// An empty path: no services.
absl::StatusOr<ServiceSecrets> ReadServiceSecrets(const std::string& path);

// Makes the account `operator` with the role operator once. Its login and password stand in a file:
// what is there is used, else they are generated and written with mode 0600. Thread-safe; cheap
// once it has succeeded.
class Bootstrap {
 public:
  Bootstrap(std::string path, PasswordHasher& hasher, logging::Logger& logger)
      : path_(std::move(path)), hasher_(hasher), logger_(logger) {}

  absl::Status Ensure(postgres::Database& database, const CallContext& call);

 private:
  struct Login {
    std::string name;
    std::string password;
  };
  absl::StatusOr<Login> ReadOrWrite() const;

  const std::string path_;
  PasswordHasher& hasher_;
  logging::Logger& logger_;
  absl::Mutex mutex_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace teraju::identity
