#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "catalog_migrations.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/catalog/store/goal_store.h"
#include "teraju/catalog/v1/catalog_service.pb.h"

namespace teraju::catalog {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::TestCall;

GoalKey Key(std::string id, std::string agency = "dumai") {
  return {AgencyId(std::move(agency)), StrongId<GoalTag>(std::move(id))};
}

v1::Goal MakeGoal(const std::string& parent = "") {
  v1::Goal goal;
  goal.set_kind(parent.empty() ? v1::Goal::STRATEGIC_GOAL : v1::Goal::PROGRAMME);
  goal.set_title("Pelayanan publik yang cepat");
  if (!parent.empty()) goal.set_parent_goal(Key(parent).Name());
  goal.set_first_year(2025);
  goal.set_last_year(2029);
  return goal;
}

class GoalStoreTest : public testing::PgTest<kMigrations> {
 protected:
  absl::StatusOr<v1::Goal> Insert(const GoalKey& key, const v1::Goal& goal) {
    return database().Write(
        TestCall(), [&](postgres::Transaction& tx) { return GoalStore(tx).Insert(key, goal); });
  }
  std::vector<std::string> ListIds(const GoalQuery& query) {
    std::vector<std::string> ids;
    const auto goals = database().Read(
        TestCall(), [&](postgres::Transaction& tx) { return GoalStore(tx).List(query); });
    for (const v1::Goal& goal : *goals) ids.push_back(api::IdOf(goal.name()));
    return ids;
  }
};

TEST_F(GoalStoreTest, KeepsWhatWasInserted) {
  v1::Goal goal = MakeGoal();
  goal.add_unit_path("agencies/dumai/units/bidang");
  goal.add_unit_path("agencies/dumai/units/dinas");
  const auto inserted = Insert(Key("s1"), goal);
  ASSERT_THAT(inserted, IsOk());
  EXPECT_EQ(inserted->name(), "agencies/dumai/goals/s1");
  EXPECT_EQ(inserted->unit(), "agencies/dumai/units/bidang");
  EXPECT_EQ(inserted->state(), v1::Goal::DRAFT);
  EXPECT_EQ(inserted->etag(), "\"1\"");
  const auto found = database().Read(
      TestCall(), [&](postgres::Transaction& tx) { return GoalStore(tx).Get(Key("s1")); });
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->SerializeAsString(), inserted->SerializeAsString());
}

TEST_F(GoalStoreTest, RefusesATakenIdOnlyWithinItsAgency) {
  ASSERT_THAT(Insert(Key("s1"), MakeGoal()), IsOk());
  EXPECT_THAT(Insert(Key("s1"), MakeGoal()), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Insert(Key("s1", "plaju"), MakeGoal()), IsOk());
}

TEST_F(GoalStoreTest, ListsByParentStateUnitAndPage) {
  for (const char* id : {"s1", "s2"}) ASSERT_THAT(Insert(Key(id), MakeGoal()), IsOk());
  for (const char* id : {"p1", "p2", "p3"}) {
    v1::Goal goal = MakeGoal("s1");
    goal.add_unit_path("agencies/dumai/units/" + std::string(id));
    goal.add_unit_path("agencies/dumai/units/dinas");
    ASSERT_THAT(Insert(Key(id), goal), IsOk());
  }
  GoalQuery query{.agency = AgencyId("dumai"), .scope = {.agency = true}, .limit = 10};
  EXPECT_THAT(ListIds(query), ElementsAre("p1", "p2", "p3", "s1", "s2"));
  query.parent_goal_id = "s1";
  query.after_id = "p1";
  query.limit = 1;
  EXPECT_THAT(ListIds(query), ElementsAre("p2"));
  query = GoalQuery{.agency = AgencyId("dumai"), .scope = {.agency = true}, .limit = 10};
  query.state = v1::Goal::PUBLISHED;
  EXPECT_THAT(ListIds(query), IsEmpty());
  query = {
      .agency = AgencyId("dumai"), .scope = {.units = {"agencies/dumai/units/dinas"}}, .limit = 10};
  EXPECT_THAT(ListIds(query), ElementsAre("p1", "p2", "p3"));
  query.scope.units = {"agencies/dumai/units/p3"};
  EXPECT_THAT(ListIds(query), ElementsAre("p3"));
}

