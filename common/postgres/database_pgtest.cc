#include <atomic>
#include <thread>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/database.h"
#include "common/postgres/pool.h"
#include "common/postgres/runner.h"
#include "common/postgres/test_tables.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::CONCURRENT_CHANGE;
using errors::reasons::DEADLINE_PASSED;
using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::INTERNAL_FAULT;
using errors::reasons::OVERLOADED;
using errors::reasons::RESOURCE_EXISTS;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using testing::StatusIs;
using testing::TestCall;

constexpr Statement kSleep{"sleep", "SELECT pg_sleep($1)"};
constexpr Statement kBackend{"backend", "SELECT pg_backend_pid()"};
constexpr Statement kSetting{"setting", "SELECT current_setting($1)"};

class DatabaseTest : public PostgresTest {
 protected:
  absl::Status Insert(const std::string& key, const CallContext& call) {
    return database().Write(call, [&](Transaction& tx) {
      tx.Exec(kNoteInsert, key);
      return absl::OkStatus();
    });
  }
  absl::StatusOr<int> Backend() {
    return database().Read(TestCall(), [](Transaction& tx) -> absl::StatusOr<int> {
      return tx.Exec(kBackend)[0][0].as<int>();
    });
  }
};

TEST_F(DatabaseTest, CommitsWhatReturnsOkAndNothingElse) {
  EXPECT_THAT(Insert("kept", TestCall()), IsOk());
  const absl::Status refused = database().Write(TestCall(), [&](Transaction& tx) -> absl::Status {
    tx.Exec(kNoteInsert, "refused");
    return errors::ResourceNotFound("agencies/dumai");
  });
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Query("SELECT key FROM notes"), ElementsAre("kept"));
}

TEST_F(DatabaseTest, ValidateOnlyRunsEverythingAndStoresNothing) {
  EXPECT_THAT(Insert("twice", TestCall()), IsOk());
  EXPECT_THAT(Insert("new", TestCall({.validate_only = true})), IsOk());
  EXPECT_THAT(Insert("twice", TestCall({.validate_only = true})), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Query("SELECT key FROM notes"), ElementsAre("twice"));
}

TEST_F(DatabaseTest, ReadsCannotWriteInASnapshot) {
  const absl::Status status = database().ReadSnapshot(TestCall(), [](Transaction& tx) {
    tx.Exec(kNoteInsert, "x");
    return absl::OkStatus();
  });
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(Query("SELECT key FROM notes"), IsEmpty());
  EXPECT_THAT(database().Read(TestCall(),
                              [](Transaction& tx) {
                                tx.Emit({.agency = "dumai", .resource = "r", .type = "t"});
                                return absl::OkStatus();
                              }),
              HasReason(INTERNAL_FAULT));
}

TEST_F(DatabaseTest, ASnapshotSeesOneState) {
  ASSERT_THAT(Insert("n", TestCall()), IsOk());
  const auto changed = [&](auto read) {
    auto result = read([&](Transaction& tx) -> absl::StatusOr<bool> {
      const int before = tx.Exec(kNoteGet, "n")[0][0].as<int>();
      Query("UPDATE notes SET number = number + 1");
      return tx.Exec(kNoteGet, "n")[0][0].as<int>() != before;
    });
    return result.ok() && *result;
  };
  EXPECT_FALSE(changed([&](auto fn) { return database().ReadSnapshot(TestCall(), fn); }));
  // The control: the same without the snapshot sees two states.
  EXPECT_TRUE(changed([&](auto fn) { return database().Read(TestCall(), fn); }));
}

TEST_F(DatabaseTest, RepeatsATransactionThatLostARace) {
  ASSERT_THAT(Insert("a", TestCall()), IsOk());
  ASSERT_THAT(Insert("b", TestCall()), IsOk());
  // Each locks the row of the other: a deadlock on the first try.
  absl::Barrier* both = new absl::Barrier(2);
  std::atomic<int> runs = 0;
  const auto work = [&](const std::string& first, const std::string& second) {
    bool met = false;
    return database().Write(TestCall(), [&](Transaction& tx) {
      ++runs;
      tx.Exec(kNoteAdd, first, 1);
      if (!met) {
        met = true;
        if (both->Block()) delete both;
      }
      tx.Exec(kNoteAdd, second, 1);
      return absl::OkStatus();
    });
  };
  absl::Status one, other;
  std::thread thread([&] { one = work("a", "b"); });
  other = work("b", "a");
  thread.join();
  EXPECT_THAT(one, IsOk());
  EXPECT_THAT(other, IsOk());
  EXPECT_EQ(runs, 3);  // the control that a deadlock did happen
  EXPECT_THAT(Query("SELECT number FROM notes"), ElementsAre("2", "2"));
}

