#include "common/operations/operation_store.h"
#include "common/operations/operations.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/wrappers.pb.h"
#include "teraju/operations/v1/progress.pb.h"

namespace teraju::operations {
namespace {

using errors::reasons::OPERATION_RUNNING;
using google::longrunning::Operation;
using google::protobuf::StringValue;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using ::testing::StartsWith;
using testing::StatusIs;
using testing::TestCall;

class OperationStoreTest : public testing::PgTest<> {
 protected:
  absl::StatusOr<Operation> StartOne(const std::string& key, const CallContext& call = TestCall()) {
    StringValue request;
    request.set_value("input of " + key);
    return database().Write(call, [&](postgres::Transaction& tx) {
      return Start(tx, "test", "things.make", "dumai", key, request);
    });
  }
  // Runs `fn` with a store in a transaction of its own.
  template <typename F>
  auto With(F fn) {
    std::optional<std::invoke_result_t<F, OperationStore>> result;
    EXPECT_THAT(database().Write(TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   result = fn(OperationStore(tx, "test"));
                                   return absl::OkStatus();
                                 }),
                IsOk());
    return *std::move(result);
  }
  std::optional<Taken> Take(absl::Duration lease = absl::Minutes(1)) {
    return With([&](OperationStore store) { return store.Take({"things.make"}, lease); });
  }
  static std::string IdOf(const Operation& operation) { return operation.name().substr(16); }
};

TEST_F(OperationStoreTest, StartsInTheTransactionOfTheBusinessRow) {
  StringValue request;
  const auto failed =
      database().Write(TestCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<Operation> {
        EXPECT_THAT(Start(tx, "test", "things.make", "dumai", "k", request), IsOk());
        return errors::ResourceNotFound("x");
      });
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(Query("SELECT 1 FROM operations"), ElementsAre());

  const auto started = StartOne("k");
  ASSERT_THAT(started, IsOk());
  EXPECT_THAT(started->name(), StartsWith("operations/test/"));
  EXPECT_FALSE(started->done());
  v1::Progress progress;
  ASSERT_TRUE(started->metadata().UnpackTo(&progress));
  EXPECT_EQ(progress.kind(), "things.make");
  EXPECT_EQ(progress.resource(), "k");
  EXPECT_EQ(progress.percent(), 0);
}

TEST_F(OperationStoreTest, ASecondOneOnTheSameKeyIsRefusedUntilTheFirstIsDone) {
  const auto first = StartOne("k");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(StartOne("k"),
              AllOf(StatusIs(absl::StatusCode::kAborted),
                    HasReason(OPERATION_RUNNING),
                    HasMetadata("operation", first->name())));
  EXPECT_THAT(StartOne("other"), IsOk());
  const auto taken = Take();
  ASSERT_TRUE(taken.has_value());
  EXPECT_THAT(StartOne("k"), HasReason(OPERATION_RUNNING));
  With([&](OperationStore store) {
    store.Succeed(*taken, {});
    return 0;
  });
  EXPECT_THAT(StartOne("k"), IsOk());
}

TEST_F(OperationStoreTest, OneReplicaTakesIt) {
  ASSERT_THAT(StartOne("k"), IsOk());
  const auto taken = Take();
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->attempt, 1);
  EXPECT_EQ(taken->starter, "employees/01890000-0000-7000-8000-000000000001");
  StringValue request;
  ASSERT_TRUE(taken->request.UnpackTo(&request));
  EXPECT_EQ(request.value(), "input of k");
  EXPECT_FALSE(Take().has_value());
  EXPECT_FALSE(With([](OperationStore store) {
                 return store.Take({"others"}, absl::Minutes(1));
               }).has_value());
}

TEST_F(OperationStoreTest, AnEndedLeaseIsStolenAndTheOldHolderCanDoNothing) {
  ASSERT_THAT(StartOne("k"), IsOk());
  const auto old = Take(absl::ZeroDuration());
  ASSERT_TRUE(old.has_value());
  const auto thief = Take();
  ASSERT_TRUE(thief.has_value());
  EXPECT_EQ(thief->id, old->id);
  EXPECT_EQ(thief->attempt, 2);
  EXPECT_FALSE(
      With([&](OperationStore s) { return s.Advance(*old, "1", 1, 2, "", absl::Minutes(1)); }));
  EXPECT_TRUE(
      With([&](OperationStore s) { return s.Advance(*thief, "1", 1, 2, "", absl::Minutes(1)); }));
  With([&](OperationStore store) {
    store.Succeed(*old, {});
    store.GiveBack(*old, absl::ZeroDuration(), true);
    EXPECT_TRUE(store.Prolong({old->lease}, absl::Minutes(1)).empty());
    EXPECT_EQ(store.Prolong({thief->lease}, absl::Minutes(1)).size(), 1);
    return 0;
  });
  EXPECT_THAT(Query("SELECT state FROM operations"), ElementsAre("RUNNING"));
}

TEST_F(OperationStoreTest, ProgressIsSeen) {
  const auto started = StartOne("k");
  ASSERT_THAT(started, IsOk());
  const auto taken = Take();
  With(
      [&](OperationStore s) { return s.Advance(*taken, "c", 2, 3, "counting", absl::Minutes(1)); });
  const auto progress_of = [&] {
    v1::Progress progress;
    With([&](OperationStore s) { return s.Find(IdOf(*started)); })
        ->operation.metadata()
        .UnpackTo(&progress);
    return progress;
  };
  EXPECT_EQ(progress_of().percent(), 66);
  EXPECT_EQ(progress_of().message(), "counting");
  With([&](OperationStore store) {
    store.Advance(*taken, "c", 3, 3, "counting", absl::Minutes(1));
    return 0;
  });
  EXPECT_EQ(progress_of().percent(), 99);
  EXPECT_FALSE(progress_of().has_end_time());
  With([&](OperationStore store) {
    store.Succeed(*taken, {});
    return 0;
  });
  EXPECT_EQ(progress_of().percent(), 100);
  EXPECT_TRUE(progress_of().has_end_time());
}

TEST_F(OperationStoreTest, ListsNewestFirstPageByPage) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const TestCall call({.time = absl::FromUnixSeconds(1700000000 + i)});
    ids.push_back(IdOf(*StartOne("k" + std::to_string(i), call)));
  }
  const auto list = [&](ListQuery query) {
    std::vector<std::string> names;
    for (const Seen& seen : With([&](OperationStore store) { return store.List(query); })) {
      names.push_back(IdOf(seen.operation));
    }
    return names;
  };
  EXPECT_THAT(list({.agency = "dumai", .size = 2}), ElementsAre(ids[2], ids[1]));
  EXPECT_THAT(list({.agency = "dumai", .before_id = ids[1], .size = 2}), ElementsAre(ids[0]));
  EXPECT_THAT(list({.agency = "siak", .size = 2}), ElementsAre());
  EXPECT_THAT(list({.agency = "dumai", .starter = "employees/other", .size = 2}), ElementsAre());
  EXPECT_THAT(list({.agency = "dumai", .done = true, .size = 2}), ElementsAre());
}

}  // namespace
}  // namespace teraju::operations
