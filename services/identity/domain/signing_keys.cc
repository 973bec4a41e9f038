#include "services/identity/domain/signing_keys.h"

#include <algorithm>

namespace teraju::identity::domain {

std::vector<KeyStanding> StandingsOf(std::span<const SigningKeyTimes> keys,
                                     const KeySchedule& schedule,
                                     absl::Time now) {
  std::vector<KeyStanding> standings;
  for (const SigningKeyTimes& key : keys) standings.push_back({.key = key});
  std::stable_sort(standings.begin(), standings.end(), [](const auto& a, const auto& b) {
    return a.key.sign_time > b.key.sign_time;
  });
  absl::Time next = absl::InfiniteFuture();
  for (KeyStanding& standing : standings) {
    standing.retire_time = next;
    if (standing.key.withdraw_time) {
      standing.use = KeyUse::kWithdrawn;
      continue;
    }
    standing.use = standing.key.sign_time > now ? KeyUse::kWaiting
                   : next > now                 ? KeyUse::kSigning
                   : next + schedule.keep > now ? KeyUse::kRetired
                                                : KeyUse::kExpired;
    next = standing.key.sign_time;
  }
  return standings;
}

std::optional<absl::Time> MissingKey(std::span<const KeyStanding> standings,
                                     const KeySchedule& schedule,
                                     absl::Time now) {
  const auto with = [&](KeyUse use) {
    return std::find_if(
        standings.begin(), standings.end(), [&](const auto& one) { return one.use == use; });
  };
  const auto signing = with(KeyUse::kSigning);
  if (signing == standings.end()) return now;
  if (with(KeyUse::kWaiting) != standings.end()) return std::nullopt;
  return std::max(signing->key.sign_time + schedule.age, now + schedule.lead);
}

absl::Time EarliestSignTime(const SigningKeyTimes& key,
                            const KeySchedule& schedule,
                            absl::Time now) {
  return std::max(now, key.create_time + schedule.lead);
}

}  // namespace teraju::identity::domain
