#include "services/evaluation/domain/line_following.h"

#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::Snapshot Stretch(int first_month, int last_month, const std::string& appraiser, int day = 1) {
  v1::Snapshot segment;
  segment.set_employee("agencies/plaju/employees/e");
  segment.set_unit("agencies/plaju/units/u");
  segment.set_position_title("Arsiparis");
  segment.set_appraiser("agencies/plaju/employees/" + appraiser);
  *segment.mutable_start_date() = time::ToDate(absl::CivilDay(2025, first_month, day));
  *segment.mutable_end_date() =
      time::ToDate(absl::CivilDay(absl::CivilMonth(2025, last_month) + 1) - 1);
  return segment;
}

LineSteps Follow(const std::vector<PlannedSegment>& plans,
                 const std::vector<v1::Snapshot>& segments) {
  const auto steps = FollowLine(plans, segments);
  EXPECT_THAT(steps, testing::IsOk());
  return steps.ok() ? *steps : LineSteps();
}

// `plan first-last appraiser` of every step.
std::vector<std::string> Text(const LineSteps& steps) {
  std::vector<std::string> text;
  const auto add = [&](const std::string& plan, const v1::Snapshot& s) {
    text.push_back(plan + " " + std::to_string(s.start_date().month()) + "-" +
                   std::to_string(s.end_date().month()) + " " +
                   s.appraiser().substr(s.appraiser().rfind('/') + 1));
  };
  for (const PlannedSegment& plan : steps.moved) add(plan.plan, plan.snapshot);
  for (const v1::Snapshot& segment : steps.added) add("new", segment);
  for (const std::string& plan : steps.removed) text.push_back("removed " + plan);
  for (const std::string& plan : steps.left) text.push_back("left " + plan);
  return text;
}

TEST(FollowLine, NothingIsToDoWhereAllFit) {
  EXPECT_THAT(Text(Follow({{"p", Stretch(1, 12, "x"), true}}, {Stretch(1, 12, "x")})), IsEmpty());
  EXPECT_THAT(Text(Follow({}, {})), IsEmpty());
}

TEST(FollowLine, AJoinerGetsAPlanAndALeaversPlanEnds) {
  EXPECT_THAT(Text(Follow({}, {Stretch(4, 12, "x")})), ElementsAre("new 4-12 x"));
  EXPECT_THAT(Text(Follow({{"p", Stretch(1, 12, "x"), false}}, {Stretch(1, 3, "x")})),
              ElementsAre("p 1-3 x"));
}

TEST(FollowLine, AnotherAppraiserFromADayOnDividesThePlan) {
  EXPECT_THAT(
      Text(Follow({{"p", Stretch(1, 12, "x"), false}}, {Stretch(1, 6, "x"), Stretch(7, 12, "y")})),
      ElementsAre("p 1-6 x", "new 7-12 y"));
}

TEST(FollowLine, ACorrectedAppraiserOrFirstDayMovesThePlan) {
  EXPECT_THAT(Text(Follow({{"p", Stretch(1, 12, "x"), false}}, {Stretch(1, 12, "y")})),
              ElementsAre("p 1-12 y"));
  EXPECT_THAT(Text(Follow({{"p", Stretch(3, 12, "x"), false}}, {Stretch(5, 12, "x")})),
              ElementsAre("p 5-12 x"));
}

TEST(FollowLine, TheSamePostGoesBeforeCommonDaysAlone) {
  // Both begin on other days than before; the second is in the post of the plan.
  EXPECT_THAT(
      Text(Follow({{"p", Stretch(2, 12, "x"), false}}, {Stretch(1, 4, "y"), Stretch(5, 12, "x")})),
      ElementsAre("p 5-12 x", "new 1-4 y"));
}

TEST(FollowLine, WhatIsNoMoreIsRemovedIfEmptyAndElseLeftWithItsDays) {
  const PlannedSegment first{"p", Stretch(1, 6, "x"), false};
  EXPECT_THAT(Text(Follow({first, {"q", Stretch(7, 12, "y"), true}}, {Stretch(1, 12, "x")})),
              ElementsAre("p 1-12 x", "removed q"));
  // Days in which somebody has written are not given to another plan.
  EXPECT_THAT(Text(Follow({first, {"q", Stretch(7, 12, "y"), false}}, {Stretch(1, 12, "x")})),
              ElementsAre("left q"));
}

TEST(FollowLine, PlansFollowSegmentBySegment) {
  const auto steps = Follow({{"p", Stretch(1, 3, "x"), false}, {"q", Stretch(4, 12, "y"), true}},
                            {Stretch(1, 4, "x"), Stretch(5, 12, "y")});
  EXPECT_THAT(Text(steps), ElementsAre("p 1-4 x", "q 5-12 y"));
  ASSERT_THAT(steps.moved, SizeIs(2));
  EXPECT_TRUE(steps.moved[1].empty);
}

}  // namespace
}  // namespace teraju::evaluation::domain