TEST_F(DatabaseTest, GivesUpOnEndlessConflictsAndSaysSo) {
  int runs = 0;
  static constexpr Statement kConflict{"conflict", "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"};
  const absl::Status status = database().Write(TestCall(), [&](Transaction& tx) {
    ++runs;
    tx.Exec(kConflict);
    return absl::OkStatus();
  });
  EXPECT_THAT(status, AllOf(StatusIs(absl::StatusCode::kAborted), HasReason(CONCURRENT_CHANGE)));
  EXPECT_EQ(runs, 5);
}

TEST_F(DatabaseTest, DoesNotRepeatBeyondTheDeadline) {
  int runs = 0;
  static constexpr Statement kSlowConflict{
      "slow_conflict", "DO $$ BEGIN PERFORM pg_sleep(0.2); RAISE SQLSTATE '40001'; END $$"};
  const absl::Time begin = absl::Now();
  const absl::Status status = database().Write(
      TestCall({.deadline = begin + absl::Milliseconds(300)}), [&](Transaction& tx) {
        ++runs;
        tx.Exec(kSlowConflict);
        return absl::OkStatus();
      });
  EXPECT_FALSE(status.ok());
  EXPECT_LE(runs, 2);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
}

TEST_F(DatabaseTest, AStatementEndsWithTheDeadline) {
  const auto sleep = [](Transaction& tx) {
    tx.Exec(kSleep, 30);
    return absl::OkStatus();
  };
  const absl::Time begin = absl::Now();
  for (const bool write : {false, true}) {
    const TestCall call({.deadline = absl::Now() + absl::Milliseconds(200)});
    const absl::Status status =
        write ? database().Write(call, sleep) : database().Read(call, sleep);
    EXPECT_THAT(status,
                AllOf(StatusIs(absl::StatusCode::kDeadlineExceeded), HasReason(DEADLINE_PASSED)));
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  EXPECT_THAT(
      Query("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1)%' AND state = 'active' "
            "AND pid <> pg_backend_pid()"),
      IsEmpty());
  EXPECT_THAT(database().Read(TestCall({.deadline = absl::Now() - absl::Seconds(1)}), sleep),
              HasReason(DEADLINE_PASSED));
}

TEST_F(DatabaseTest, AKilledSessionIsReplacedByOneWithTheSameSettings) {
  const auto settings = [&]() -> std::string {
    auto result = database().Read(TestCall(), [](Transaction& tx) -> absl::StatusOr<std::string> {
      std::string all;
      for (const char* name : {"statement_timeout", "TimeZone", "DateStyle", "application_name"}) {
        all += std::string(tx.Exec(kSetting, name)[0][0].c_str()) + ";";
      }
      return all;
    });
    return result.ok() ? *result : result.status().ToString();
  };
  const std::string before = settings();
  EXPECT_EQ(before, "5s;UTC;ISO, MDY;teraju-test;");
  for (int i = 0; i < 50; ++i) {
    const auto victim = Backend();
    ASSERT_TRUE(victim.ok()) << victim.status();
    Query("SELECT pg_terminate_backend(" + std::to_string(*victim) + ", 5000)");
    EXPECT_EQ(settings(), before);
    EXPECT_NE(*Backend(), *victim);
  }
}

// The control of the test above: what libpqxx 6.4 does when a connection is used again.
TEST_F(DatabaseTest, StockLibpqxxForgetsItsSettings) {
  pqxx::connection connection(dsn());
  const pqxx::quiet_errorhandler quiet(connection);
  pqxx::nontransaction(connection).exec("SET statement_timeout = '5s'");
  Query("SELECT pg_terminate_backend(" + std::to_string(connection.backendpid()) + ", 5000)");
  std::string timeout;
  for (int i = 0; i < 4 && timeout.empty(); ++i) {
    try {
      timeout = pqxx::nontransaction(connection).exec("SHOW statement_timeout")[0][0].c_str();
    } catch (const std::exception&) {
    }
  }
  EXPECT_EQ(timeout, "0");
}

TEST_F(DatabaseTest, AConnectionLostBetweenTheCheckAndTheFirstStatementIsHealed) {
  const TestCall call;
  const DatabaseOptions options = Options();
  for (const bool by_the_server : {true, false}) {
    Pool pool(*CompleteDsn(dsn(), "test", absl::Seconds(5)), 1, metrics());
    auto lease = pool.Acquire(absl::InfiniteFuture(), absl::InfiniteFuture());
    ASSERT_THAT(lease, IsOk());
    Session& session = lease->session();
    by_the_server ? (void)Query("SELECT pg_terminate_backend(" +
                                std::to_string(session.connection().backendpid()) + ", 5000)")
                  : session.CutOff();
    const Attempt attempt = Runner(options, *lease, call)
                                .Run({.mode = Database::Mode::kWrite,
                                      .run = [](Transaction&) { return absl::OkStatus(); },
                                      .replay = [](const std::string&) { return absl::OkStatus(); },
                                      .response = [] { return std::string(); }});
    EXPECT_THAT(attempt.status, HasReason(DEPENDENCY_UNAVAILABLE));
    EXPECT_TRUE(attempt.repeatable);
    EXPECT_TRUE(attempt.lost_connection);
  }
}

TEST_F(DatabaseTest, AConnectionLostBeforeTheCommitIsHealedByOneRepetition) {
  int runs = 0;
  const absl::Status status = database().Write(TestCall(), [&](Transaction& tx) {
    ++runs;
    tx.Exec(kNoteInsert, "once");
    const int backend = tx.Exec(kBackend)[0][0].as<int>();
    if (runs == 1) Query("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)");
    tx.Exec(kNoteGet, "once");
    return absl::OkStatus();
  });
  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(Query("SELECT key FROM notes"), ElementsAre("once"));
}

TEST_F(DatabaseTest, AStatementThatAlwaysLosesItsConnectionIsNotRepeatedForEver) {
  int runs = 0;
  const absl::Status status = database().Write(TestCall(), [&](Transaction& tx) {
    ++runs;
    const int backend = tx.Exec(kBackend)[0][0].as<int>();
    Query("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)");
    tx.Exec(kBackend);
    return absl::OkStatus();
  });
  EXPECT_THAT(status,
              AllOf(StatusIs(absl::StatusCode::kUnavailable), HasReason(DEPENDENCY_UNAVAILABLE)));
  EXPECT_EQ(runs, 2);
}

TEST_F(DatabaseTest, ADuplicateKeyIsAlreadyExistsWithoutTheServersText) {
  ASSERT_THAT(Insert("secret-nip", TestCall()), IsOk());
  const absl::Status status = Insert("secret-nip", TestCall());
  EXPECT_THAT(status,
              AllOf(StatusIs(absl::StatusCode::kAlreadyExists), HasReason(RESOURCE_EXISTS)));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("secret-nip")));
}

