// Passwords as Argon2id hashes (RFC 9106): 19 MiB, two passes, one lane. Slow by purpose, so that
// few run at once.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace teraju::identity {

// Thread-safe.
class PasswordHasher {
 public:
  // At most `concurrent` hashes are computed at a time; others wait for their turn until their
  // deadline, and only so many that they leave threads to those who end sessions.
  explicit PasswordHasher(int concurrent = 2);

  // In PHC string form. RESOURCE_EXHAUSTED (OVERLOADED) without a turn in time.
  absl::StatusOr<std::string> Hash(const std::string& password, absl::Time deadline);
  // Whether the password fits. An empty `hash` (nobody, or no password set) takes the same time and
  // never fits.
  absl::StatusOr<bool> Verify(const std::string& hash,
                              const std::string& password,
                              absl::Time deadline);

 private:
  class Turn;

  absl::Mutex mutex_;
  int free_ ABSL_GUARDED_BY(mutex_);
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string dummy_;  // compared with where there is no hash
};

}  // namespace teraju::identity
