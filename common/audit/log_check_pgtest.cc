// A04: a log that was tampered with as its administrator could, in every way and many places, is
// found out; a clean one is not accused.
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "common/audit/audit_logs_service.h"
#include "common/audit/audit_store.h"
#include "common/audit/log_check.h"
#include "common/audit/sequencer.h"
#include "common/audit/signer.h"
#include "common/errors/error.h"
#include "common/testing/check_line.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::audit {
namespace {

using ::testing::Contains;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::TestCall;

constexpr int kEvents = 120;
constexpr int kPlaces = 100;
constexpr char kLog[] = "auditEvents/evaluation";

class LogCheckTest : public testing::PgTest<> {
 protected:
  void SetUp() override {
    testing::PgTest<>::SetUp();
    Query("UPDATE audit_sequencer SET xid = '0', event_number = 0");
  }

  // Rounds of a few events, so that there are many heads.
  void Fill(int events) {
    for (int i = 0; i < events; ++i) {
      ASSERT_THAT(database().Write(
                      TestCall(),
                      [&](postgres::Transaction& tx) {
                        tx.Audit({.agency = "dumai",
                                  .resource = "agencies/dumai/evaluations/" + std::to_string(i),
                                  .type = "evaluation.final",
                                  .details = "{\"digest\":\"" + std::to_string(i * 7919) + "\"}"});
                        return absl::OkStatus();
                      }),
                  IsOk());
      if (i % 7 == 6) Sequence(signer_);
    }
    Sequence(signer_);
  }
  void Sequence(const Signer& signer) {
    ASSERT_THAT(SequenceOnce(database(), TestCall(), "evaluation", signer), IsOk());
  }
  std::vector<v1::TreeHead> Heads() {
    std::vector<v1::TreeHead> heads;
    EXPECT_THAT(
        database().Read(TestCall(),
                        [&](postgres::Transaction& tx) {
                          heads = AuditStore(tx, "evaluation").Heads("dumai", -1, 1 << 20, 1000);
                          return absl::OkStatus();
                        }),
        IsOk());
    return heads;
  }

  static absl::StatusOr<v1::AuditLogCheck> Check(postgres::Transaction& tx,
                                                 const Signer& signer,
                                                 const std::vector<v1::TreeHead>& outside) {
    std::vector<const v1::TreeHead*> heads;
    for (const v1::TreeHead& head : outside) heads.push_back(&head);
    return CheckLog(tx, "evaluation", "dumai", signer.public_key(), heads);
  }

  // What a check finds after `tamper`, which is undone. The administrator switches off the triggers
  // and keys that protect the tables.
  using Tamper = std::function<void(const std::function<void(const std::string&)>& sql)>;
  std::vector<int> After(const Tamper& tamper, const std::vector<v1::TreeHead>& outside = {}) {
    std::vector<int> kinds;
    const absl::Status undone =
        database().Write(TestCall(), [&](postgres::Transaction& tx) -> absl::Status {
          const auto sql = [&](const std::string& text) { tx.raw().exec(text); };
          sql("SET LOCAL session_replication_role = replica");
          tamper(sql);
          const auto check = Check(tx, signer_, outside);
          EXPECT_THAT(check, IsOk());
          if (check.ok()) {
            for (const v1::LogFinding& finding : check->findings()) kinds.push_back(finding.kind());
          }
          return absl::AbortedError("undone");
        });
    EXPECT_FALSE(undone.ok());
    return kinds;
  }

