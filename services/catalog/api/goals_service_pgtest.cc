#include "services/catalog/api/catalog_fixture.h"
#include "services/catalog/api/goals_service.h"

namespace teraju::catalog {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;
using GoalsStub = v1::Goals::StubInterface;

std::string Name(const std::string& id) { return "agencies/dumai/goals/" + id; }

class GoalsServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Serve<GoalsService>(host_.pipeline(), database(), identity_);
  }

  static v1::CreateGoalRequest MakeRequest(const std::string& id, const std::string& parent = "") {
    v1::CreateGoalRequest request;
    request.set_parent("agencies/dumai");
    request.set_goal_id(id);
    v1::Goal& goal = *request.mutable_goal();
    goal.set_kind(parent.empty() ? v1::Goal::STRATEGIC_GOAL : v1::Goal::PROGRAMME);
    goal.set_title("Pelayanan " + id);
    if (!parent.empty()) goal.set_parent_goal(Name(parent));
    goal.set_first_year(2025);
    goal.set_last_year(2029);
    return request;
  }
  absl::StatusOr<v1::Goal> Create(const Caller& caller, const v1::CreateGoalRequest& request) {
    return host_.Client<v1::Goals>().Call(caller, &GoalsStub::CreateGoal, request);
  }
  absl::StatusOr<v1::Goal> Create(const std::string& id, const std::string& parent = "") {
    return Create(kHr, MakeRequest(id, parent));
  }
  absl::StatusOr<v1::Goal> Get(const Caller& caller, const std::string& id) {
    v1::GetGoalRequest request;
    request.set_name(Name(id));
    return host_.Client<v1::Goals>().Call(caller, &GoalsStub::GetGoal, request);
  }
  absl::StatusOr<v1::Goal> Update(const Caller& caller,
                                  const v1::Goal& goal,
                                  const std::vector<std::string>& mask) {
    v1::UpdateGoalRequest request;
    *request.mutable_goal() = goal;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return host_.Client<v1::Goals>().Call(caller, &GoalsStub::UpdateGoal, request);
  }
  absl::StatusOr<v1::Goal> Publish(const Caller& caller, const std::string& id) {
    v1::PublishGoalRequest request;
    request.set_name(Name(id));
    return host_.Client<v1::Goals>().Call(caller, &GoalsStub::PublishGoal, request);
  }
  absl::StatusOr<v1::ListGoalsResponse> List(const Caller& caller,
                                             const v1::ListGoalsRequest& request) {
    return host_.Client<v1::Goals>().Call(caller, &GoalsStub::ListGoals, request);
  }
};

TEST_F(GoalsServiceTest, AreFoundByTheNeedThatTheyAnswer) {
  const std::string need = "agencies/dumai/improvementActions/antrean";
  ASSERT_THAT(Create("s1"), IsOk());
  v1::CreateGoalRequest programme = MakeRequest("p1", "s1");
  programme.mutable_goal()->add_needs(need);
  programme.mutable_goal()->add_training_topics("PELAYANAN");
  ASSERT_THAT(Create(kHr, programme), IsOk());
  v1::ListGoalsRequest list;
  list.set_parent("agencies/dumai");
  list.set_need(need);
  const auto found = host_.Client<v1::Goals>().Call(kHr, &GoalsStub::ListGoals, list);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->goals_size(), 1);
  EXPECT_EQ(found->goals(0).name(), Name("p1"));
  EXPECT_EQ(found->goals(0).training_topics(0), "PELAYANAN");
  v1::Goal goal = found->goals(0);
  goal.clear_needs();
  const auto cleared = Update(kHr, goal, {"needs"});
  ASSERT_THAT(cleared, IsOk());
  EXPECT_EQ(cleared->needs_size(), 0);
  EXPECT_EQ(cleared->training_topics_size(), 1);
}

TEST_F(GoalsServiceTest, EverybodyOfTheAgencyReadsWhatHrEntered) {
  ASSERT_THAT(Create("s1"), IsOk());
  const auto goal = Get(kBudi, "s1");
  ASSERT_THAT(goal, IsOk());
  EXPECT_EQ(goal->state(), v1::Goal::DRAFT);
  EXPECT_THAT(Get(kStranger, "s1"), HasReason(PERMISSION_DENIED));
}

