#include "common/errors/error.h"
#include "common/postgres/test_tables.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::COMMIT_OUTCOME_UNKNOWN;
using errors::reasons::INTERNAL_FAULT;
using google::protobuf::Int64Value;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;
using testing::TestCall;

constexpr char kId[] = "0b1e6a52-8a52-4d7e-9a55-6a5d0f1c2b3d";
constexpr Statement kBackend{"backend", "SELECT pg_backend_pid()"};

// What a write leaves is sent together with its COMMIT.
class CommitTest : public PostgresTest {
 protected:
  void TearDown() override {
    Query("DROP FUNCTION IF EXISTS at_end CASCADE; DROP SEQUENCE IF EXISTS ends");
    PostgresTest::TearDown();
  }
  // A deferred trigger, which runs within COMMIT.
  void AtCommit(const std::string& statements) {
    Query(
        "CREATE SEQUENCE ends; CREATE FUNCTION at_end() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN " +
        statements +
        " RETURN NULL; END $$; CREATE CONSTRAINT TRIGGER at_end AFTER INSERT ON notes DEFERRABLE "
        "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_end()");
  }
  void KillTheFirstCommit() {
    AtCommit(
        "IF nextval('ends') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); "
        "PERFORM pg_sleep(5); END IF;");
  }
  // Writes a note; `last` runs at the end of it.
  absl::Status Insert(
      Database& database,
      const CallContext& call,
      absl::FunctionRef<void(Transaction&)> last = [](Transaction&) {}) {
    return database
        .Write(call,
               [&](Transaction& tx) -> absl::StatusOr<Int64Value> {
                 ++runs_;
                 tx.Exec(kNoteInsert, "once");
                 tx.Emit({.agency = "dumai", .resource = "notes/once", .type = "note.created"});
                 tx.Audit({.agency = "dumai", .resource = "notes/once", .type = "note.created"});
                 last(tx);
                 return Int64Value();
               })
        .status();
  }
  Database Faulty() {
    DatabaseOptions options = Options();
    options.on_fault = [&](std::string_view statement, std::string_view sqlstate) {
      faults_.push_back(std::string(statement) + " " + std::string(sqlstate));
    };
    return {options, metrics()};
  }
  std::string Effects() {
    return Query(
        "SELECT concat_ws(' ', (SELECT count(*) FROM notes), (SELECT count(*) FROM outbox), "
        "(SELECT count(*) FROM audit_events), (SELECT count(*) FROM requests))")[0];
  }

  int runs_ = 0;
  std::vector<std::string> faults_;
};

TEST_F(CommitTest, ASessionEndedBeforeTheRecordsIsHealedByOneRepetition) {
  // The session has prepared what it will send.
  ASSERT_THAT(Insert(database(), TestCall()), IsOk());
  Query("DELETE FROM notes");
  runs_ = 0;
  const absl::Status status = Insert(database(), TestCall(), [&](Transaction& tx) {
    const std::string backend = tx.Exec(kBackend)[0][0].as<std::string>();
    if (runs_ == 1) Query("SELECT pg_terminate_backend(" + backend + ", 5000)");
  });
  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(Effects(), "1 2 2 0");
}

