// Keeps what a replica knows of roles and revocations equal to identity's, under a lease.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/time/clock.h"

namespace teraju::auth {

// How much of identity's changes somebody knows; 0: nothing.
struct AccessVersion {
  std::int64_t changes = 0;   // every change of roles, sessions, accounts and clients counts one
  std::int64_t bindings = 0;  // the last of them that changed a role
};

struct AccessUpdate {
  AccessVersion version;
  absl::Duration lease;                              // from when it was asked for
  std::optional<std::vector<RoleBinding>> bindings;  // all of them, unless they are as known
  std::vector<Mandate> mandates;                     // all of them, with `bindings`
  std::vector<Revocation> revocations;               // since the version that was known
};

// Tells identity every `interval` what this replica knows, which confirms it, and takes over what
// is new; what was new is confirmed at once. Identity answers whoever ends a session or takes a
// role away when every replica has confirmed it or has lost its lease; after its lease a replica
// decides nothing for persons. So nothing that was taken away works after that answer, anywhere.
class AccessFollower {
 public:
  using Source = std::function<absl::StatusOr<AccessUpdate>(const AccessVersion& known)>;

  // `lease_clock` is the one of `bindings`; `clock` tells which revocations have expired.
  AccessFollower(Source source,
                 InMemoryBindings& bindings,
                 const time::Clock& lease_clock,
                 const time::Clock& clock,
                 logging::Logger& logger,
                 absl::Duration interval = absl::Milliseconds(200));
  ~AccessFollower();

  // Asks now, until there is nothing new. When it returns, what identity knew at the call is in
  // force and confirmed, unless the source failed.
  void Refresh();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::auth
