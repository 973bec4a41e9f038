#include "common/rpc/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace teraju::rpc {
namespace {

using ::testing::HasSubstr;
using Turn = Executor::Turn;

constexpr absl::Duration kPatience = absl::Seconds(10);

TEST(Executor, RunsOnItsOwnThreads) {
  metrics::Registry registry;
  Executor executor({.name = "calls", .threads = 2, .queue = 4}, registry);
  absl::Notification done;
  std::thread::id ran_on;
  executor.Submit(absl::InfiniteFuture(), [&](Turn turn) {
    EXPECT_EQ(turn, Turn::kRun);
    ran_on = std::this_thread::get_id();
    done.Notify();
  });
  ASSERT_TRUE(done.WaitForNotificationWithTimeout(kPatience));
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(Executor, AFullQueueRefusesAtOnceOnTheCallersThread) {
  metrics::Registry registry;
  absl::Notification go;
  absl::Notification started;
  std::atomic<int> ran = 0;
  {
    Executor executor({.name = "calls", .threads = 1, .queue = 2}, registry);
    executor.Submit(absl::InfiniteFuture(), [&](Turn) {
      started.Notify();
      go.WaitForNotification();
    });
    started.WaitForNotification();
    for (int i = 0; i < 2; ++i) {
      executor.Submit(absl::InfiniteFuture(),
                      [&](Turn turn) { ran += turn == Turn::kRun ? 1 : 0; });
    }
    bool refused = false;
    executor.Submit(absl::InfiniteFuture(), [&](Turn turn) { refused = turn == Turn::kRefused; });
    EXPECT_TRUE(refused);
    EXPECT_THAT(registry.Text(), HasSubstr("teraju_rpc_queue_depth{executor=\"calls\"} 2\n"));
    EXPECT_THAT(registry.Text(), HasSubstr("teraju_rpc_refused_total{executor=\"calls\"} 1\n"));
    go.Notify();
  }
  EXPECT_EQ(ran, 2) << "what waits is run before the end";
}

TEST(Executor, WhatWaitedPastItsDeadlineIsDropped) {
  metrics::Registry registry;
  absl::Notification go;
  absl::Notification done;
  Executor executor({.name = "calls", .threads = 1, .queue = 2}, registry);
  executor.Submit(absl::InfiniteFuture(), [&](Turn) { go.WaitForNotification(); });
  executor.Submit(absl::Now(), [&](Turn turn) {
    EXPECT_EQ(turn, Turn::kExpired);
    done.Notify();
  });
  go.Notify();
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(kPatience));
}

}  // namespace
}  // namespace teraju::rpc
