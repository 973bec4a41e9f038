#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/operations/held_work.h"
#include "common/operations/operation_store.h"
#include "common/operations/worker.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/wrappers.pb.h"

namespace teraju::operations {
namespace {

using google::longrunning::Operation;
using google::protobuf::Int64Value;
using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::TestCall;

const postgres::Migrations kSteps = {
    {"0100_create_steps.sql", "CREATE TABLE steps (number bigint, runner text)"}};
constexpr postgres::Statement kInsertStep{"step_insert", "INSERT INTO steps VALUES ($1, $2)"};

class WorkerTest : public testing::PgTest<kSteps> {
 protected:
  Operation StartOne(int steps) {
    Int64Value request;
    request.set_value(steps);
    auto started = database().Write(TestCall(), [&](postgres::Transaction& tx) {
      return Start(tx, "test", "steps.count", "dumai", "k", request);
    });
    EXPECT_THAT(started, IsOk());
    return *std::move(started);
  }
  std::unique_ptr<Worker> Run(Handler handler, WorkerOptions options = {}) {
    options.service = "test";
    options.poll = absl::Milliseconds(20);
    options.backoff = absl::Milliseconds(10);
    return std::make_unique<Worker>(options,
                                    Handlers{{"steps.count", std::move(handler)}},
                                    database(),
                                    testing::internal::DenyAll(),
                                    logger_);
  }
  Operation Now(const Operation& operation) {
    std::optional<Seen> seen;
    // On sessions of its own, which no test kills.
    postgres::DatabaseOptions options = Options();
    options.service = "observer";
    postgres::Database observer(options, metrics());
    EXPECT_THAT(observer.Read(TestCall(),
                              [&](postgres::Transaction& tx) {
                                seen = OperationStore(tx, "test").Find(operation.name().substr(16));
                                return absl::OkStatus();
                              }),
                IsOk());
    return seen->operation;
  }
  // Waits for the end of the operation.
  Operation End(const Operation& operation) {
    testing::Eventually([&] { return Now(operation).done(); });
    return Now(operation);
  }
  // Does one row per step from the checkpoint on; `between` runs before each.
  static Handler Counting(const std::string& runner,
                          const std::function<absl::Status(std::int64_t)>& between = {}) {
    return [runner, between](Work& work) -> absl::StatusOr<std::unique_ptr<Message>> {
      Int64Value total;
      work.request().UnpackTo(&total);
      std::int64_t next = work.checkpoint().empty() ? 1 : std::stoll(work.checkpoint()) + 1;
      for (; next <= total.value(); ++next) {
        if (between) RETURN_IF_ERROR(between(next));
        RETURN_IF_ERROR(
            work.Step(std::to_string(next), next, total.value(), [&](postgres::Transaction& tx) {
              tx.Exec(kInsertStep, next, runner);
              return absl::OkStatus();
            }));
      }
      return std::make_unique<Int64Value>(total);
    };
  }