TEST_F(GoalStoreTest, UpdatesUnderItsEtagAndKeepsNothingOfARefusedChange) {
  ASSERT_THAT(Insert(Key("s1"), MakeGoal()), IsOk());
  const auto update = [&](std::string_view etag, absl::Status verdict) {
    return database().Write(TestCall(), [&](postgres::Transaction& tx) {
      return GoalStore(tx).Update(
          Key("s1"), api::Precondition::FromEtag(etag), [&](v1::Goal& goal) {
            goal.set_title("Baru");
            return verdict;
          });
    });
  };
  EXPECT_FALSE(update("", absl::CancelledError()).ok());
  EXPECT_THAT(Query("SELECT title FROM goals"), ElementsAre("Pelayanan publik yang cepat"));
  const auto updated = update("\"1\"", absl::OkStatus());
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->etag(), "\"2\"");
  EXPECT_THAT(update("\"1\"", absl::OkStatus()), HasReason(ETAG_MISMATCH));
  EXPECT_THAT(database().Write(TestCall(),
                               [&](postgres::Transaction& tx) {
                                 return GoalStore(tx).Update(
                                     Key("none"), api::Precondition::None(), [](v1::Goal&) {
                                       return absl::OkStatus();
                                     });
                               }),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(GoalStoreTest, CascadeGoesUpward) {
  ASSERT_THAT(Insert(Key("s1"), MakeGoal()), IsOk());
  ASSERT_THAT(Insert(Key("p1"), MakeGoal("s1")), IsOk());
  ASSERT_THAT(Insert(Key("p2"), MakeGoal("p1")), IsOk());
  const auto cascade = [&](const std::string& id) {
    return *database().Read(TestCall(), [&](postgres::Transaction& tx) {
      return absl::StatusOr<std::vector<std::string>>(GoalStore(tx).Cascade(Key(id)));
    });
  };
  EXPECT_THAT(cascade("p2"), ElementsAre(Key("p2").Name(), Key("p1").Name(), Key("s1").Name()));
  EXPECT_THAT(cascade("none"), IsEmpty());
}

// Two moves, p1 under p2 and p2 under p1, each right for itself: the second waits and sees the
// first.
TEST_F(GoalStoreTest, MovesOfAnAgencyHappenOneAfterTheOther) {
  ASSERT_THAT(Insert(Key("s1"), MakeGoal()), IsOk());
  ASSERT_THAT(Insert(Key("p1"), MakeGoal("s1")), IsOk());
  ASSERT_THAT(Insert(Key("p2"), MakeGoal("s1")), IsOk());
  absl::Notification moved;
  const auto other_waits = [&] {
    return Query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") ==
           std::vector<std::string>{"1"};
  };
  absl::StatusOr<v1::Goal> first = absl::UnknownError("");
  std::thread mover([&] {
    first = database().Write(TestCall(), [&](postgres::Transaction& tx) {
      GoalStore goals(tx);
      goals.LockCascade(AgencyId("dumai"));
      auto goal = goals.Update(Key("p1"), api::Precondition::None(), [](v1::Goal& p1) {
        p1.set_parent_goal(Key("p2").Name());
        return absl::OkStatus();
      });
      moved.Notify();
      const absl::Time deadline = absl::Now() + absl::Seconds(10);
      while (!other_waits() && absl::Now() < deadline) std::this_thread::yield();
      return goal;
    });
  });
  moved.WaitForNotification();
  const auto cascade = database().Write(
      TestCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListGoalsResponse> {
        GoalStore goals(tx);
        goals.LockCascade(AgencyId("dumai"));
        v1::ListGoalsResponse seen;
        for (const std::string& name : goals.Cascade(Key("p1"))) seen.add_goals()->set_name(name);
        return seen;
      });
  mover.join();
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(cascade, IsOk());
  ASSERT_EQ(cascade->goals_size(), 3);
  EXPECT_EQ(cascade->goals(1).name(), Key("p2").Name());
}

}  // namespace
}  // namespace teraju::catalog
