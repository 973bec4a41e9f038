#include "services/gateway/limits/rate_limiter.h"

#include <cmath>

#include "common/testing/check_line.h"
#include "gtest/gtest.h"

namespace teraju::gateway {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);

TEST(RateLimiter, AllowsTheBurstThenTheRate) {
  teraju::testing::CheckLine line("S13", "error of the counted calls in the bucket, percent", "5");
  RateLimiter limiter({.per_second = 10, .burst = 5});
  int allowed = 0;
  for (int ms = 0; ms < 10000; ++ms)
    allowed += limiter.Take("a", kStart + absl::Milliseconds(ms)) ? 0 : 1;
  const double expected = 5 + 10 * 10;  // burst + rate × time
  EXPECT_NEAR(allowed, expected, expected * 0.05);
  line.Set(100 * std::abs(allowed - expected) / expected, 10000);
}

TEST(RateLimiter, SaysWhenTheNextCallFits) {
  RateLimiter limiter({.per_second = 2, .burst = 1});
  EXPECT_FALSE(limiter.Take("a", kStart));
  const auto wait = limiter.Take("a", kStart);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, absl::Milliseconds(500));
  EXPECT_FALSE(limiter.Take("a", kStart + *wait));
}

TEST(RateLimiter, KeepsKeysApart) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limiter.Take("a", kStart));
  EXPECT_TRUE(limiter.Take("a", kStart));
  EXPECT_FALSE(limiter.Take("b", kStart));
}

TEST(RateLimiter, DoesNotLimitWithoutARate) {
  RateLimiter limiter({});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limiter.Take("a", kStart));
}

TEST(RateLimiter, ForgetsFullBucketsOnly) {
  RateLimiter limiter({.per_second = 1, .burst = 2});
  limiter.Take("greedy", kStart);
  limiter.Take("greedy", kStart);
  for (int i = 0; i < 100000; ++i) limiter.Take(std::to_string(i), kStart);
  EXPECT_TRUE(limiter.Take("greedy", kStart));
}

}  // namespace
}  // namespace teraju::gateway
