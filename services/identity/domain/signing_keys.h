// Which signing key is used for what, and when there has to be another: times only, no secrets.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace teraju::identity::domain {

struct SigningKeyTimes {
  std::string id;
  absl::Time create_time;
  absl::Time sign_time;
  std::optional<absl::Time> withdraw_time;
};

struct KeySchedule {
  absl::Duration lead;  // published for so long before it signs: longer than verifiers refresh
  absl::Duration age;   // signs for so long
  absl::Duration keep;  // published for so long after it has signed: longer than a token lives
};

enum class KeyUse { kWaiting, kSigning, kRetired, kExpired, kWithdrawn };

struct KeyStanding {
  SigningKeyTimes key;
  KeyUse use = KeyUse::kWaiting;
  absl::Time retire_time = absl::InfiniteFuture();  // when the next begins to sign

  bool published() const {
    return use == KeyUse::kWaiting || use == KeyUse::kSigning || use == KeyUse::kRetired;
  }
};

// Every key with its use at `now`, the latest `sign_time` first. A key signs until the next one
// that is not withdrawn begins.
std::vector<KeyStanding> StandingsOf(std::span<const SigningKeyTimes> keys,
                                     const KeySchedule& schedule,
                                     absl::Time now);

// When a key that is missing would sign: at once where none signs, `age` after the signing one
// where none waits (but not before `lead`); nothing where both are there.
std::optional<absl::Time> MissingKey(std::span<const KeyStanding> standings,
                                     const KeySchedule& schedule,
                                     absl::Time now);

// The earliest time at which a waiting key may sign without a verifier that does not know it.
absl::Time EarliestSignTime(const SigningKeyTimes& key,
                            const KeySchedule& schedule,
                            absl::Time now);

}  // namespace teraju::identity::domain
