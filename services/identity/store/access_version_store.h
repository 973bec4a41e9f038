// Versions of who may do what, what has been revoked, and which replicas know of it, as rows. Bound
// to the transaction it is given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/access_follower.h"
#include "common/postgres/transaction.h"

namespace teraju::identity {

inline constexpr absl::Duration kAccessLease = absl::Seconds(5);

// What there is, and how long the lease of a replica that knows a version still runs: zero without
// one, or where it knows another version.
struct AccessStanding {
  auth::AccessVersion version;
  absl::Duration lease;
};

class AccessVersionStore {
 public:
  explicit AccessVersionStore(postgres::Transaction& tx) : tx_(tx) {}

  // A role was given or taken away. Whoever changes versions waits for the other's commit.
  void ChangeBindings();
  // No token of these keys (auth::SessionKey, auth::SubjectKey) is good from now on. They are kept
  // until `expire_time`.
  void Revoke(const std::vector<std::string>& keys, absl::Time expire_time);

  auth::AccessVersion Version() const;
  // In one statement, because every replica asks five times a second.
  AccessStanding StandingOf(const std::string& follower, std::int64_t version) const;
  // A lease of kAccessLease from the start of the transaction, or the present one where that runs
  // longer (an older request that comes late). To be committed before the state that it is given
  // for is read: only then does no change come in between unseen.
  void GiveLease(const std::string& follower, std::int64_t version);
  // Whether every replica that has a lease knows `version`.
  bool ConfirmedByAll(std::int64_t version) const;
  // In the order of their versions, at most `limit`; `last` is the version of the last of them.
  std::vector<auth::Revocation> RevocationsSince(std::int64_t version,
                                                 int limit,
                                                 std::int64_t& last) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
