// The signing keys in the database: which there are, and that there is always one that signs and
// one that waits.
#pragma once

#include <vector>

#include "common/postgres/transaction.h"
#include "services/identity/domain/signing_keys.h"

namespace teraju::identity {

inline constexpr absl::Duration kAccessTokenLife = absl::Minutes(10);

// Verifiers read the keys every five minutes (auth::JwksSource), replicas of this service every
// minute.
inline constexpr domain::KeySchedule kKeySchedule{
    .lead = absl::Minutes(10),
    .age = absl::Hours(24 * 90),
    .keep = absl::Minutes(15)};  // a token, the minute, leeway

// Makes what is missing and removes what has expired, with a record. Replicas that come together
// agree. Returns the keys with their use at `tx.call().time()`.
std::vector<domain::KeyStanding> TendSigningKeys(postgres::Transaction& tx,
                                                 const domain::KeySchedule& schedule);

// The keys with their use now.
std::vector<domain::KeyStanding> ReadSigningKeys(postgres::Transaction& tx,
                                                 const domain::KeySchedule& schedule);

// With a record in the audit log of the installation.
void RecordKey(postgres::Transaction& tx, const std::string& id, const std::string& type);

}  // namespace teraju::identity
