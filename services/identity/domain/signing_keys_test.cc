#include "services/identity/domain/signing_keys.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

using ::testing::ElementsAre;

const KeySchedule kSchedule{
    .lead = absl::Minutes(10), .age = absl::Hours(24 * 90), .keep = absl::Minutes(15)};

absl::Time Minute(int minutes) { return absl::UnixEpoch() + absl::Minutes(minutes); }

SigningKeyTimes Made(const std::string& id, int created, int signs) {
  return {.id = id,
          .create_time = Minute(created),
          .sign_time = Minute(signs),
          .withdraw_time = std::nullopt};
}

std::vector<KeyUse> UsesAt(const std::vector<SigningKeyTimes>& keys, int minute) {
  std::vector<KeyUse> uses;
  for (const KeyStanding& standing : StandingsOf(keys, kSchedule, Minute(minute)))
    uses.push_back(standing.use);
  return uses;
}

TEST(SigningKeys, OneSignsFromItsTimeUntilTheNextBegins) {
  const std::vector<SigningKeyTimes> keys = {Made("a", 0, 0), Made("b", 0, 100)};
  EXPECT_THAT(UsesAt(keys, 99), ElementsAre(KeyUse::kWaiting, KeyUse::kSigning));
  EXPECT_THAT(UsesAt(keys, 100), ElementsAre(KeyUse::kSigning, KeyUse::kRetired));
  EXPECT_THAT(UsesAt(keys, 114), ElementsAre(KeyUse::kSigning, KeyUse::kRetired));
  EXPECT_THAT(UsesAt(keys, 115), ElementsAre(KeyUse::kSigning, KeyUse::kExpired));
}

TEST(SigningKeys, AWithdrawnOneSignsNothingAndRetiresNobody) {
  std::vector<SigningKeyTimes> keys = {Made("a", 0, 0), Made("b", 0, 100)};
  keys[1].withdraw_time = Minute(101);
  EXPECT_THAT(UsesAt(keys, 102), ElementsAre(KeyUse::kWithdrawn, KeyUse::kSigning));
  EXPECT_EQ(StandingsOf(keys, kSchedule, Minute(102))[1].retire_time, absl::InfiniteFuture());
}

TEST(SigningKeys, TheFirstSignsAtOnceAndTheNextAfterItsAge) {
  EXPECT_EQ(MissingKey({}, kSchedule, Minute(7)), Minute(7));
  std::vector<SigningKeyTimes> keys = {Made("a", 0, 0)};
  EXPECT_EQ(MissingKey(StandingsOf(keys, kSchedule, Minute(7)), kSchedule, Minute(7)),
            Minute(0) + kSchedule.age);
  // Made too late, it still gets its lead.
  const absl::Time late = Minute(0) + kSchedule.age + absl::Hours(1);
  EXPECT_EQ(MissingKey(StandingsOf(keys, kSchedule, late), kSchedule, late), late + kSchedule.lead);
  keys.push_back(Made("b", 7, 100));
  EXPECT_EQ(MissingKey(StandingsOf(keys, kSchedule, Minute(8)), kSchedule, Minute(8)),
            std::nullopt);
}

TEST(SigningKeys, NoneSignsBeforeItsLead) {
  EXPECT_EQ(EarliestSignTime(Made("b", 7, 100), kSchedule, Minute(8)), Minute(17));
  EXPECT_EQ(EarliestSignTime(Made("b", 7, 100), kSchedule, Minute(50)), Minute(50));
}

}  // namespace
}  // namespace teraju::identity::domain
