#include "services/catalog/domain/indicator.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

using testing::HasReason;
using testing::IsOk;

TEST(PublishIndicator, CountsRevisions) {
  v1::Goal goal;
  goal.set_state(v1::Goal::PUBLISHED);
  v1::Indicator indicator;
  DraftIndicator(indicator);
  EXPECT_EQ(indicator.revision(), 0);
  EXPECT_THAT(PublishIndicator(indicator, goal), IsOk());
  EXPECT_EQ(indicator.revision(), 1);
  EXPECT_EQ(indicator.state(), v1::Indicator::PUBLISHED);
  EXPECT_THAT(PublishIndicator(indicator, goal), IsOk());
  EXPECT_EQ(indicator.revision(), 2);
}

TEST(PublishIndicator, NeedsAPublishedGoal) {
  v1::Goal goal;
  goal.set_name("agencies/dumai/goals/s1");
  v1::Indicator indicator;
  for (const v1::Goal::State state : {v1::Goal::DRAFT, v1::Goal::RETIRED}) {
    goal.set_state(state);
    EXPECT_THAT(PublishIndicator(indicator, goal), HasReason(v1::GOAL_NOT_PUBLISHED));
  }
  EXPECT_EQ(indicator.revision(), 0);
}

TEST(PublishIndicator, RefusesARetiredOne) {
  v1::Goal goal;
  goal.set_state(v1::Goal::PUBLISHED);
  v1::Indicator indicator;
  indicator.set_state(v1::Indicator::RETIRED);
  EXPECT_THAT(PublishIndicator(indicator, goal), HasReason(v1::ALREADY_RETIRED));
}

}  // namespace
}  // namespace teraju::catalog::domain
