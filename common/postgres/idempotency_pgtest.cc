#include <atomic>
#include <thread>
#include <vector>

#include "common/errors/error.h"
#include "common/postgres/idempotency.h"
#include "common/postgres/test_tables.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::REQUEST_ID_REUSED;
using google::protobuf::Int64Value;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::StatusIs;
using testing::TestCall;

constexpr char kId[] = "5f0c2a9e-2f7a-4a55-9d41-0f4b4f0f7a01";

class IdempotencyTest : public PostgresTest {
 protected:
  void SetUp() override {
    PostgresTest::SetUp();
    Query("INSERT INTO notes (agency_id, key) VALUES ('dumai', 'count')");
  }
  // Adds one and answers with the new number.
  absl::StatusOr<Int64Value> Add(const CallContext& call) {
    return database().Write(call, [&](Transaction& tx) -> absl::StatusOr<Int64Value> {
      ++runs_;
      Int64Value value;
      value.set_value(tx.Exec(kNoteAdd, "count", 1)[0][0].as<int64_t>());
      tx.Emit({.agency = "dumai", .resource = "notes/count", .type = "note.added"});
      tx.Audit({.agency = "dumai", .resource = "notes/count", .type = "note.added"});
      return value;
    });
  }
  std::string Effects() {
    return Query(
        "SELECT concat_ws(' ', (SELECT number FROM notes), (SELECT count(*) FROM outbox), "
        "(SELECT count(*) FROM audit_events), (SELECT count(*) FROM requests))")[0];
  }

  std::atomic<int> runs_ = 0;
};

TEST_F(IdempotencyTest, ARepetitionGetsTheFirstAnswerAndHasNoEffect) {
  const CallContext::Fields fields = {.request_id = kId, .request_hash = std::string("\0hash", 5)};
  auto first = Add(TestCall(fields));
  ASSERT_THAT(first, IsOk());
  auto second = Add(TestCall(fields));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->value(), 1);
  EXPECT_EQ(second->value(), 1);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, WithoutARequestIdEachCallHasItsEffect) {
  ASSERT_THAT(Add(TestCall()), IsOk());
  ASSERT_THAT(Add(TestCall()), IsOk());
  EXPECT_EQ(Effects(), "2 2 2 0");
}

TEST_F(IdempotencyTest, AnotherRequestUnderTheSameIdIsRefused) {
  ASSERT_THAT(Add(TestCall({.request_id = kId, .request_hash = "one"})), IsOk());
  EXPECT_THAT(Add(TestCall({.request_id = kId, .request_hash = "two"})),
              AllOf(StatusIs(absl::StatusCode::kInvalidArgument), HasReason(REQUEST_ID_REUSED)));
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, TheIdBelongsToOneCallerAndOneMethod) {
  ASSERT_THAT(Add(TestCall({.request_id = kId})), IsOk());
  ASSERT_THAT(Add(TestCall({.method = "teraju.test.v1.Tests/Other", .request_id = kId})), IsOk());
  ASSERT_THAT(Add(TestCall({.principal = {.subject = "employees/other"}, .request_id = kId})),
              IsOk());
  ASSERT_THAT(Add(TestCall({.principal = {.agency = AgencyId("siak")}, .request_id = kId})),
              IsOk());
  EXPECT_EQ(Effects(), "4 4 4 4");
}

TEST_F(IdempotencyTest, AFailureIsNotRemembered) {
  const TestCall call({.request_id = kId});
  const auto failed = database().Write(call, [&](Transaction& tx) -> absl::StatusOr<Int64Value> {
    tx.Exec(kNoteAdd, "count", 1);
    return errors::ResourceNotFound("x");
  });
  EXPECT_THAT(failed, StatusIs(absl::StatusCode::kNotFound));
  ASSERT_THAT(Add(call), IsOk());
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, ARehearsalNeitherReadsNorLeavesAnAnswer) {
  ASSERT_THAT(Add(TestCall({.request_id = kId, .validate_only = true})), IsOk());
  EXPECT_EQ(Effects(), "0 0 0 0");
  ASSERT_THAT(Add(TestCall({.request_id = kId})), IsOk());
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, SixteenConcurrentDuplicatesHaveOneEffectAndOneAnswer) {
  std::vector<std::thread> threads;
  std::atomic<int> ones = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto answer = Add(TestCall({.request_id = kId, .request_hash = "same"}));
      if (answer.ok() && answer->value() == 1) ++ones;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ones, 16);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, ADuplicateWaitsNoLongerThanItsDeadline) {
  absl::StatusOr<Int64Value> late;
  const auto first = database().Write(
      TestCall({.request_id = kId}), [&](Transaction& tx) -> absl::StatusOr<Int64Value> {
        tx.Exec(kNoteAdd, "count", 1);
        late =
            Add(TestCall({.deadline = absl::Now() + absl::Milliseconds(200), .request_id = kId}));
        return Int64Value();
      });
  EXPECT_THAT(first, IsOk());
  EXPECT_THAT(late, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(runs_, 0);
}

TEST_F(IdempotencyTest, QuotesWhatComesFromOutside) {
  const CallContext::Fields fields = {.principal = {.subject = "employees/'; DROP TABLE notes; --"},
                                      .request_id = "'\\"};
  ASSERT_THAT(Add(TestCall(fields)), IsOk());
  ASSERT_THAT(Add(TestCall(fields)), IsOk());
  EXPECT_EQ(Effects(), "1 1 1 1");
}

TEST_F(IdempotencyTest, EventsAndRecordsKeepTheirOrderAndTheCaller) {
  ASSERT_THAT(
      database().Write(
          TestCall(),
          [&](Transaction& tx) {
            for (const char* n : {"1", "2", "3"}) {
              tx.Emit({.agency = "dumai", .resource = n, .type = "t", .payload = R"({"a":"\""})"});
              tx.Audit({.agency = "dumai",
                        .resource = n,
                        .type = "t",
                        .details = "{}",
                        .on_behalf_of = "employees/b"});
            }
            return absl::OkStatus();
          }),
      IsOk());
  EXPECT_THAT(Query("SELECT resource FROM outbox ORDER BY xid, event_id"),
              ElementsAre("1", "2", "3"));
  EXPECT_THAT(Query("SELECT payload FROM outbox LIMIT 1"), ElementsAre(R"({"a":"\""})"));
  EXPECT_THAT(Query("SELECT resource FROM audit_events ORDER BY xid, event_number"),
              ElementsAre("1", "2", "3"));
  EXPECT_THAT(
      Query("SELECT concat_ws(' ', actor, on_behalf_of, method) FROM audit_events LIMIT 1"),
      ElementsAre(
          "employees/01890000-0000-7000-8000-000000000001 employees/b teraju.test.v1.Tests/Test"));
}

}  // namespace
}  // namespace teraju::postgres