TEST_F(GoalsServiceTest, SaysNotFoundOnlyToThoseWhoMightSeeIt) {
  EXPECT_THAT(Get(kBudi, "none"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Get(kStranger, "none"), HasReason(PERMISSION_DENIED));
}

TEST_F(GoalsServiceTest, OnlyHrWrites) {
  EXPECT_THAT(Create(kBudi, MakeRequest("s1")), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Create("s1"), IsOk());
  EXPECT_THAT(Update(kBudi, *Get(kBudi, "s1"), {"title"}), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Publish(kBudi, "s1"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Query("SELECT state FROM goals"), ElementsAre("DRAFT"));
}

TEST_F(GoalsServiceTest, HrOfAUnitWritesWithinItsSubtree) {
  ASSERT_THAT(Create("s1"), IsOk());
  v1::CreateGoalRequest request = MakeRequest("p1", "s1");
  EXPECT_THAT(Create(kUnitHr, request), HasReason(PERMISSION_DENIED));
  request.mutable_goal()->set_unit("agencies/dumai/units/bidang");
  const auto goal = Create(kUnitHr, request);
  ASSERT_THAT(goal, IsOk());
  EXPECT_THAT(goal->unit_path(),
              ElementsAre("agencies/dumai/units/bidang", "agencies/dumai/units/dinas"));
  v1::Goal moved = *goal;
  moved.set_unit("agencies/dumai/units/kantor");
  EXPECT_THAT(Update(kUnitHr, moved, {"unit"}), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Update(kHr, moved, {"unit"}), IsOk());
  EXPECT_THAT(Update(kUnitHr, *goal, {"title"}), HasReason(PERMISSION_DENIED));
}

TEST_F(GoalsServiceTest, NamesEveryFault) {
  v1::CreateGoalRequest request = MakeRequest("s1");
  request.mutable_goal()->clear_title();
  request.mutable_goal()->clear_kind();
  EXPECT_THAT(Create(kHr, request), ViolatesField("goal.title"));
  EXPECT_THAT(Create(kHr, request), ViolatesField("goal.kind"));
  EXPECT_THAT(Create("p1", "none"), HasReason(v1::GOAL_UNKNOWN));
  request = MakeRequest("p1");
  request.mutable_goal()->set_unit("agencies/dumai/units/none");
  EXPECT_THAT(Create(kHr, request), HasReason(v1::UNIT_UNKNOWN));
  request = MakeRequest("p1");
  request.mutable_goal()->set_last_year(2020);
  EXPECT_THAT(Create(kHr, request), HasReason(v1::GOAL_YEARS_INVALID));
  EXPECT_THAT(Query("SELECT goal_id FROM goals"), IsEmpty());
}

TEST_F(GoalsServiceTest, RefusesATakenId) {
  ASSERT_THAT(Create("s1"), IsOk());
  EXPECT_THAT(Create("s1"), HasReason(RESOURCE_EXISTS));
}

TEST_F(GoalsServiceTest, ARepeatedRequestIsDoneOnce) {
  v1::CreateGoalRequest request = MakeRequest("");
  request.set_request_id("3f0c9a4e-5f43-4c1e-9d5c-0a5f0e6f7a11");
  const auto first = Create(kHr, request);
  const auto second = Create(kHr, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->name(), first->name());
  EXPECT_THAT(Query("SELECT count(*) FROM goals"), ElementsAre("1"));
}

TEST_F(GoalsServiceTest, ValidateOnlyStoresNothing) {
  v1::CreateGoalRequest request = MakeRequest("s1");
  request.set_validate_only(true);
  EXPECT_THAT(Create(kHr, request), IsOk());
  EXPECT_THAT(Query("SELECT goal_id FROM goals"), IsEmpty());
  EXPECT_THAT(Query("SELECT type FROM outbox"), IsEmpty());
}

TEST_F(GoalsServiceTest, UpdatesWhatTheMaskNames) {
  ASSERT_THAT(Create("s1"), IsOk());
  v1::Goal goal = *Get(kHr, "s1");
  goal.set_title("Baru");
  goal.set_last_year(2030);
  const auto updated = Update(kHr, goal, {"title"});
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->title(), "Baru");
  EXPECT_EQ(updated->last_year(), 2029);
  EXPECT_THAT(Update(kHr, goal, {"title"}), HasReason(ETAG_MISMATCH));
}

TEST_F(GoalsServiceTest, KeepsTheCascadeFreeOfCircles) {
  ASSERT_THAT(Create("s1"), IsOk());
  ASSERT_THAT(Create("p1", "s1"), IsOk());
  ASSERT_THAT(Create("p2", "p1"), IsOk());
  v1::Goal goal = *Get(kHr, "p1");
  goal.set_parent_goal(Name("p2"));
  EXPECT_THAT(Update(kHr, goal, {"parent_goal"}), HasReason(v1::GOAL_CYCLE));
  goal.set_parent_goal(Name("p1"));
  EXPECT_THAT(Update(kHr, goal, {"parent_goal"}), HasReason(v1::GOAL_CYCLE));
}

TEST_F(GoalsServiceTest, PublishesFromTheTopAndTellsFollowersAndAudit) {
  ASSERT_THAT(Create("s1"), IsOk());
  ASSERT_THAT(Create("p1", "s1"), IsOk());
  EXPECT_THAT(Publish(kHr, "p1"), HasReason(v1::GOAL_NOT_PUBLISHED));
  ASSERT_THAT(Publish(kHr, "s1"), IsOk());
  const auto published = Publish(kHr, "p1");
  ASSERT_THAT(published, IsOk());
  EXPECT_EQ(published->state(), v1::Goal::PUBLISHED);
  EXPECT_THAT(Query("SELECT type || ' ' || resource FROM outbox ORDER BY event_id"),
              ElementsAre("goal.created " + Name("s1"),
                          "goal.created " + Name("p1"),
                          "goal.published " + Name("s1"),
                          "goal.published " + Name("p1")));
  EXPECT_THAT(
      Query("SELECT actor FROM audit_events WHERE type = 'goal.published' AND resource = '" +
            Name("p1") + "'"),
      ElementsAre("employees/hr"));
}

TEST_F(GoalsServiceTest, ListsPageByPageWithinTheQuestion) {
  for (const char* id : {"s1", "s2", "s3"}) ASSERT_THAT(Create(id), IsOk());
  v1::ListGoalsRequest request;
  request.set_parent("agencies/dumai");
  request.set_page_size(2);
  const auto first = List(kBudi, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->goals_size(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = List(kBudi, request);
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->goals_size(), 1);
  EXPECT_EQ(second->goals(0).name(), Name("s3"));
  EXPECT_EQ(second->next_page_token(), "");
  request.set_state(v1::Goal::PUBLISHED);
  EXPECT_THAT(List(kBudi, request), HasReason(errors::reasons::PAGE_TOKEN_INVALID));
  EXPECT_THAT(List(kStranger, request), HasReason(PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::catalog
