// R02, R04, R05: the database crashes, stays away, and loses its sessions.
#include <poll.h>

#include <mutex>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/check_line.h"
#include "tests/harness/eventually.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::unique_ptr<harness::Suite>> StartCatalog(bool durable) {
  harness::Suite::Options options;
  options.durable = durable;
  options.services = {"identity", "catalog", "gateway"};
  return harness::Suite::Start(options);
}

int Kills() {
  const char* kills = std::getenv("TERAJU_KILLS");
  return kills == nullptr ? 3 : std::atoi(kills);
}

// Eight writers log what was acknowledged and what was not; the postmaster is killed again and
// again.
TEST(DatabaseCrash, LosesNothingThatWasAcknowledged) {
  harness::CheckLine line("R02", "acknowledged writes lost", "0");
  auto suite = StartCatalog(/*durable=*/true);
  ASSERT_TRUE(suite.ok()) << suite.status();
  constexpr int kWriters = 8;
  Crowd crowd(**suite, kWriters);
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::vector<std::pair<std::string, std::string>> in_doubt;  // title, request id
  {
    harness::Load load(kWriters, [&](int writer, int number) {
      const std::string title = std::to_string(writer) + "-" + std::to_string(number);
      const std::string id = simulation::RequestId("R02", title);
      const auto answer = crowd.Goal(writer, title, id);
      const std::lock_guard lock(mutex);
      if (answer.ok()) {
        acknowledged.insert(title);
      } else {
        in_doubt.emplace_back(title, id);
      }
    });
    for (int kill = 0; kill < Kills(); ++kill) {
      std::size_t before = 0;
      {
        const std::lock_guard lock(mutex);
        before = acknowledged.size();
      }
      EXPECT_TRUE(harness::Eventually(
          [&] {
            const std::lock_guard lock(mutex);
            return acknowledged.size() > before + 200;
          },
          absl::Seconds(60)));
      if (kill % 2 == 0) {
        ASSERT_TRUE((*suite)->postgres().Kill9().ok());
      } else {
        ASSERT_TRUE((*suite)->postgres().Stop(testing::MiniPostgres::Mode::kImmediate).ok());
      }
      ASSERT_TRUE((*suite)->postgres().Start().ok());
      ASSERT_TRUE((*suite)->WaitReady("catalog").ok());  // the same process: it has not ended
    }
  }
  // Each write in doubt, sent again, has exactly one effect.
  for (const auto& [title, id] : in_doubt) {
    ASSERT_TRUE(harness::Eventually(
        [&, title = title, id = id] { return crowd.Goal(0, title, id).ok(); }, absl::Seconds(30)));
    acknowledged.insert(title);
  }
  pqxx::connection connection((*suite)->Dsn("catalog"));
  pqxx::nontransaction tx(connection);
  std::multiset<std::string> stored;
  for (const auto& row : tx.exec("SELECT title FROM goals"))
    stored.insert(row[0].as<std::string>());
  int lost = 0;
  for (const std::string& title : acknowledged) lost += stored.count(title) == 1 ? 0 : 1;
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(stored.size(), acknowledged.size()) << "strangers or doubles";
  line.Set(lost, static_cast<std::int64_t>(acknowledged.size()));
}

TEST(DatabaseOutage, IsUnavailableAndThenOverWithoutARestart) {
  harness::CheckLine line("R04", "seconds until the first success", "2");
  auto suite = StartCatalog(/*durable=*/false);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, 4);
  const pid_t process = (*suite)->process("catalog").pid();
  ASSERT_TRUE((*suite)->postgres().Stop(testing::MiniPostgres::Mode::kFast).ok());
  EXPECT_TRUE(harness::Eventually([&] { return !(*suite)->Ready("catalog"); }, absl::Seconds(2)));
  int refused = 0;
  for (int i = 0; i < 40; ++i) {
    const auto answer = crowd.Goal(i % 4, "Tak tersimpan", "");
    EXPECT_THAT(answer.status, AnyOf(503, 504, 429)) << json::serialize(answer.body);
    EXPECT_THAT(json::serialize(answer.body),
                Not(AnyOf(HasSubstr("SQL"), HasSubstr("postgres-run"), HasSubstr("socket"))));
    ++refused;
  }
  ASSERT_TRUE((*suite)->postgres().Start().ok());
  const absl::Time back = absl::Now();
  EXPECT_TRUE(
      harness::Eventually([&] { return crowd.Goal(0, "Kembali", "").ok(); }, absl::Seconds(10)));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - back);
  EXPECT_LE(seconds, 2.0);
  EXPECT_TRUE((*suite)->process("catalog").running());
  EXPECT_EQ((*suite)->process("catalog").pid(), process);
  EXPECT_EQ(Count(**suite, "catalog", "SELECT count(*) FROM goals WHERE title = 'Tak tersimpan'"),
            0);
  line.Set(seconds, refused);
}

// Every session is ended 50 times under load. A session that came back by itself would have lost
// its settings; the pool's own test has the control that shows it.
TEST(TerminatedSessions, NeverComeBackWithOtherSettings) {
  harness::CheckLine line("R05", "transactions with wrong settings", "0");
  auto suite = StartCatalog(/*durable=*/false);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, 4);
  std::atomic<std::int64_t> served = 0;
  std::int64_t wrong = 0;
  {
    harness::Load load(4, [&](int caller, int number) {
      if (crowd.Goal(caller, std::to_string(caller) + "-" + std::to_string(number), "").ok())
        ++served;
    });
    pqxx::connection connection((*suite)->postgres().Dsn());
    pqxx::nontransaction tx(connection);
    for (int round = 0; round < 50; ++round) {
      const std::int64_t before = served;
      EXPECT_TRUE(harness::Eventually([&] { return served > before + 3; }, absl::Seconds(20)));
      tx.exec(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
          "'teraju_catalog'");
    }
    // What the server knows of the sessions that serve now: their own timeout and name, set at
    // connection.
    const std::int64_t before = served;
    EXPECT_TRUE(harness::Eventually([&] { return served > before + 3; }, absl::Seconds(20)));
    wrong = tx.exec(
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = 'teraju_catalog' AND "
                  "application_name <> 'teraju-catalog'")[0][0]
                .as<std::int64_t>();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE((*suite)->process("catalog").running());
  line.Set(static_cast<double>(wrong), served);
}

}  // namespace
}  // namespace teraju::resilience
