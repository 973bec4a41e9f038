#include "common/rpc/service_token.h"

#include <gtest/gtest.h>

#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace teraju::rpc {
namespace {

using testing::IsOkAndHolds;
using testing::StatusIs;

class ServiceTokenTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
  int fetches_ = 0;
  bool down_ = false;
  ServiceToken token_{[this]() -> absl::StatusOr<ServiceToken::Token> {
                        ++fetches_;
                        if (down_) return absl::UnavailableError("down");
                        return ServiceToken::Token{"token " + std::to_string(fetches_),
                                                   clock_.Now() + absl::Minutes(10)};
                      },
                      clock_};
};

TEST_F(ServiceTokenTest, FetchesOnceAndAgainBeforeTheEnd) {
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 1"));
  clock_.Advance(absl::Minutes(7));
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 1"));
  clock_.Advance(absl::Minutes(1));
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 2"));
}

TEST_F(ServiceTokenTest, UsesAGoodTokenWhileTheIssuerIsDown) {
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 1"));
  down_ = true;
  clock_.Advance(absl::Minutes(9));
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 1"));
  clock_.Advance(absl::Minutes(1));
  EXPECT_THAT(token_.Get(), StatusIs(absl::StatusCode::kUnavailable));
  down_ = false;
  EXPECT_THAT(token_.Get(), IsOkAndHolds("token 4"));
}

TEST_F(ServiceTokenTest, SaysWhyThereIsNone) {
  down_ = true;
  EXPECT_THAT(token_.Get(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace teraju::rpc
