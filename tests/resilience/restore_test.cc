// R24: a base backup taken under load, and the write-ahead log up to a point in time, on a server
// that has nothing else.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr int kWriters = 4;
constexpr char kChecksum[] = "SELECT md5(string_agg(t::text, ';' ORDER BY t.goal_id)) FROM goals t";

class RestoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.durable = true;
    options.services = {"identity", "catalog", "gateway"};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    server_ = suite_->postgres().folder();
    ArchiveLog();
    crowd_ = std::make_unique<Crowd>(*suite_, kWriters);
    boss_ = scenarios::SignInAsOperator(*suite_, crowd_->town().rest());
  }
  std::string log() const { return server_ + "/archive"; }
  std::string backup() const { return server_ + "/backup"; }

  std::string Ask(const std::string& database, const std::string& sql) {
    pqxx::connection connection(suite_->postgres().Dsn(database));
    pqxx::nontransaction tx(connection);
    const pqxx::result rows = tx.exec(sql);
    return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
  }
  // The copies are the server's own files, whoever runs the test.
  void OwnAsServer(const std::string& folder) {
    EXPECT_EQ(std::system(absl::StrCat("chown -R --reference=", server_, "/log ", folder).c_str()),
              0);
  }
  void ArchiveLog() {
    fs::create_directory(log());
    OwnAsServer(log());
    Ask("postgres", "ALTER SYSTEM SET archive_mode = on");
    Ask("postgres",
        absl::StrCat("ALTER SYSTEM SET archive_command = 'test ! -f ",
                     log(),
                     "/%f && cp %p ",
                     log(),
                     "/%f'"));
    ASSERT_TRUE(suite_->postgres().Stop(testing::MiniPostgres::Mode::kFast).ok());
    ASSERT_TRUE(suite_->postgres().Start().ok());
    ASSERT_TRUE(suite_->WaitReady("identity").ok());
    ASSERT_TRUE(suite_->WaitReady("catalog").ok());
  }
  void TakeBackup() {
    const std::string command = absl::StrCat("/usr/lib/postgresql/15/bin/pg_basebackup -h ",
                                             server_,
                                             " -U teraju -D ",
                                             backup(),
                                             " -X none -c fast --no-manifest");
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  void Write(int writer, const std::string& title) {
    if (!crowd_->Goal(writer, title, simulation::RequestId("R24", title)).ok()) return;
    const std::lock_guard lock(mutex_);
    acknowledged_.insert(title);
  }
  std::set<std::string> Acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }
  void WriteMore(const std::string& phase, std::size_t number) {
    harness::Load load(kWriters, [&](int writer, int n) {
      Write(writer, absl::StrCat(phase, "-", writer, "-", n));
    });
    const std::size_t before = Acknowledged().size();
    EXPECT_TRUE(testing::Eventually([&] { return Acknowledged().size() >= before + number; },
                                    absl::Seconds(60)));
  }
  // The signed head of the agency's log once everything recorded is in the tree.
  json::value Head() {
    json::value head;
    EXPECT_TRUE(testing::Eventually(
        [&] {
          head =
              crowd_->town()
                  .rest()
                  .Get(&boss_, "/v1/auditEvents/catalog:treeHead?agency=" + crowd_->town().agency())
                  .body;
          return simulation::TextOf(head, "treeSize") ==
                 Ask("teraju_catalog",
                     "SELECT count(*) FROM audit_events WHERE agency_id = 'crowd'");
        },
        absl::Seconds(20)));
    return head;
  }
  json::array Findings(const json::value& outside) {
    return simulation::ArrayOf(
        crowd_->town()
            .rest()
            .Post(&boss_,
                  "/v1/auditEvents/catalog:check",
                  {{"agency", crowd_->town().agency()}, {"outsideHeads", json::array{outside}}})
            .body,
        "findings");
  }
  // Everything on the server is lost but the backup and the archived log; it comes back as it was
  // at `point`.
  void RestoreTo(const std::string& point) {
    ASSERT_TRUE(suite_->postgres().Kill9().ok());
    fs::remove_all(server_ + "/data");
    fs::rename(backup(), server_ + "/data");
    std::ofstream(server_ + "/data/postgresql.auto.conf", std::ios::app)
        << "restore_command = 'cp " << log() << "/%f %p'\nrecovery_target_lsn = '" << point
        << "'\nrecovery_target_action = 'promote'\n";
    std::ofstream(server_ + "/data/recovery.signal").close();
    OwnAsServer(server_ + "/data");
    fs::permissions(server_ + "/data", fs::perms::owner_all);
    const absl::Status started = suite_->postgres().Start();
    ASSERT_TRUE(started.ok()) << started;
    ASSERT_TRUE(suite_->WaitReady("identity").ok());
    ASSERT_TRUE(suite_->WaitReady("catalog").ok());
  }
  std::set<std::string> Stored() {
    pqxx::connection connection(suite_->Dsn("catalog"));
    pqxx::nontransaction tx(connection);
    std::set<std::string> titles;
    for (const auto& row : tx.exec("SELECT title FROM goals"))
      titles.insert(row[0].as<std::string>());
    return titles;
  }

  std::unique_ptr<harness::Suite> suite_;
  std::string server_;
  std::unique_ptr<Crowd> crowd_;
  scenarios::Caller boss_;
  std::mutex mutex_;
  std::set<std::string> acknowledged_;
};

TEST_F(RestoreTest, NothingAcknowledgedByThePointIsLostAndTheDecisionLogVerifies) {
  testing::CheckLine line("R24", "seconds from the empty server to the first write", "-");
  WriteMore("before", 100);
  {
    harness::Load load(kWriters, [&](int writer, int n) {
      Write(writer, absl::StrCat("during-", writer, "-", n));
    });
    TakeBackup();
  }
  // What the log alone holds.
  const std::set<std::string> in_backup = Acknowledged();
  WriteMore("after", 100);
  const std::set<std::string> at_point = Acknowledged();
  const json::value head = Head();
  const std::string checksum = Ask("teraju_catalog", kChecksum);
  const std::string point = Ask("postgres", "SELECT pg_current_wal_insert_lsn()");
  WriteMore("late", 20);
  const json::value late_head = Head();
  const std::string segment = Ask("postgres", "SELECT pg_walfile_name(pg_switch_wal())");
  ASSERT_TRUE(
      testing::Eventually([&] { return fs::exists(log() + "/" + segment); }, absl::Seconds(30)));

  const absl::Time begin = absl::Now();
  RestoreTo(point);
  const std::set<std::string> stored = Stored();
  EXPECT_THAT(stored, IsSupersetOf(at_point));
  EXPECT_GT(at_point.size(), in_backup.size());  // the control: the backup alone has less
  EXPECT_THAT(stored, Not(Contains(::testing::StartsWith("late"))));
  EXPECT_EQ(Ask("teraju_catalog", kChecksum), checksum);
  EXPECT_TRUE(testing::Eventually([&] { return crowd_->Goal(0, "Sesudahnya", "").ok(); },
                                  absl::Seconds(30)));
  line.Set(absl::ToDoubleSeconds(absl::Now() - begin), static_cast<std::int64_t>(stored.size()));
  EXPECT_THAT(Findings(head), IsEmpty());
  // The control: whoever kept a later head sees what did not come back.
  EXPECT_THAT(Findings(late_head), Not(IsEmpty()));
}

}  // namespace
}  // namespace teraju::resilience