TEST_F(DatabaseTest, OurOwnFaultsAreInternalAndReported) {
  std::vector<std::string> faults;
  DatabaseOptions options = Options();
  options.on_fault = [&](std::string_view statement, std::string_view sqlstate) {
    faults.push_back(std::string(statement) + " " + std::string(sqlstate));
  };
  Database faulty(options, metrics());
  static constexpr Statement kTypo{"typo", "SELECT * FROM nothing_like_it"};
  const absl::Status sql = faulty.Write(TestCall(), [](Transaction& tx) {
    tx.Exec(kTypo);
    return absl::OkStatus();
  });
  EXPECT_THAT(sql, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(sql.ToString(), Not(HasSubstr("nothing_like_it")));
  const absl::Status mapping = faulty.Read(TestCall(), [](Transaction& tx) -> absl::Status {
    tx.Exec(kSetting, "TimeZone")[0][0].as<int>();
    return absl::OkStatus();
  });
  EXPECT_THAT(mapping, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(faults, ElementsAre("typo 42P01", "setting "));
}

TEST_F(DatabaseTest, AnIgnoredFailureDoesNotCommitHalf) {
  const absl::Status status = database().Write(TestCall(), [](Transaction& tx) {
    tx.Exec(kNoteInsert, "half");
    try {
      tx.Exec(kNoteInsert, "half");
    } catch (const std::exception&) {
    }
    return absl::OkStatus();
  });
  EXPECT_THAT(status, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(Query("SELECT key FROM notes"), IsEmpty());
}

TEST_F(DatabaseTest, AFullPoolRefusesInTimeAndRecovers) {
  DatabaseOptions options = Options();
  options.connections = 1;
  options.acquire_timeout = absl::Milliseconds(100);
  Database small(options, metrics());
  absl::Notification holding, release;
  std::thread holder([&] {
    EXPECT_THAT(small.Read(TestCall(),
                           [&](Transaction& tx) {
                             tx.Exec(kBackend);
                             holding.Notify();
                             release.WaitForNotification();
                             return absl::OkStatus();
                           }),
                IsOk());
  });
  holding.WaitForNotification();
  const auto quick = [](Transaction& tx) {
    tx.Exec(kBackend);
    return absl::OkStatus();
  };
  const absl::Time begin = absl::Now();
  EXPECT_THAT(small.Read(TestCall(), quick),
              AllOf(StatusIs(absl::StatusCode::kResourceExhausted), HasReason(OVERLOADED)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
  release.Notify();
  holder.join();
  EXPECT_THAT(small.Read(TestCall(), quick), IsOk());
}

TEST_F(DatabaseTest, CheckKnowsASchemaThatIsBehind) {
  EXPECT_THAT(database().Check(CountMigrations(kTestTables), absl::Seconds(5)), IsOk());
  EXPECT_THAT(database().Check(CountMigrations(kTestTables) + 1, absl::Seconds(5)),
              HasReason(DEPENDENCY_UNAVAILABLE));
}

}  // namespace
}  // namespace teraju::postgres
