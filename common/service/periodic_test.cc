#include "common/service/periodic.h"

#include <atomic>
#include <string>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"

namespace teraju::service {
namespace {

using ::testing::HasSubstr;

TEST(Periodic, GoesOnAfterAFailureAndEndsWithTheObject) {
  std::string log;
  logging::Logger logger("test", [&](std::string_view line) { log += line; });
  std::atomic<int> runs = 0;
  absl::Notification twice;
  {
    const Periodic periodic(
        "rounds",
        absl::Milliseconds(1),
        [&]() -> absl::Status {
          if (++runs == 2) twice.Notify();
          return absl::UnavailableError("away");
        },
        logger);
    twice.WaitForNotification();
  }
  const int ended = runs;
  EXPECT_GE(ended, 2);
  EXPECT_THAT(log, HasSubstr("rounds_failed"));
}

TEST(Periodic, DoesNotWaitForItsTimeToEnd) {
  std::string log;
  logging::Logger logger("test", [&](std::string_view line) { log += line; });
  std::atomic<int> runs = 0;
  {
    const Periodic periodic(
        "rounds",
        absl::Hours(1),
        [&] {
          ++runs;
          return absl::OkStatus();
        },
        logger);
  }
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace teraju::service
