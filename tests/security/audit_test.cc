// A06: whatever changes something, is denied, or reads another's score is on record exactly once,
// in the transaction of its effect, also where the process dies in between. Every scenario ends
// with the same reconciliation (TownTest); here are all refusals there are, the readings one by
// one, and the kills.
#include <atomic>
#include <pqxx/pqxx>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/harness/records.h"
#include "tests/resilience/kills.h"
#include "tests/scenarios/town.h"
#include "tests/security/people.h"
#include "tests/security/targets.h"

namespace teraju::security {
namespace {

using harness::Reconcile;
using harness::Reconciliation;
using options::v1::Access;
using scenarios::Caller;
using scenarios::TextOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Records : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                        {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    people_ = std::make_unique<People>(*suite_);
  }
  scenarios::Town& town() { return people_->town(); }
  simulation::RestClient& rest() { return town().rest(); }
  // As the administrator of a service's database, whom no trigger stops.
  std::int64_t Ask(const std::string& service, const std::string& sql) {
    pqxx::connection connection(suite_->postgres().Dsn("teraju_" + service));
    pqxx::work tx(connection);
    tx.exec("SET session_replication_role = replica");
    const pqxx::result rows = tx.exec(sql);
    tx.commit();
    return rows.empty() ? 0 : rows[0][0].as<std::int64_t>(0);
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<People> people_;
};

TEST_F(Records, AreMadeOfEveryRefusalAndNeverTwice) {
  testing::CheckLine line("A06-refusals", "refusals without exactly one record", "0");
  Person& nobody = people_->Of("none");
  std::int64_t denied = 0;
  for (const Target& target : Targets(town().agency(), "")) {
    if (target.access->rule_case() != Access::kPermission) continue;
    const bool body = target.verb == "POST" || target.verb == "PATCH";
    const scenarios::Refusal told =
        town().Refused(target.verb,
                       &*nobody.caller,
                       target.path,
                       body ? json::value(json::object()) : json::value(nullptr));
    EXPECT_EQ(told.status, 403) << target.method;
    ++denied;
  }
  const std::string own =
      absl::StrCat("actor = 'apiClients/", nobody.caller->client_id, "' AND type = 'call.refused'");
  std::int64_t recorded = 0;
  for (const char* service : {"identity", "catalog", "evaluation", "feedback", "training"})
    recorded += Ask(service, "SELECT count(*) FROM audit_events WHERE " + own);
  // The program has fetched its token with a refused call as well.
  EXPECT_EQ(recorded, denied + 1);
  const Reconciliation result = Reconcile(*suite_);
  EXPECT_THAT(result.faults, IsEmpty());
  EXPECT_GT(denied, 300);
  line.Set(static_cast<double>(result.expected - result.records), result.expected);

  // The control: a record that is gone, and one too many.
  Ask("catalog",
      "DELETE FROM audit_events WHERE event_number = "
      "(SELECT max(event_number) FROM audit_events WHERE " +
          own + ")");
  EXPECT_THAT(absl::StrJoin(Reconcile(*suite_).faults, "\n"), HasSubstr("0 records of 1 refusals"));
}

// One reading by the appraiser and one by the HR office of each thing that shows a score.
TEST_F(Records, AreMadeOfEveryReadingOfAnothersScore) {
  testing::CheckLine line("A06-readings", "readings without exactly one record", "0");
  const std::string unit = town().Unit("dinas", "Dinas", town().root());
  const std::string head = town().Employee("Kepala", unit, "Kepala", "STRUCTURAL", true);
  const std::string person = town().Employee("Pegawai", unit, "Perawat", "FUNCTIONAL", false);
  rest().Post(&town().hr(), "/v1/" + town().agency() + "/behaviors:adopt", {{"set", "berakhlak"}});
  const std::string cycle = town().OpenCycle("2025", town().AdoptPack("mulyorejo"));
  const std::string year = cycle + "/periods/year";
  town().Run(town().hr(), "/v1/" + year + ":score", json::object());
  const std::string evaluation = TextOf(town().EvaluationOf(person, year), "name");
  rest().Post(&town().As(head),
              "/v1/" + evaluation + ":rate",
              {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}});
  const auto readings = [&](Caller& caller) {
    const std::string actor =
        caller.subject.empty() ? "apiClients/" + caller.client_id : caller.subject;
    return Ask("evaluation",
               absl::StrCat("SELECT count(*) FROM audit_events WHERE about = '",
                            person,
                            "' AND actor = '",
                            actor,
                            "'"));
  };
  int wrong = 0;
  int read = 0;
  const std::string list =
      "/v1/" + town().agency() + "/evaluations?period=" + year + "&employee=" + person;
  for (const std::string& path : {"/v1/" + evaluation, list}) {
    for (Caller* caller : {&town().As(head), &town().hr(), &town().As(person)}) {
      const std::int64_t before = readings(*caller);
      EXPECT_THAT(json::serialize(rest().Get(caller, path).body), HasSubstr(evaluation));
      // A person's own reading leaves none.
      const std::int64_t expected = caller == &town().As(person) ? 0 : 1;
      const bool right = readings(*caller) - before == expected;
      EXPECT_TRUE(right) << path << " by " << caller->subject;
      ++read;
      wrong += right ? 0 : 1;
    }
  }
  const Reconciliation result = Reconcile(*suite_);
  EXPECT_THAT(result.faults, IsEmpty());
  line.Set(wrong, read);
}

// Writers go on while processes are killed; what is in the tables afterwards is on record.
TEST_F(Records, AreInTheTransactionOfTheirEffect) {
  testing::CheckLine line("A06", "effects and refusals without exactly one record", "0");
  struct Writer {
    std::unique_ptr<simulation::RestClient> rest;
    Caller caller;
  };
  simulation::Tally tally;
  std::vector<Writer> writers;
  for (int i = 0; i < 4; ++i) {
    writers.push_back(
        {std::make_unique<simulation::RestClient>("127.0.0.1", suite_->rest_port(), tally),
         town().hr()});
  }
  const std::string agency = "/v1/" + town().agency();
  std::atomic<int> done = 0;
  const auto write = [&](int writer, int number) {
    Writer& one = writers[static_cast<std::size_t>(writer)];
    const std::string title = absl::StrCat(writer, "-", number);
    try {
      const bool goal = number % 2 == 0;
      const auto answer = goal ? one.rest->Try("POST",
                                               &one.caller,
                                               agency + "/goals",
                                               {{"kind", "STRATEGIC_GOAL"},
                                                {"title", title},
                                                {"firstYear", 2025},
                                                {"lastYear", 2029}})
                               : one.rest->Try("POST",
                                               &one.caller,
                                               agency + "/courses",
                                               {{"title", title},
                                                {"type", "8"},
                                                {"learningHours", 8},
                                                {"topics", json::array{"PELAYANAN"}}});
      if (answer.ok()) ++done;
    } catch (const std::exception&) {
      // The connection broke with the process.
    }
  };
  {
    harness::Load load(4, write);
    for (int kill = 0; kill < resilience::Kills(); ++kill) {
      for (const char* service : {"catalog", "training"}) {
        const int before = done;
        EXPECT_TRUE(testing::Eventually([&] { return done > before + 50; }, absl::Seconds(60)));
        suite_->process(service).Kill9();
        ASSERT_TRUE(suite_->process(service).Start().ok());
        ASSERT_TRUE(suite_->WaitReady(service).ok());
      }
    }
  }
  const Reconciliation result = Reconcile(*suite_, /*killed=*/true);
  EXPECT_THAT(result.faults, IsEmpty());
  for (const auto& [service, table, type] : {std::tuple{"catalog", "goals", "goal.created"},
                                             {"training", "courses", "course.created"}}) {
    EXPECT_EQ(
        Ask(service, absl::StrCat("SELECT count(*) FROM ", table)),
        Ask(service, absl::StrCat("SELECT count(*) FROM audit_events WHERE type = '", type, "'")));
  }
  EXPECT_GT(result.expected, 100);
  line.Set(static_cast<double>(result.expected - result.records), result.expected);

  // The controls: an effect that nobody recorded, and a record of the same thing twice.
  Ask("training", "UPDATE courses SET title = 'tanpa catatan' WHERE title = '0-1'");
  EXPECT_THAT(absl::StrJoin(Reconcile(*suite_, true).faults, "\n"),
              HasSubstr("training: courses: 1 of"));
  Ask("catalog",
      "INSERT INTO audit_events (agency_id, xid, create_time, actor, on_behalf_of, method, "
      "resource, type, "
      "details) SELECT agency_id, xid, create_time, actor, on_behalf_of, method, resource, type, "
      "details "
      "FROM audit_events WHERE type = 'goal.created' LIMIT 1");
  EXPECT_THAT(absl::StrJoin(Reconcile(*suite_, true).faults, "\n"),
              HasSubstr("goal.created 2 times at once"));
}

}  // namespace
}  // namespace teraju::security
