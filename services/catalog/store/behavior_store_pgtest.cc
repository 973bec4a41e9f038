#include "catalog_migrations.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/catalog/store/behavior_store.h"

namespace teraju::catalog {
namespace {

using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;

class BehaviorStoreTest : public testing::PgTest<kMigrations> {
 protected:
  static BehaviorKey Key(std::string id) {
    return {AgencyId("dumai"), StrongId<BehaviorTag>(std::move(id))};
  }
  absl::StatusOr<v1::Behavior> Insert(const std::string& id) {
    v1::Behavior behavior;
    behavior.set_title_id(id);
    behavior.set_title_en(id);
    behavior.add_guides("Terbuka, \"jujur\", dan {adil}");
    return database().Write(TestCall(), [&](postgres::Transaction& tx) {
      return BehaviorStore(tx).Insert(Key(id), behavior);
    });
  }
};

TEST_F(BehaviorStoreTest, ListsInTheOrderOfEntry) {
  for (const char* id : {"B", "A", "K"}) ASSERT_THAT(Insert(id), IsOk());
  const auto list = [&](const std::string& after) {
    std::vector<std::string> ids;
    const auto behaviors = database().Read(TestCall(), [&](postgres::Transaction& tx) {
      return BehaviorStore(tx).List(AgencyId("dumai"), after, 2);
    });
    for (const v1::Behavior& behavior : *behaviors) ids.push_back(behavior.title_id());
    return ids;
  };
  EXPECT_THAT(list(""), ElementsAre("B", "A"));
  EXPECT_THAT(list("A"), ElementsAre("K"));
}

TEST_F(BehaviorStoreTest, KeepsTextsAsTheyAreAndIdsOnce) {
  const auto inserted = Insert("B");
  ASSERT_THAT(inserted, IsOk());
  EXPECT_THAT(inserted->guides(), ElementsAre("Terbuka, \"jujur\", dan {adil}"));
  EXPECT_THAT(Insert("B"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(
      database().Read(TestCall(),
                      [&](postgres::Transaction& tx) { return BehaviorStore(tx).Get(Key("X")); }),
      HasReason(RESOURCE_NOT_FOUND));
}

}  // namespace
}  // namespace teraju::catalog
