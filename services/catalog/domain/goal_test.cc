#include "services/catalog/domain/goal.h"

#include <array>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

v1::Goal MakeGoal(const std::string& id, v1::Goal::Kind kind, v1::Goal::State state) {
  v1::Goal goal;
  goal.set_name("agencies/dumai/goals/" + id);
  goal.set_kind(kind);
  goal.set_state(state);
  goal.set_first_year(2025);
  goal.set_last_year(2029);
  return goal;
}

TEST(CheckGoal, AcceptsOneYear) {
  v1::Goal goal = MakeGoal("s1", v1::Goal::STRATEGIC_GOAL, v1::Goal::DRAFT);
  goal.set_last_year(2025);
  EXPECT_THAT(CheckGoal(goal), IsOk());
}

TEST(CheckGoal, RefusesAnEndBeforeTheBeginning) {
  v1::Goal goal = MakeGoal("s1", v1::Goal::STRATEGIC_GOAL, v1::Goal::DRAFT);
  goal.set_last_year(2024);
  EXPECT_THAT(CheckGoal(goal), HasReason(v1::GOAL_YEARS_INVALID));
}

TEST(CheckGoal, RefusesAStrategicGoalThatServesAnother) {
  v1::Goal goal = MakeGoal("s1", v1::Goal::STRATEGIC_GOAL, v1::Goal::DRAFT);
  goal.set_parent_goal("agencies/dumai/goals/s2");
  EXPECT_THAT(CheckGoal(goal), HasReason(v1::GOAL_PARENT_INVALID));
}

TEST(CheckParent, AcceptsTheSameOrAHigherLevelOnly) {
  using Kind = v1::Goal;
  struct Case {
    v1::Goal::Kind goal, parent;
    bool allowed;
  };
  for (const Case& c : {Case{Kind::PROGRAMME, Kind::STRATEGIC_GOAL, true},
                        Case{Kind::PROGRAMME, Kind::PROGRAMME, true},
                        Case{Kind::PROGRAMME, Kind::ACTIVITY, false},
                        Case{Kind::ACTIVITY, Kind::STRATEGIC_GOAL, true},
                        Case{Kind::ACTIVITY, Kind::PROGRAMME, true},
                        Case{Kind::ACTIVITY, Kind::ACTIVITY, true}}) {
    const v1::Goal goal = MakeGoal("a", c.goal, v1::Goal::DRAFT);
    const v1::Goal parent = MakeGoal("b", c.parent, v1::Goal::DRAFT);
    EXPECT_EQ(CheckParent(goal, parent, std::array{parent.name()}).ok(), c.allowed)
        << v1::Goal::Kind_Name(c.goal) << " under " << v1::Goal::Kind_Name(c.parent);
  }
}

TEST(CheckParent, RefusesACycleThroughTheCascade) {
  const v1::Goal goal = MakeGoal("a", v1::Goal::PROGRAMME, v1::Goal::DRAFT);
  const v1::Goal parent = MakeGoal("b", v1::Goal::PROGRAMME, v1::Goal::DRAFT);
  const std::array cascade{parent.name(), std::string("agencies/dumai/goals/c"), goal.name()};
  EXPECT_THAT(CheckParent(goal, parent, cascade), HasReason(v1::GOAL_CYCLE));
  EXPECT_THAT(CheckParent(goal, parent, std::span(cascade).first(2)), IsOk());
}

TEST(CheckParent, RefusesARetiredParent) {
  const v1::Goal goal = MakeGoal("a", v1::Goal::PROGRAMME, v1::Goal::DRAFT);
  const v1::Goal parent = MakeGoal("b", v1::Goal::STRATEGIC_GOAL, v1::Goal::RETIRED);
  EXPECT_THAT(CheckParent(goal, parent, std::array{parent.name()}), HasReason(v1::ALREADY_RETIRED));
}

TEST(CheckGoal, AnswersNeedsOfItsOwnAgency) {
  v1::Goal goal = MakeGoal("a", v1::Goal::PROGRAMME, v1::Goal::DRAFT);
  goal.add_needs("agencies/dumai/improvementActions/antrean");
  EXPECT_THAT(CheckGoal(goal), IsOk());
  goal.add_needs("agencies/plaju/improvementActions/antrean");
  EXPECT_THAT(CheckGoal(goal), ViolatesField("goal.needs[1]"));
  goal.set_needs(1, "antrean");
  EXPECT_THAT(CheckGoal(goal), ViolatesField("goal.needs[1]"));
}

TEST(PublishGoal, GoesFromTheTopDown) {
  v1::Goal goal = MakeGoal("a", v1::Goal::PROGRAMME, v1::Goal::DRAFT);
  v1::Goal parent = MakeGoal("b", v1::Goal::STRATEGIC_GOAL, v1::Goal::DRAFT);
  EXPECT_THAT(PublishGoal(goal, &parent), HasReason(v1::GOAL_NOT_PUBLISHED));
  EXPECT_EQ(goal.state(), v1::Goal::DRAFT);
  EXPECT_THAT(PublishGoal(parent, nullptr), IsOk());
  EXPECT_THAT(PublishGoal(goal, &parent), IsOk());
  EXPECT_EQ(goal.state(), v1::Goal::PUBLISHED);
}

TEST(PublishGoal, LeavesAPublishedGoalAndRefusesARetiredOne) {
  v1::Goal published = MakeGoal("a", v1::Goal::STRATEGIC_GOAL, v1::Goal::PUBLISHED);
  EXPECT_THAT(PublishGoal(published, nullptr), IsOk());
  v1::Goal retired = MakeGoal("a", v1::Goal::STRATEGIC_GOAL, v1::Goal::RETIRED);
  EXPECT_THAT(PublishGoal(retired, nullptr), HasReason(v1::ALREADY_RETIRED));
}

}  // namespace
}  // namespace teraju::catalog::domain
