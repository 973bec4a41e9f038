#include "common/service/health.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace teraju::service {
namespace {

class ReadinessTest : public ::testing::Test {
 protected:
  void Answer(absl::Status answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  void AwaitChanges(std::vector<bool> expected) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&] { return changes_ == expected; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10)));
  }
  std::unique_ptr<Readiness> Start() {
    return std::make_unique<Readiness>(
        [this] {
          absl::MutexLock lock(&mutex_);
          return answer_;
        },
        [this](bool ready) {
          absl::MutexLock lock(&mutex_);
          changes_.push_back(ready);
        },
        logger_,
        absl::Milliseconds(1));
  }

  absl::Mutex mutex_;
  absl::Status answer_;
  std::vector<bool> changes_;
  logging::Logger logger_{"test", [](std::string_view) {}};
};

TEST_F(ReadinessTest, FallsAndRises) {
  const auto readiness = Start();
  AwaitChanges({true});
  Answer(absl::UnavailableError("down"));
  AwaitChanges({true, false});
  EXPECT_FALSE(readiness->ready());
  Answer(absl::OkStatus());
  AwaitChanges({true, false, true});
  EXPECT_TRUE(readiness->ready());
}

TEST_F(ReadinessTest, TellsTheFirstAnswerAlsoWhenItIsNo) {
  Answer(absl::UnavailableError("down"));
  const auto readiness = Start();
  AwaitChanges({false});
}

TEST_F(ReadinessTest, DoesNotRiseAgainOnceItStopped) {
  const auto readiness = Start();
  AwaitChanges({true});
  readiness->Stop();
  AwaitChanges({true, false});
  EXPECT_FALSE(readiness->ready());
}

}  // namespace
}  // namespace teraju::service