  logging::Logger logger_{"test", [](std::string_view) {}};
};

TEST_F(WorkerTest, DoesTheStepsAndKeepsTheResponse) {
  const Operation started = StartOne(3);
  const auto worker = Run(Counting("a"));
  const Operation ended = End(started);
  ASSERT_TRUE(ended.has_response()) << ended.DebugString();
  Int64Value response;
  ASSERT_TRUE(ended.response().UnpackTo(&response));
  EXPECT_EQ(response.value(), 3);
  EXPECT_THAT(Query("SELECT number FROM steps ORDER BY number"), ElementsAre("1", "2", "3"));
}

TEST_F(WorkerTest, AnotherReplicaResumesWhereADeadOneStoppedAndEachStepIsDoneOnce) {
  const Operation started = StartOne(6);
  absl::Notification third, late;
  // Falls silent before its fourth step, as if it had died: its pool is its own, and its lease is
  // not prolonged.
  absl::Status fate;
  std::thread dead([&] {
    postgres::Database own(Options(), metrics());
    std::optional<Taken> taken;
    ASSERT_THAT(
        own.Write(TestCall(),
                  [&](postgres::Transaction& tx) {
                    taken =
                        OperationStore(tx, "test").Take({"steps.count"}, absl::Milliseconds(300));
                    return absl::OkStatus();
                  }),
        IsOk());
    HeldWork work(*taken, "test", absl::Milliseconds(300), own, testing::internal::DenyAll());
    fate = Counting("dead",
                    [&](std::int64_t next) {
                      if (next == 4) {
                        third.Notify();
                        late.WaitForNotification();
                      }
                      return absl::OkStatus();
                    })(work)
               .status();
  });
  third.WaitForNotification();
  const auto worker = Run(Counting("alive"));
  const Operation ended = End(started);
  // It comes back and must not do its fourth step again.
  late.Notify();
  dead.join();
  EXPECT_TRUE(ended.has_response()) << ended.DebugString();
  EXPECT_THAT(fate, testing::StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Query("SELECT number || runner FROM steps ORDER BY number"),
              ElementsAre("1dead", "2dead", "3dead", "4alive", "5alive", "6alive"));
}

TEST_F(WorkerTest, ALivingReplicaKeepsItsLeaseBeyondItsLength) {
  const Operation started = StartOne(2);
  std::atomic<int> runs = 0;
  const auto slow = [&](std::int64_t next) {
    if (next == 2) {
      ++runs;
      absl::Notification never;
      never.WaitForNotificationWithTimeout(absl::Milliseconds(1200));
    }
    return absl::OkStatus();
  };
  const auto first = Run(Counting("a", slow), {.lease = absl::Milliseconds(400)});
  const auto second = Run(Counting("b", slow), {.lease = absl::Milliseconds(400)});
  EXPECT_TRUE(End(started).has_response());
  EXPECT_EQ(runs, 1);
}

TEST_F(WorkerTest, AStoppingReplicaGivesItsWorkToAnother) {
  const Operation started = StartOne(4);
  absl::Notification third;
  auto worker = Run(
      [&](Work& work) -> absl::StatusOr<std::unique_ptr<Message>> {
        return Counting("a", [&](std::int64_t next) {
          if (next == 3) {
            third.Notify();
            EXPECT_TRUE(testing::Eventually([&] { return work.cancelled(); }));
          }
          return absl::OkStatus();
        })(work);
      },
      {.lease = absl::Hours(1)});
  third.WaitForNotification();
  worker.reset();
  // In spite of the long lease it is free at once.
  const auto other = Run(Counting("b"));
  EXPECT_TRUE(End(started).has_response());
  EXPECT_THAT(Query("SELECT number || runner FROM steps ORDER BY number"),
              ElementsAre("1a", "2a", "3b", "4b"));
}

TEST_F(WorkerTest, AuditRecordsOfTheWorkNameWhoeverStartedIt) {
  const Operation started = StartOne(1);
  const auto worker = Run([&](Work& work) -> absl::StatusOr<std::unique_ptr<Message>> {
    RETURN_IF_ERROR(work.Step("1", 1, 1, [](postgres::Transaction& tx) {
      tx.Audit({.agency = "dumai", .resource = "steps/1", .type = "step.done"});
      tx.Audit({.agency = "dumai",
                .resource = "steps/2",
                .type = "step.done",
                .on_behalf_of = "employees/x"});
      return absl::OkStatus();
    }));
    return std::make_unique<Int64Value>();
  });
  EXPECT_TRUE(End(started).has_response());
  EXPECT_THAT(
      Query("SELECT type || ' ' || actor || ' for ' || on_behalf_of FROM audit_events "
            "ORDER BY event_number"),
      ElementsAre("operation.started employees/01890000-0000-7000-8000-000000000001 for ",
                  "operation.stepDone services/test for "
                  "employees/01890000-0000-7000-8000-000000000001",
                  "step.done services/test for employees/01890000-0000-7000-8000-000000000001",
                  "step.done services/test for employees/x"));
}

TEST_F(WorkerTest, AnErrorThatMayPassIsTriedAgainFromTheCheckpoint) {
  const Operation started = StartOne(3);
  std::atomic<int> failures = 2;
  const auto worker = Run(Counting("a", [&](std::int64_t next) {
    if (next == 2 && failures-- > 0) return absl::Status(absl::UnavailableError("peer"));
    return absl::OkStatus();
  }));
  EXPECT_TRUE(End(started).has_response());
  EXPECT_THAT(Query("SELECT number FROM steps ORDER BY number"), ElementsAre("1", "2", "3"));
}

TEST_F(WorkerTest, AnErrorThatStaysEndsTheOperationWithItsReason) {
  const Operation started = StartOne(3);
  const auto worker = Run(Counting("a", [&](std::int64_t next) {
    return next == 2 ? errors::ResourceNotFound("agencies/dumai/cycles/x") : absl::OkStatus();
  }));
  const Operation ended = End(started);
  ASSERT_TRUE(ended.has_error());
  EXPECT_EQ(ended.error().code(), 5);
  EXPECT_THAT(ended.error().DebugString(), HasSubstr("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(ended.error().DebugString(), HasSubstr("test.teraju"));
}

TEST_F(WorkerTest, AnErrorThatNeverPassesEndsIt) {
  const Operation started = StartOne(1);
  std::atomic<int> runs = 0;
  const auto worker = Run(Counting("a",
                                   [&](std::int64_t) {
                                     ++runs;
                                     return absl::Status(absl::UnavailableError("peer"));
                                   }),
                          {.attempts = 3});
  EXPECT_EQ(End(started).error().code(), 13);
  EXPECT_EQ(runs, 3);
}

TEST_F(WorkerTest, AnExceptionOfTheHandlerDoesNotEndTheProcess) {
  const Operation started = StartOne(1);
  const auto worker =
      Run([](Work&) -> absl::StatusOr<std::unique_ptr<Message>> { throw std::runtime_error("x"); });
  EXPECT_EQ(End(started).error().code(), 13);
}

TEST_F(WorkerTest, CancellationEndsItAtTheNextStepAndKeepsWhatIsDone) {
  const Operation started = StartOne(5);
  const auto worker = Run(
      [&](Work& work) -> absl::StatusOr<std::unique_ptr<Message>> {
        return Counting("a", [&](std::int64_t next) {
          if (next == 3) {
            Query("UPDATE operations SET cancel = true");
            EXPECT_TRUE(testing::Eventually([&] { return work.cancelled(); }));
          }
          return absl::OkStatus();
        })(work);
      },
      {.lease = absl::Milliseconds(200)});
  const Operation ended = End(started);
  EXPECT_EQ(ended.error().code(), 1);
  EXPECT_THAT(ended.error().DebugString(), HasSubstr("OPERATION_CANCELLED"));
  EXPECT_THAT(Query("SELECT number FROM steps ORDER BY number"), ElementsAre("1", "2"));
  EXPECT_THAT(Query("SELECT state FROM operations"), ElementsAre("CANCELLED"));
}

TEST_F(WorkerTest, WhatWasCancelledBeforeItBeganIsNotBegun) {
  const Operation started = StartOne(5);
  Query("UPDATE operations SET cancel = true");
  const auto worker = Run(Counting("a"));
  EXPECT_EQ(End(started).error().code(), 1);
  EXPECT_THAT(Query("SELECT number FROM steps"), ElementsAre());
}

TEST_F(WorkerTest, SurvivesTheLossOfEveryConnection) {
  const Operation started = StartOne(5);
  const auto worker = Run(Counting("a",
                                   [&](std::int64_t) {
                                     Query(
                                         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                         "WHERE datname = current_database() "
                                         "AND application_name = 'teraju-test' "
                                         "AND pid <> pg_backend_pid()");
                                     return absl::OkStatus();
                                   }),
                          {.lease = absl::Seconds(1)});
  EXPECT_TRUE(End(started).has_response());
  EXPECT_THAT(Query("SELECT count(DISTINCT number) || ' of ' || count(*) FROM steps"),
              ElementsAre("5 of 5"));
}

}  // namespace
}  // namespace teraju::operations
