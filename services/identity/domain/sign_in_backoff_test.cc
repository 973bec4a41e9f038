#include "services/identity/domain/sign_in_backoff.h"

#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

TEST(SignInBackoff, GrowsAfterFourFailuresAndStaysBounded) {
  EXPECT_EQ(SignInBackoff(0), absl::ZeroDuration());
  EXPECT_EQ(SignInBackoff(4), absl::ZeroDuration());
  EXPECT_EQ(SignInBackoff(5), absl::Seconds(1));
  EXPECT_EQ(SignInBackoff(8), absl::Seconds(8));
  EXPECT_EQ(SignInBackoff(14), absl::Seconds(512));
  EXPECT_EQ(SignInBackoff(15), absl::Minutes(15));
  EXPECT_EQ(SignInBackoff(1'000'000), absl::Minutes(15));
}

}  // namespace
}  // namespace teraju::identity::domain
