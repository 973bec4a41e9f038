#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"

namespace teraju::testing {
namespace {

using ::testing::ElementsAre;

const postgres::Migrations kSeeded = {
    {"0100_create_seeded.sql",
     "CREATE TABLE seeded (n int); INSERT INTO seeded VALUES (1); CREATE TABLE empty (n int);"}};

TEST(TestDatabase, IsCompleteAndOfItsOwn) {
  auto one = TestDatabase::Create(kSeeded);
  auto other = TestDatabase::Create(kSeeded);
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE((*one)->Query("INSERT INTO empty VALUES (2)").ok());
  EXPECT_THAT(*(*one)->Query("SELECT n FROM empty"), ElementsAre("2"));
  EXPECT_THAT(*(*other)->Query("SELECT n FROM empty"), ElementsAre());
}

TEST(TestDatabase, ClearKeepsWhatTheMigrationsFilled) {
  auto database = TestDatabase::Create(kSeeded);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_TRUE((*database)->Clear().ok());
  ASSERT_TRUE((*database)
                  ->Query("INSERT INTO empty VALUES (2); INSERT INTO audit_events (agency_id, "
                          "create_time, actor, "
                          "on_behalf_of, method, resource, type, details) VALUES ('a', now(), '', "
                          "'', '', '', '', '')")
                  .ok());
  const absl::Status cleared = (*database)->Clear();
  ASSERT_TRUE(cleared.ok()) << cleared;
  EXPECT_THAT(*(*database)->Query("SELECT n FROM empty"), ElementsAre());
  EXPECT_THAT(*(*database)->Query("SELECT 1 FROM audit_events"), ElementsAre());
  EXPECT_THAT(*(*database)->Query("SELECT n FROM seeded"), ElementsAre("1"));
}

TEST(TestDatabase, IsDroppedWithTheObject) {
  auto database = TestDatabase::Create(kSeeded);
  ASSERT_TRUE(database.ok()) << database.status();
  const std::string name = (*database)->name();
  database->reset();
  auto other = TestDatabase::Create(kSeeded);
  ASSERT_TRUE(other.ok());
  EXPECT_THAT(*(*other)->Query("SELECT 1 FROM pg_database WHERE datname = '" + name + "'"),
              ElementsAre());
}

}  // namespace
}  // namespace teraju::testing