TEST_F(CommitTest, AnOpenOutcomeIsSettledByARepetitionUnderTheRequestId) {
  KillTheFirstCommit();
  EXPECT_THAT(Insert(database(), TestCall({.request_id = kId})), IsOk());
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(CommitTest, AnOutcomeThatNoRepetitionSettlesIsNotCalledAFailure) {
  AtCommit("PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5);");
  EXPECT_THAT(Insert(database(), TestCall({.request_id = kId})),
              AllOf(StatusIs(absl::StatusCode::kUnknown), HasReason(COMMIT_OUTCOME_UNKNOWN)));
  EXPECT_EQ(runs_, 2);
}

// The repetition does not come to look: the server takes no connection any more.
TEST_F(CommitTest, AnOutcomeStaysOpenWhileTheServerIsAway) {
  KillTheFirstCommit();
  const std::string name = Query("SELECT current_database()")[0];
  pqxx::connection elsewhere(dsn() + " dbname=postgres");
  const auto allow = [&](const std::string& connections) {
    pqxx::nontransaction(elsewhere).exec("ALTER DATABASE " + elsewhere.quote_name(name) +
                                         " ALLOW_CONNECTIONS " + connections);
  };
  const absl::Status status =
      Insert(database(), TestCall({.request_id = kId}), [&](Transaction&) { allow("false"); });
  allow("true");
  EXPECT_THAT(status, HasReason(COMMIT_OUTCOME_UNKNOWN));
  EXPECT_EQ(runs_, 1);
}

TEST_F(CommitTest, AnOpenOutcomeWithoutARequestIdStaysOpen) {
  KillTheFirstCommit();
  EXPECT_THAT(Insert(database(), TestCall()),
              AllOf(StatusIs(absl::StatusCode::kUnknown), HasReason(COMMIT_OUTCOME_UNKNOWN)));
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(Effects(), "0 0 0 0");
}

TEST_F(CommitTest, ARefusedRecordUndoesTheWorkAndTheSessionLives) {
  Query(
      "CREATE FUNCTION at_end() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE EXCEPTION 'no'; END $$; "
      "CREATE TRIGGER at_end BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION at_end()");
  Database faulty = Faulty();
  const auto backend = [&] {
    return *faulty.Read(TestCall(), [](Transaction& tx) -> absl::StatusOr<int> {
      return tx.Exec(kBackend)[0][0].as<int>();
    });
  };
  const int before = backend();
  EXPECT_THAT(Insert(faulty, TestCall({.request_id = kId})), HasReason(INTERNAL_FAULT));
  EXPECT_THAT(faults_, ElementsAre("commit_record_insert P0001"));
  EXPECT_EQ(Effects(), "0 0 0 0");
  EXPECT_EQ(backend(), before);
}

TEST_F(CommitTest, ARefusedCommitUndoesTheWork) {
  AtCommit("RAISE EXCEPTION 'no';");
  Database faulty = Faulty();
  EXPECT_THAT(Insert(faulty, TestCall({.request_id = kId})), HasReason(INTERNAL_FAULT));
  EXPECT_THAT(faults_, ElementsAre("transaction_commit P0001"));
  EXPECT_EQ(Effects(), "0 0 0 0");
}

TEST_F(CommitTest, WhatFailedOutsideOurStatementsIsNotTakenForCommitted) {
  Database faulty = Faulty();
  const absl::Status status = faulty.Write(TestCall(), [](Transaction& tx) {
    tx.Exec(kNoteInsert, "half");
    try {
      tx.raw().exec("SELECT 1 / 0");
    } catch (const pqxx::sql_error&) {
    }
    return absl::OkStatus();
  });
  EXPECT_THAT(status, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(faults_, ElementsAre("transaction_commit 25P02"));
  EXPECT_THAT(Query("SELECT key FROM notes"), IsEmpty());
}

TEST_F(CommitTest, AWriteMayEndWithACopy) {
  EXPECT_THAT(
      Insert(
          database(),
          TestCall({.request_id = kId}),
          [](Transaction& tx) {
            pqxx::stream_to copy(tx.raw(), "notes", std::vector<std::string>{"agency_id", "key"});
            copy << std::make_tuple("dumai", "copied");
            copy.complete();
          }),
      IsOk());
  EXPECT_EQ(Effects(), "2 1 1 1");
}

TEST_F(CommitTest, ARehearsalTriesTheRecordsToo) {
  Query(
      "CREATE FUNCTION at_end() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE EXCEPTION 'no'; END $$; "
      "CREATE TRIGGER at_end BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION at_end()");
  Database faulty = Faulty();
  EXPECT_THAT(Insert(faulty, TestCall({.validate_only = true})), HasReason(INTERNAL_FAULT));
  Query("DROP FUNCTION at_end CASCADE");
  EXPECT_THAT(Insert(faulty, TestCall({.validate_only = true})), IsOk());
  EXPECT_EQ(Effects(), "0 0 0 0");
}

}  // namespace
}  // namespace teraju::postgres
