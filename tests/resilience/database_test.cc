// R02, R04, R05: the database crashes, stays away, and loses its sessions.
#include <algorithm>
#include <mutex>
#include <set>

#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"
#include "tests/resilience/kills.h"

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

// Eight writers; each keeps account of what was acknowledged at once, and of what was in doubt and
// therefore sent again under the same request id until it was acknowledged.
class Ledger {
 public:
  static constexpr int kWriters = 8;
  explicit Ledger(harness::Suite& suite) : suite_(suite), crowd_(suite, kWriters) {}

  // Writes, and crashes the server each time that there are 200 acknowledgements more.
  void WriteThroughCrashes(int kills) {
    harness::Load load(kWriters, [this](int writer, int number) { Write(writer, number); });
    for (int kill = 0; kill < kills; ++kill) {
      const std::size_t before = acknowledged();
      EXPECT_TRUE(
          testing::Eventually([&] { return acknowledged() > before + 200; }, absl::Seconds(60)));
      EXPECT_TRUE((kill % 2 == 0 ? suite_.postgres().Kill9()
                                 : suite_.postgres().Stop(testing::MiniPostgres::Mode::kImmediate))
                      .ok());
      EXPECT_TRUE(suite_.postgres().Start().ok());
      EXPECT_TRUE(suite_.WaitReady("catalog").ok());
    }
  }

  // After the writers have ended: acknowledged writes that are not in the table exactly once, and
  // rows that nobody was told of.
  struct Balance {
    int lost_or_doubled = 0;
    int strangers = 0;
  };
  Balance Settle() const {
    pqxx::connection connection(suite_.Dsn("catalog"));
    pqxx::nontransaction tx(connection);
    std::multiset<std::string> stored;
    for (const auto& row : tx.exec("SELECT title FROM goals"))
      stored.insert(row[0].as<std::string>());
    Balance balance;
    for (const std::string& title : acknowledged_)
      balance.lost_or_doubled += stored.count(title) == 1 ? 0 : 1;
    for (const std::string& title : stored)
      balance.strangers += acknowledged_.contains(title) ? 0 : 1;
    return balance;
  }
  std::size_t acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_.size();
  }
  int in_doubt() const { return in_doubt_; }

 private:
  void Write(int writer, int number) {
    const std::string title = std::to_string(writer) + "-" + std::to_string(number);
    const std::string id = simulation::RequestId("R02", title);
    if (!crowd_.Goal(writer, title, id).ok()) {
      ++in_doubt_;
      ASSERT_TRUE(testing::Eventually([&] { return crowd_.Goal(writer, title, id).ok(); },
                                      absl::Seconds(60)));
    }
    const std::lock_guard lock(mutex_);
    acknowledged_.insert(title);
  }

  harness::Suite& suite_;
  Crowd crowd_;
  std::atomic<int> in_doubt_ = 0;
  mutable std::mutex mutex_;
  std::set<std::string> acknowledged_;
};

TEST(DatabaseCrash, LosesNothingThatWasAcknowledged) {
  testing::CheckLine line("R02", "acknowledged writes lost or doubled", "0");
  auto suite = StartCatalog(/*durable=*/true);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Ledger ledger(**suite);
  const pid_t process = (*suite)->process("catalog").pid();
  ledger.WriteThroughCrashes(Kills());
  const Ledger::Balance balance = ledger.Settle();
  EXPECT_EQ(balance.lost_or_doubled, 0);
  EXPECT_EQ(balance.strangers, 0);
  EXPECT_GT(ledger.in_doubt(), 0) << "no crash has hit a write";
  EXPECT_TRUE((*suite)->process("catalog").running());
  EXPECT_EQ((*suite)->process("catalog").pid(), process) << "the service has ended";
  line.Set(balance.lost_or_doubled, static_cast<std::int64_t>(ledger.acknowledged()));
}

// The control: on a server that acknowledges before it has written, the same account does not
// balance.
TEST(DatabaseCrash, IsSeenToLoseWhatWasAcknowledgedTooEarly) {
  auto suite = StartCatalog(/*durable=*/false);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Ledger ledger(**suite);
  ledger.WriteThroughCrashes(2);
  EXPECT_GT(ledger.Settle().lost_or_doubled, 0);
}