  const Signer signer_ = *Signer::Generate();
};

std::string At(const std::string& sql, int place) {
  std::string text = sql;
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$'))
    text.replace(at, 1, std::to_string(place));
  return text;
}

constexpr char kEventAt[] =
    "(agency_id, xid, event_number) IN (SELECT agency_id, xid, event_number FROM audit_leaves "
    "WHERE agency_id = 'dumai' AND leaf_index = $)";

TEST_F(LogCheckTest, FindsEveryTamperingAndAccusesNoCleanLog) {
  Fill(kEvents);
  const std::vector<v1::TreeHead> outside = Heads();
  const std::string change = "UPDATE audit_events SET details = '{}' WHERE ";
  const std::string copy =
      "INSERT INTO audit_events (agency_id, xid, create_time, actor, on_behalf_of, method, "
      "resource, "
      "type, details) SELECT agency_id, xid, create_time, ";
  const std::string columns =
      "on_behalf_of, method, resource, type, details FROM audit_events WHERE ";
  struct Way {
    const char* name;
    std::string sql;
    v1::LogFinding::Kind found;
  };
  const Way ways[] = {
      {"change", change + kEventAt, v1::LogFinding::EVENT_CHANGED},
      {"change with its leaf",
       change + kEventAt +
           "; UPDATE audit_leaves SET leaf_hash = sha256('x') WHERE agency_id = 'dumai' AND "
           "leaf_index = $",
       v1::LogFinding::HEAD_WRONG},
      {"delete",
       std::string("DELETE FROM audit_events WHERE ") + kEventAt,
       v1::LogFinding::EVENT_MISSING},
      {"delete with its leaf",
       std::string("DELETE FROM audit_events WHERE ") + kEventAt +
           "; DELETE FROM audit_leaves WHERE agency_id = 'dumai' AND leaf_index = $",
       v1::LogFinding::EVENT_MISSING},
      {"insert", copy + "'employees/x', " + columns + kEventAt, v1::LogFinding::EVENT_INSERTED},
      {"duplicate", copy + "actor, " + columns + kEventAt, v1::LogFinding::EVENT_INSERTED},
      {"swap",
       "UPDATE audit_leaves SET leaf_index = CASE leaf_index WHEN $ THEN 1000000 ELSE $ END WHERE "
       "agency_id = 'dumai' AND leaf_index IN ($, ($ + 1) % 120); UPDATE audit_leaves SET "
       "leaf_index "
       "= ($ + 1) % 120 WHERE agency_id = 'dumai' AND leaf_index = 1000000",
       v1::LogFinding::HEAD_WRONG},
      // What only heads that were kept elsewhere show: the end cut off with everything that knew
      // of it.
      {"cut",
       "DELETE FROM audit_heads WHERE agency_id = 'dumai' AND tree_size > $; DELETE FROM "
       "audit_nodes WHERE agency_id = 'dumai' AND ((node_index + 1) << level) > $; DELETE FROM "
       "audit_events WHERE (agency_id, xid, event_number) IN (SELECT agency_id, xid, event_number "
       "FROM audit_leaves WHERE agency_id = 'dumai' AND leaf_index >= $); DELETE FROM audit_leaves "
       "WHERE agency_id = 'dumai' AND leaf_index >= $",
       v1::LogFinding::LOG_CUT},
  };
  testing::CheckLine line("A04", "found", "800");
  std::mt19937 random(4);
  int found = 0;
  for (const Way& way : ways) {
    for (int i = 0; i < kPlaces; ++i) {
      // Not the last: what happens to the end is a cut, or a record that waits for its place.
      const int place = std::uniform_int_distribution<int>(0, kEvents - 2)(random);
      SCOPED_TRACE(std::string(way.name) + " at " + std::to_string(place));
      const std::vector<int> kinds =
          After([&](const auto& sql) { sql(At(way.sql, place)); }, outside);
      EXPECT_THAT(kinds, Contains(way.found));
      found += std::find(kinds.begin(), kinds.end(), way.found) != kinds.end();
    }
  }
  // Clean logs of every length, with and without heads from outside.
  for (int i = 0; i < 100; ++i) {
    const std::vector<v1::TreeHead> some(outside.begin(), outside.begin() + i % outside.size());
    EXPECT_THAT(After([](const auto&) {}, some), IsEmpty());
  }
  // The control: the same cut is invisible without a head from outside.
  EXPECT_THAT(After([&](const auto& sql) { sql(At(ways[7].sql, 56)); }), IsEmpty());
  line.Set(found, 8 * kPlaces);
}

// Whom a record is about: so that no reading is hidden from the person, or laid to somebody else.
TEST_F(LogCheckTest, FindsARecordThatIsSaidToBeAboutSomebodyElse) {
  ASSERT_THAT(database().Write(TestCall(),
                               [&](postgres::Transaction& tx) {
                                 for (const char* details : {"", R"({"page":1})"}) {
                                   tx.Audit({.agency = "dumai",
                                             .resource = "agencies/dumai/evaluations/1",
                                             .type = "evaluation.read",
                                             .details = details,
                                             .about = "agencies/dumai/employees/ani"});
                                 }
                                 return absl::OkStatus();
                               }),
              IsOk());
  Sequence(signer_);
  EXPECT_THAT(Query("SELECT details FROM audit_events ORDER BY event_number"),
              ::testing::ElementsAre(R"({"about":"agencies/dumai/employees/ani"})",
                                     R"({"about":"agencies/dumai/employees/ani","page":1})"));
  EXPECT_THAT(After([](const auto&) {}), IsEmpty());
  for (const char* about : {"", "agencies/dumai/employees/budi"}) {
    EXPECT_THAT(
        After([&](const auto& sql) {
          sql(std::string("UPDATE audit_events SET about = '") + about + "'");
        }),
        ::testing::ElementsAre(v1::LogFinding::EVENT_CHANGED, v1::LogFinding::EVENT_CHANGED));
  }
}

TEST_F(LogCheckTest, ALogThatWasRewrittenWithTheRightKeyIsShownByAHeadFromOutside) {
  Fill(40);
  const std::vector<v1::TreeHead> outside = Heads();
  // Another history of the same length, sequenced and signed as the real one.
  Query("SET session_replication_role = replica");
  for (const char* table : {"audit_leaves", "audit_nodes", "audit_heads"})
    Query(std::string("SET session_replication_role = replica; DELETE FROM ") + table);
  Query(
      "SET session_replication_role = replica; UPDATE audit_events SET details = '{}' WHERE "
      "resource "
      "LIKE '%/20'");
  Query("UPDATE audit_sequencer SET xid = '0', event_number = 0");
  Sequence(signer_);
  EXPECT_THAT(After([](const auto&) {}), IsEmpty());  // by itself it is consistent
  EXPECT_THAT(After([](const auto&) {}, {outside.back()}),
              ::testing::ElementsAre(v1::LogFinding::LOG_REWRITTEN));
  // A head of somebody else's making accuses nobody of rewriting.
  v1::TreeHead forged = outside.back();
  ASSERT_THAT(Signer::Generate()->SignHead(forged), IsOk());
  EXPECT_THAT(After([](const auto&) {}, {forged}),
              ::testing::ElementsAre(v1::LogFinding::OUTSIDE_HEAD_UNKNOWN));
}

TEST_F(LogCheckTest, TheInspectorAsksOverTheApi) {
  Fill(20);
  testing::RpcHost host("evaluation");
  host.Serve<AuditLogsService>(host.pipeline(), database(), "evaluation", signer_.public_key());
  const testing::Caller inspector{.subject = "employees/inspector", .agency = "dumai"};
  const testing::Caller employee{.subject = "employees/budi", .agency = "dumai"};
  host.Bind({{.agency = AgencyId("dumai"), .subject = inspector.subject, .role = "inspector"}});
  const auto ask = [&](const testing::Caller& caller, const std::string& parent = kLog) {
    v1::CheckAuditLogRequest request;
    request.set_parent(parent);
    request.set_agency("agencies/dumai");
    *request.add_outside_heads() = Heads().front();
    return host.Client<v1::AuditLogs>().Call(
        caller, &v1::AuditLogs::StubInterface::CheckAuditLog, request);
  };
  const auto check = ask(inspector);
  ASSERT_THAT(check, IsOk());
  EXPECT_THAT(check->findings(), IsEmpty());
  EXPECT_EQ(check->head().tree_size(), 20);
  EXPECT_THAT(ask(employee), HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(ask(inspector, "auditEvents/training"),
              HasReason(errors::reasons::RESOURCE_NOT_FOUND));
  Query(
      "SET session_replication_role = replica; UPDATE audit_events SET actor = 'employees/else' "
      "WHERE "
      "resource LIKE '%/3'");
  const auto found = ask(inspector);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->findings_size(), 1);
  EXPECT_EQ(found->findings(0).position(), 3);
  EXPECT_EQ(found->findings(0).text_id(), "Catatan nomor 3 bukan lagi yang dicatat.");
}

}  // namespace
}  // namespace teraju::audit
