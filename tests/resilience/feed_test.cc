// R07: publisher and consumer of a change feed are killed again and again, and no change is lost,
// applied twice or out of order.
#include "common/postgres/feed.h"

#include <algorithm>
#include <map>

#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"
#include "tests/resilience/kills.h"

namespace teraju::resilience {
namespace {

constexpr int kWriters = 8;
constexpr int kIndicators = 16;

// Up to 3 ms between an event's number and its commit, so that later numbers are committed earlier.
constexpr char kJitter[] = R"(
  CREATE FUNCTION jitter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_sleep(random() * 0.003);
    RETURN NULL;
  END $$;
  CREATE TRIGGER jitter AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION jitter();)";

// What a consumer sees that remembers the highest number which it has read.
class NaiveReader {
 public:
  explicit NaiveReader(const std::string& dsn)
      : connection_(dsn), load_(1, [this](int, int) { Read(); }) {}
  // How many events it has seen.
  std::int64_t Stop() {
    load_.Stop();
    Read();
    return seen_;
  }

 private:
  void Read() {
    pqxx::nontransaction tx(connection_);
    for (const auto& row : tx.exec_params(
             "SELECT event_id FROM outbox WHERE event_id > $1 ORDER BY event_id", last_)) {
      last_ = row[0].as<std::int64_t>();
      ++seen_;
    }
  }

  pqxx::connection connection_;
  std::int64_t last_ = 0;
  std::int64_t seen_ = 0;
  harness::Load load_;  // last, so that it ends first
};

// What was written and what was applied, compared.
struct Balance {
  std::int64_t events = 0;
  std::int64_t lost = 0;
  std::int64_t doubled = 0;
  std::int64_t order_breaks = 0;
};

Balance Compare(const std::string& outbox_dsn, const std::string& follower_dsn) {
  Balance balance;
  std::map<postgres::FeedPosition, int> applied;
  std::map<std::string, std::int64_t> last;  // of a resource
  pqxx::connection follower(follower_dsn);
  pqxx::nontransaction notes(follower);
  for (const auto& row : notes.exec("SELECT cursor, resource FROM applied ORDER BY number")) {
    const auto position = postgres::ParseCursor(row[0].as<std::string>());
    if (!position.ok() || ++applied[*position] > 1) {
      ++balance.doubled;
      continue;
    }
    std::int64_t& newest = last[row[1].as<std::string>()];
    if (position->event < newest) ++balance.order_breaks;
    newest = std::max(newest, position->event);
  }
  pqxx::connection source(outbox_dsn);
  pqxx::nontransaction outbox(source);
  for (const auto& row : outbox.exec("SELECT xid::text::bigint, event_id FROM outbox")) {
    ++balance.events;
    if (!applied.contains({row[0].as<std::uint64_t>(), row[1].as<std::int64_t>()})) ++balance.lost;
  }
  return balance;
}

std::vector<std::string> EnterIndicators(Crowd& crowd) {
  const std::string goal = crowd.Goal(0, "Sasaran", "").Text("/name");
  std::vector<std::string> names;
  for (int i = 0; i < kIndicators; ++i) {
    names.push_back(crowd
                        .Post(0,
                              "/v1/" + crowd.town().agency() + "/indicators",
                              {{"title", std::to_string(i)},
                               {"goal", goal},
                               {"unitOfMeasure", "persen"},
                               {"polarity", "HIGHER_IS_BETTER"},
                               {"target", {{"value", "90"}}},
                               {"dataSource", "Laporan"}})
                        .Text("/name"));
    EXPECT_NE(names.back(), "");
  }
  return names;
}

TEST(Feed, LosesNothingWhileBothSidesAreKilled) {
  testing::CheckLine line("R07", "changes lost, doubled or out of order", "0");
  harness::Suite::Options options;
  options.services = {"identity", "catalog", "gateway"};
  auto started = harness::Suite::Start(options);
  ASSERT_TRUE(started.ok()) << started.status();
  harness::Suite& suite = **started;
  Crowd crowd(suite, kWriters);
  pqxx::connection admin(suite.postgres().Dsn());
  pqxx::nontransaction(admin).exec("CREATE DATABASE follower");
  const std::string catalog_dsn = suite.postgres().Dsn("teraju_catalog");
  const std::string follower_dsn = suite.postgres().Dsn("follower");
  pqxx::connection catalog(catalog_dsn);
  pqxx::nontransaction(catalog).exec(kJitter);
  const std::vector<std::string> indicators = EnterIndicators(crowd);

  harness::Process follower({TERAJU_FOLLOWER,
                             {follower_dsn, "127.0.0.1:" + suite.port("catalog"), crowd.token(0)},
                             {},
                             suite.folder() + "/follower.log"});
  ASSERT_TRUE(follower.Start().ok());
  NaiveReader naive(catalog_dsn);
  std::atomic<std::int64_t> written = 0;
  {
    harness::Load load(kWriters, [&](int writer, int number) {
      const std::string& name = indicators[(writer + number) % kIndicators];
      const auto answer = crowd.Patch(writer, "/v1/" + name, {{"title", std::to_string(number)}});
      written += answer.ok() ? 1 : 0;
    });
    for (int kill = 0; kill < 2 * Kills(); ++kill) {
      const std::int64_t before = written;
      ASSERT_TRUE(testing::Eventually([&] { return written > before + 150; }, absl::Seconds(60)));
      harness::Process& victim = kill % 2 == 0 ? follower : suite.process("catalog");
      victim.Kill9();
      ASSERT_TRUE(victim.Start().ok());
    }
    ASSERT_TRUE(suite.WaitReady("catalog").ok());
  }
  const auto settled = [&] {
    const Balance balance = Compare(catalog_dsn, follower_dsn);
    return balance.lost == 0;
  };
  EXPECT_TRUE(testing::Eventually(settled, absl::Seconds(30))) << follower.Log();
  const Balance balance = Compare(catalog_dsn, follower_dsn);
  EXPECT_EQ(balance.lost, 0);
  EXPECT_EQ(balance.doubled, 0);
  EXPECT_EQ(balance.order_breaks, 0);
  EXPECT_GE(balance.events, written);
  // The control: the same changes read by number alone have gaps.
  EXPECT_LT(naive.Stop(), balance.events);
  line.Set(static_cast<double>(balance.lost + balance.doubled + balance.order_breaks),
           balance.events);
}

}  // namespace
}  // namespace teraju::resilience
