#include <thread>
#include <vector>

#include "common/postgres/migrator.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

class MigratorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = testing::TestDatabase::Create(testing::kNoMigrations);
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
  }
  absl::StatusOr<int> Apply(const Migrations& service) {
    return Migrate(database_->dsn(), service);
  }
  std::vector<std::string> Query(const std::string& sql) { return *database_->Query(sql); }

  const Migrations one_ = {{"0100_create_a.sql", "CREATE TABLE a (n int)"}};
  std::unique_ptr<testing::TestDatabase> database_;
};

TEST_F(MigratorTest, AppliesEachFileOnce) {
  EXPECT_EQ(*Apply(one_), 1);
  EXPECT_EQ(*Apply(one_), 0);
  EXPECT_EQ(*Apply({one_[0], {"0101_add_m.sql", "ALTER TABLE a ADD m int"}}), 1);
  EXPECT_THAT(Query("SELECT count(*) FROM schema_migrations"),
              ElementsAre(std::to_string(CountMigrations(one_) + 1)));
}

TEST_F(MigratorTest, RefusesAnEditedFile) {
  ASSERT_THAT(Apply(one_), IsOk());
  const auto edited = Apply(
      {{"0100_create_a.sql", "CREATE TABLE a (n bigint)"}, {"0101_b.sql", "CREATE TABLE b ()"}});
  EXPECT_THAT(edited, StatusIs(kRefused));
  EXPECT_THAT(std::string(edited.status().message()), HasSubstr("0100_create_a.sql"));
  EXPECT_THAT(Query("SELECT 1 FROM pg_tables WHERE tablename = 'b'"), IsEmpty());
}

TEST_F(MigratorTest, RefusesAFileBeforeAnAppliedOneAndMisnamedFiles) {
  ASSERT_THAT(Apply({{"0105_create_a.sql", "CREATE TABLE a (n int)"}}), IsOk());
  EXPECT_THAT(
      Apply({{"0104_b.sql", "CREATE TABLE b ()"}, {"0105_create_a.sql", "CREATE TABLE a (n int)"}}),
      StatusIs(kRefused));
  EXPECT_THAT(Apply({{"0001_b.sql", "CREATE TABLE b ()"}}), StatusIs(kRefused));
  EXPECT_THAT(Apply({{"create_b.sql", "CREATE TABLE b ()"}}), StatusIs(kRefused));
  EXPECT_THAT(Apply({{"0107_b.sql", ""}, {"0106_c.sql", ""}}), StatusIs(kRefused));
}

TEST_F(MigratorTest, AFailingFileLeavesNothingAndTheOnesBeforeItStay) {
  const auto failed = Apply({one_[0], {"0101_b.sql", "CREATE TABLE b (); SELECT 1/0"}});
  EXPECT_THAT(failed, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(std::string(failed.status().message()), HasSubstr("22012"));
  EXPECT_THAT(Query("SELECT tablename FROM pg_tables WHERE tablename IN ('a', 'b')"),
              ElementsAre("a"));
  EXPECT_THAT(Query("SELECT name FROM schema_migrations WHERE version >= 100"),
              ElementsAre("0100_create_a.sql"));
}

TEST_F(MigratorTest, ConcurrentIndexesRunOutsideATransaction) {
  EXPECT_THAT(Apply({one_[0],
                     {"0101_index.sql",
                      "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n)"}}),
              IsOk());
  EXPECT_THAT(Query("SELECT indexname FROM pg_indexes WHERE tablename = 'a'"), ElementsAre("a_n"));
  // The control: inside one, PostgreSQL refuses it.
  EXPECT_THAT(Apply({one_[0],
                     {"0101_index.sql",
                      "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n)"},
                     {"0102_index.sql", "CREATE INDEX CONCURRENTLY a_m ON a (n)"}}),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(MigratorTest, ManyProcessesAtOnceApplyItOnce) {
  const Migrations slow = {
      {"0100_create_a.sql", "CREATE TABLE a (n int); SELECT pg_sleep(0.2)"},
      {"0101_index.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY a_n ON a (n)"}};
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0, failed = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto count = Apply(slow);
      count.ok() ? applied += *count : ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(applied, 2);
}

TEST_F(MigratorTest, ADatabaseThatIsNotThereIsUnavailableWithoutThePassword) {
  const auto status = Migrate("host=/nowhere user=u password=hush dbname=d", one_).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status.ToString(), ::testing::Not(HasSubstr("hush")));
}

TEST_F(MigratorTest, AppendOnlyTablesRefuseEvenTheirOwner) {
  Query(
      "INSERT INTO audit_events (agency_id, create_time, actor, on_behalf_of, method, resource, "
      "type, details) "
      "VALUES ('a', now(), '', '', '', '', '', '')");
  for (const char* table : {"audit_events", "audit_leaves", "audit_nodes", "audit_heads"}) {
    const std::string name(table);
    EXPECT_FALSE(database_->Query("UPDATE " + name + " SET agency_id = 'b'").ok()) << name;
    EXPECT_FALSE(database_->Query("DELETE FROM " + name).ok()) << name;
    EXPECT_FALSE(database_->Query("TRUNCATE " + name + " CASCADE").ok()) << name;
  }
  EXPECT_THAT(Query("SELECT agency_id FROM audit_events"), ElementsAre("a"));
}

}  // namespace
}  // namespace teraju::postgres