TEST(DatabaseOutage, IsUnavailableAndThenOverWithoutARestart) {
  testing::CheckLine line("R04", "seconds until the first success", "2");
  harness::Suite::Options options;
  options.services = {"identity", "catalog", "gateway"};
  // Callers who do not wait between their attempts must not be held up by the gateway's own limit.
  options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"}};
  auto suite = harness::Suite::Start(options);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, 4);
  // The control: what must fail below does work now.
  EXPECT_TRUE((*suite)->Ready("catalog"));
  EXPECT_TRUE(crowd.Goal(0, "Sebelum", "").ok());
  const pid_t process = (*suite)->process("catalog").pid();
  ASSERT_TRUE((*suite)->postgres().Stop(testing::MiniPostgres::Mode::kFast).ok());
  EXPECT_TRUE(testing::Eventually([&] { return !(*suite)->Ready("catalog"); }, absl::Seconds(2)));
  std::atomic<int> refused = 0;
  const absl::Time stopped = absl::Now();
  {
    harness::Load load(4, [&](int caller, int) {
      const auto answer = crowd.Goal(caller, "Tak tersimpan", "");
      EXPECT_EQ(answer.status, 503) << json::serialize(answer.body);
      EXPECT_THAT(json::serialize(answer.body),
                  Not(AnyOf(HasSubstr("SQL"),
                            HasSubstr("goals_insert"),
                            HasSubstr("teraju-test-postgres"),
                            HasSubstr("socket"))));
      ++refused;
    });
    EXPECT_TRUE(testing::Eventually([&] { return absl::Now() - stopped > absl::Seconds(10); },
                                    absl::Seconds(11)));
  }
  EXPECT_GT(refused, 40);
  ASSERT_TRUE((*suite)->postgres().Start().ok());
  const absl::Time back = absl::Now();
  EXPECT_TRUE(
      testing::Eventually([&] { return crowd.Goal(0, "Kembali", "").ok(); }, absl::Seconds(10)));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - back);
  EXPECT_LE(seconds, 2.0);
  EXPECT_TRUE((*suite)->process("catalog").running());
  EXPECT_EQ((*suite)->process("catalog").pid(), process);
  EXPECT_EQ(Count(**suite, "catalog", "SELECT count(*) FROM goals WHERE title = 'Tak tersimpan'"),
            0);
  line.Set(seconds, refused);
}

// A trigger notes for every goal under which settings its transaction ran: role, search path, time
// zone, and the deadline, which the service sets in each transaction.
constexpr char kWatchSettings[] = R"(
  CREATE TABLE seen (title text, settings text, timeout interval);
  GRANT INSERT ON seen TO teraju_catalog;
  CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.seen VALUES (NEW.title,
      concat_ws(' ', current_user, current_setting('application_name'), current_setting('search_path'),
                current_setting('timezone'), current_setting('datestyle')),
      current_setting('statement_timeout')::interval);
    RETURN NEW;
  END $$;
  CREATE TRIGGER see AFTER INSERT ON goals FOR EACH ROW EXECUTE FUNCTION see();)";
// Settings differ from those of the first write, or there is no deadline, or one beyond a minute.
constexpr char kCountWrong[] = R"(
  SELECT count(*) FROM seen WHERE timeout NOT BETWEEN interval '1 ms' AND interval '1 minute'
    OR settings <> (SELECT settings FROM seen WHERE title = 'first'))";

// Every session is ended 50 times under load. One that came back by itself would have lost its
// settings.
TEST(TerminatedSessions, NeverComeBackWithOtherSettings) {
  testing::CheckLine line("R05", "transactions with wrong settings", "0");
  auto suite = StartCatalog(/*durable=*/false);
  ASSERT_TRUE(suite.ok()) << suite.status();
  pqxx::connection connection((*suite)->postgres().Dsn("teraju_catalog"));
  pqxx::nontransaction tx(connection);
  tx.exec(kWatchSettings);
  Crowd crowd(**suite, 4);
  ASSERT_TRUE(crowd.Goal(0, "first", "").ok());
  std::atomic<std::int64_t> served = 0;
  {
    harness::Load load(4, [&](int caller, int number) {
      if (crowd.Goal(caller, std::to_string(caller) + "-" + std::to_string(number), "").ok())
        ++served;
    });
    for (int round = 0; round <= 50; ++round) {
      const std::int64_t before = served;
      EXPECT_TRUE(testing::Eventually([&] { return served > before + 3; }, absl::Seconds(20)));
      if (round == 50) break;
      tx.exec(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
          "WHERE datname = 'teraju_catalog' AND pid <> pg_backend_pid()");
    }
  }
  const auto count = [&](const char* sql) { return tx.exec(sql)[0][0].as<std::int64_t>(); };
  const std::int64_t wrong = count(kCountWrong);
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(count("SELECT count(*) FROM seen"), served + 1);
  EXPECT_TRUE((*suite)->process("catalog").running());
  line.Set(static_cast<double>(wrong), served + 1);

  // The control: a write over a session without the settings, as libpqxx would have reopened it, is
  // seen.
  pqxx::connection bare((*suite)->Dsn("catalog"));
  pqxx::nontransaction(bare).exec(
      "INSERT INTO goals SELECT (jsonb_populate_record(g, '{\"goal_id\": \"bare\", \"title\": "
      "\"bare\"}')).* FROM goals g LIMIT 1");
  EXPECT_EQ(count(kCountWrong), 1);
}

}  // namespace
}  // namespace teraju::resilience
