// An import whose process is killed in the middle of every file: it goes on where it was, and what
// it leaves is what an undisturbed import of the same files leaves.
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pqxx/pqxx"
#include "tests/scenarios/town.h"

namespace teraju::resilience {
namespace {

using simulation::Caller;
namespace json = simulation::json;

std::string ReadFile(const std::string& name) {
  std::stringstream text;
  text << std::ifstream(std::string(TERAJU_CITY) + "/" + name).rdbuf();
  return text.str();
}

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.services = {"identity", "gateway"};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    rest_ = std::make_unique<simulation::RestClient>("127.0.0.1", suite_->rest_port(), tally_);
    admin_ = std::make_unique<pqxx::connection>(suite_->postgres().Dsn("teraju_identity"));
  }

  // An agency with an HR system, whose files are uploaded; the job's name.
  std::string Prepare(const std::string& agency, Caller& hr) {
    Caller boss = scenarios::SignInAsOperator(*suite_, *rest_);
    rest_->Post(&boss, "/v1/agencies?agencyId=" + agency, {{"displayName", "Kota"}});
    const auto client =
        rest_->Post(&boss, "/v1/agencies/" + agency + "/apiClients", {{"displayName", "HR"}});
    hr.client_id = client.Text("/name").substr(client.Text("/name").rfind('/') + 1);
    hr.client_secret = client.Text("/clientSecret");
    rest_->Post(&boss,
                "/v1/agencies/" + agency + "/roleBindings",
                {{"subject", "apiClients/" + hr.client_id}, {"role", "hr_system"}});
    std::string job =
        rest_->Post(&hr, "/v1/agencies/" + agency + "/importJobs", json::object()).Text("/name");
    for (const auto& [kind, file] : {std::pair{"units", "hierarki-unor.csv"},
                                     {"employees", "export-data-asn.csv"},
                                     {"assignments", "penugasan.csv"}})
      rest_->Upload(&hr, "/v1/" + job + "/files/" + kind + ":upload", "text/csv", ReadFile(file));
    return job;
  }
  json::value Start(Caller& hr, const std::string& job) {
    return rest_->Post(&hr, "/v1/" + job + ":run", json::object()).body;
  }
  std::string Ask(const std::string& sql) {
    pqxx::work tx(*admin_);
    const pqxx::result rows = tx.exec(sql);
    tx.commit();
    return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
  }

  // Kills the process while the import waits to write to `table`, with all that the file has
  // written by then, and starts it again.
  void KillAt(const std::string& table) {
    pqxx::connection holder(suite_->postgres().Dsn("teraju_identity"));
    {
      pqxx::work lock(holder);
      lock.exec("LOCK TABLE " + table + " IN SHARE MODE");
      Resume();
      ASSERT_TRUE(testing::Eventually(
          [&] {
            return Ask("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '" + table +
                       "'::regclass") != "0";
          },
          absl::Seconds(30)))
          << table;
      suite_->process("identity").Kill9();
    }
    ASSERT_TRUE(suite_->process("identity").Start().ok());
    ASSERT_TRUE(suite_->WaitReady("identity").ok());
    // The server has noticed that nobody is there any more, and nothing of the file is left.
    ASSERT_TRUE(testing::Eventually(
        [&] {
          return Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = 'teraju_identity' AND "
                     "state LIKE 'idle in transaction%'") == "0";
        },
        absl::Seconds(30)));
    ++kills_;
  }
  // The lease of who was killed has run out.
  void Resume() { Ask("UPDATE operations SET next_time = now() WHERE end_time IS NULL"); }

  // Everything that an import leaves in an agency, without what is new in each.
  std::string Left(const std::string& agency) {
    const std::string of = " WHERE agency_id = '" + agency + "'";
    const auto digest = [&](const std::string& columns, const std::string& from) {
      return absl::StrCat("(SELECT count(*) || ' ' || coalesce(md5(string_agg(concat_ws('|', ",
                          columns,
                          "), ';' ORDER BY concat_ws('|', ",
                          columns,
                          "))), '') FROM ",
                          from,
                          of,
                          ")");
    };
    return Ask(absl::StrCat(
        "SELECT concat_ws(', ', ",
        digest("nip, full_name, birth_date, unit_id, position_title, external_id, version",
               "employees"),
        ", ",
        digest("unit_id, kind, position_title, start_date, end_date, leads_unit, decree_number, "
               "version",
               "assignments"),
        ", ",
        digest("unit_id, start_date, display_name, parent_unit_id, without_head, version",
               "unit_states"),
        ", ",
        digest("kind_number, row_number, verdict, code, column_name, value", "import_row_results"),
        ", ",
        digest("type", "outbox"),
        ", ",
        digest("subject LIKE 'employees/%'", "accounts"),
        ")"));
  }

  std::unique_ptr<harness::Suite> suite_;
  simulation::Tally tally_;
  std::unique_ptr<simulation::RestClient> rest_;
  std::unique_ptr<pqxx::connection> admin_;
  int kills_ = 0;
};

TEST_F(ImportTest, GoesOnWhereItWasKilledAndDoesNothingTwice) {
  testing::CheckLine line("R08-import", "agencies that differ from an undisturbed import", "0");
  Caller calm;
  const std::string undisturbed = Prepare("tenang", calm);
  rest_->Wait(&calm, Start(calm, undisturbed));

  Caller hr;
  const std::string job = Prepare("dumai", hr);
  pqxx::connection holder(suite_->postgres().Dsn("teraju_identity"));
  json::value operation;
  {
    // Nothing happens before the first kill waits for it.
    pqxx::work lock(holder);
    lock.exec("LOCK TABLE units IN SHARE MODE");
    operation = Start(hr, job);
    ASSERT_TRUE(testing::Eventually(
        [&] { return Ask("SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"; },
        absl::Seconds(30)));
    suite_->process("identity").Kill9();
  }
  ASSERT_TRUE(suite_->process("identity").Start().ok());
  ASSERT_TRUE(suite_->WaitReady("identity").ok());
  ++kills_;
  // In each file at its first table, and once at the end of one, when it is about to be committed.
  for (const char* table : {"outbox", "unit_states", "employees", "assignments"}) KillAt(table);
  Resume();
  rest_->Wait(&hr, operation);
  EXPECT_EQ(rest_->Get(&hr, "/v1/" + job).Text("/state"), "SUCCEEDED");
  const std::string left = Left("dumai");
  const bool same = left == Left("tenang");
  EXPECT_TRUE(same) << left << "\n" << Left("tenang");
  EXPECT_EQ(Ask("SELECT count(*) FROM employees WHERE agency_id = 'dumai'"), "4200");
  // Each step is on record once, however often it was begun.
  EXPECT_EQ(Ask("SELECT count(*) FROM audit_events WHERE agency_id = 'dumai' AND type = "
                "'operation.stepDone'"),
            "4");
  line.Set(same ? 0 : 1, kills_);

  // The control: one row less, or one event more, would have been seen.
  Ask("DELETE FROM import_row_results WHERE agency_id = 'dumai' AND (kind_number, row_number) = "
      "(SELECT kind_number, row_number FROM import_row_results WHERE agency_id = 'dumai' LIMIT 1)");
  Ask("INSERT INTO outbox (agency_id, resource, type, payload) VALUES ('dumai', 'x', 'x', '')");
  EXPECT_NE(Left("dumai"), left);
}

}  // namespace
}  // namespace teraju::resilience
