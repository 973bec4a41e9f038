// R06: a write sent again is done once and answered as the first time; another write under the same
// id is refused.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/check_line.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

constexpr int kKeys = 1000;
constexpr int kAtOnce = 5;

TEST(Idempotency, EachKeyHasOneEffectAndOneAnswer) {
  harness::CheckLine line("R06", "effects", "1000 effects of 5000 writes, replays identical");
  harness::Suite::Options options;
  options.services = {"identity", "catalog", "gateway"};
  auto suite = harness::Suite::Start(options);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, kAtOnce);

  std::vector<std::vector<std::string>> bodies(kKeys, std::vector<std::string>(kAtOnce));
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kAtOnce; ++caller) {
    threads.emplace_back([&, caller] {
      for (int key = 0; key < kKeys; ++key) {
        const auto answer = crowd.Goal(caller,
                                       "Sasaran " + std::to_string(key),
                                       simulation::RequestId("R06", std::to_string(key)));
        bodies[key][caller] = std::to_string(answer.status) + json::serialize(answer.body);
        // Killed once in the middle: what was acknowledged stays, what was not is done by the
        // repetition.
        if (caller == 0 && key == kKeys / 2) {
          (*suite)->process("catalog").Kill9();
          EXPECT_TRUE((*suite)->process("catalog").Start().ok());
          EXPECT_TRUE((*suite)->WaitReady("catalog").ok());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int mismatches = 0;
  for (int key = 0; key < kKeys; ++key) {
    std::set<std::string> answers;
    for (std::string& body : bodies[key]) {
      if (!body.starts_with("200")) {  // refused while the service was down: asked again now
        const auto again = crowd.Goal(
            0, "Sasaran " + std::to_string(key), simulation::RequestId("R06", std::to_string(key)));
        body = std::to_string(again.status) + json::serialize(again.body);
      }
      answers.insert(body);
    }
    if (answers.size() != 1 || !answers.begin()->starts_with("200")) ++mismatches;
  }
  EXPECT_EQ(mismatches, 0);
  const std::int64_t effects = Count(**suite, "catalog", "SELECT count(*) FROM goals");
  EXPECT_EQ(effects, kKeys);
  line.Set(static_cast<double>(effects), static_cast<std::int64_t>(kKeys) * kAtOnce);

  // The same id for another write is refused and changes nothing; without an id, each write is its
  // own.
  const auto other = crowd.Goal(0, "Lain", simulation::RequestId("R06", "1"));
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(json::serialize(other.body), ::testing::HasSubstr("REQUEST_ID_REUSED"));
  EXPECT_EQ(crowd.Goal(0, "Bukan UUID", "tidak-benar").status, 400);
  EXPECT_EQ(Count(**suite, "catalog", "SELECT count(*) FROM goals"), kKeys);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(crowd.Goal(0, "Tanpa kunci", "").status, 200);
  EXPECT_EQ(Count(**suite, "catalog", "SELECT count(*) FROM goals"), kKeys + 2);
}

}  // namespace
}  // namespace teraju::resilience
