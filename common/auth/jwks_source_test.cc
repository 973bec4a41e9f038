#include "common/auth/jwks_source.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/auth/token_signer.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using testing::IsOk;
using testing::StatusIs;

constexpr JwksSource::Options kQuick{.refresh = absl::Milliseconds(5),
                                     .pause = absl::Hours(1),
                                     .first_retry = absl::Milliseconds(5),
                                     .wait = absl::Seconds(10)};
constexpr JwksSource::Options kOnDemand{.refresh = absl::Hours(1),
                                        .pause = absl::Hours(1),
                                        .first_retry = absl::Milliseconds(5),
                                        .wait = absl::Seconds(10)};

class JwksSourceTest : public ::testing::Test {
 protected:
  JwksSource::Fetch Fetch() {
    return [this]() -> absl::StatusOr<std::string> {
      absl::MutexLock lock(&mutex_);
      ++fetches_;
      return document_;
    };
  }
  void Publish(absl::StatusOr<std::string> document) {
    absl::MutexLock lock(&mutex_);
    document_ = std::move(document);
  }
  int fetches() {
    absl::MutexLock lock(&mutex_);
    return fetches_;
  }
  void AwaitFetches(int more) {
    absl::MutexLock lock(&mutex_);
    const int goal = fetches_ + more;
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return fetches_ >= goal; };
    ASSERT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10)));
  }
  static void AwaitKey(JwksSource& source, const TokenSigner& signer) {
    const absl::Time deadline = absl::Now() + absl::Seconds(10);
    while (!source.Find(signer.key_id()).ok() && absl::Now() < deadline) std::this_thread::yield();
    ASSERT_THAT(source.Find(signer.key_id()), IsOk());
  }

  absl::Mutex mutex_;
  int fetches_ = 0;
  const TokenSigner old_ = TokenSigner::Generate();
  const TokenSigner new_ = TokenSigner::Generate();
  absl::StatusOr<std::string> document_ = MakeKeySetDocument({&old_});
  logging::Logger logger_{"test", [](std::string_view) {}};
};

TEST_F(JwksSourceTest, IsUnavailableUntilTheFirstGoodFetchAndKeepsTrying) {
  Publish(absl::UnavailableError("down"));
  JwksSource source(Fetch(), logger_, kOnDemand);
  AwaitFetches(3);
  EXPECT_THAT(source.Find(old_.key_id()), StatusIs(absl::StatusCode::kUnavailable));
  Publish(MakeKeySetDocument({&old_}));
  AwaitKey(source, old_);
}

TEST_F(JwksSourceTest, FetchesOnceForManyUnknownKeys) {
  JwksSource source(Fetch(), logger_, kOnDemand);
  AwaitKey(source, old_);
  const int before = fetches();
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&source, i] {
      for (int k = 0; k < 1000; ++k) {
        EXPECT_THAT(source.Find("unknown-" + std::to_string(i * 1000 + k)),
                    StatusIs(absl::StatusCode::kNotFound));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(fetches(), before + 1);
}

TEST_F(JwksSourceTest, ANewKeyIsFoundByTheFetchThatItsFirstTokenCauses) {
  JwksSource source(Fetch(), logger_, kOnDemand);
  AwaitKey(source, old_);
  Publish(MakeKeySetDocument({&old_, &new_}));
  EXPECT_THAT(source.Find(new_.key_id()), IsOk());
}

TEST_F(JwksSourceTest, KeepsItsKeysWhileFetchesFail) {
  JwksSource source(Fetch(), logger_, kQuick);
  AwaitKey(source, old_);
  for (const absl::StatusOr<std::string>& bad :
       {absl::StatusOr<std::string>(absl::UnavailableError("down")),
        absl::StatusOr<std::string>("{\"keys\":[]}"),
        absl::StatusOr<std::string>("<html>")}) {
    Publish(bad);
    AwaitFetches(2);
    EXPECT_THAT(source.Find(old_.key_id()), IsOk());
  }
}

TEST_F(JwksSourceTest, AKeyThatAGoodFetchDoesNotBringStopsAtOnce) {
  JwksSource source(Fetch(), logger_, kQuick);
  AwaitKey(source, old_);
  Publish(MakeKeySetDocument({&new_}));
  AwaitFetches(2);
  EXPECT_THAT(source.Find(new_.key_id()), IsOk());
  EXPECT_THAT(source.Find(old_.key_id()), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace teraju::auth
