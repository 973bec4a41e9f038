#include <algorithm>
#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/feed_consumer.h"
#include "common/postgres/housekeeping.h"
#include "common/postgres/test_tables.h"
#include "common/testing/eventually.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;

// A feed of numbers: cursor and resource of the n-th change are n.
class FeedConsumerTest : public PostgresTest {
 protected:
  FeedSource Numbers(int count, int page_size = 10) {
    return [=](const std::string& cursor, absl::Duration wait) -> absl::StatusOr<FeedPage> {
      FeedPage page{.next_cursor = cursor};
      int n = cursor.empty() ? 0 : std::stoi(cursor);
      for (int i = 0; i < page_size && n < count; ++i) {
        page.next_cursor = std::to_string(++n);
        page.changes.push_back({.cursor = page.next_cursor, .resource = page.next_cursor});
      }
      // A long poll that has nothing to say in its time.
      if (page.changes.empty()) absl::Notification().WaitForNotificationWithTimeout(wait);
      return page;
    };
  }
  std::unique_ptr<FeedConsumer> Follow(FeedSource source, ApplyChange apply) {
    return std::make_unique<FeedConsumer>(FeedConsumerOptions{.service = "test",
                                                              .name = "numbers",
                                                              .max_wait = absl::Milliseconds(5),
                                                              .backoff = absl::Milliseconds(5)},
                                          std::move(source),
                                          std::move(apply),
                                          database(),
                                          testing::internal::DenyAll(),
                                          registry(),
                                          logger_);
  }
  void WaitForCursor(const std::string& cursor) {
    ASSERT_TRUE(testing::Eventually([&] {
      return Query("SELECT cursor FROM feed_cursors") == std::vector<std::string>{cursor};
    }));
  }
  static absl::Status Store(Transaction& tx, const FeedChange& change) {
    tx.Exec(kNoteInsert, change.resource);
    return absl::OkStatus();
  }
  std::string Effects() {
    return Query("SELECT count(*) || ' ' || coalesce(max(key::int), 0) FROM notes")[0];
  }

  logging::Logger logger_{"test", [](std::string_view) {}};
};

TEST_F(FeedConsumerTest, AppliesEachChangeOnceAndContinuesWhereItStopped) {
  {
    const auto consumer = Follow(Numbers(25), Store);
    WaitForCursor("25");
  }
  const auto consumer = Follow(Numbers(30), Store);
  WaitForCursor("30");
  EXPECT_EQ(Effects(), "30 30");
}

TEST_F(FeedConsumerTest, TwoReplicasApplyEachChangeOnce) {
  // A second application would break the primary key and be seen as a failure for ever.
  const auto one = Follow(Numbers(200, 3), Store);
  const auto two = Follow(Numbers(200, 3), Store);
  WaitForCursor("200");
  EXPECT_EQ(Effects(), "200 200");
}

TEST_F(FeedConsumerTest, AFailureKeepsEffectAndCursorTogether) {
  std::atomic<int> failures = 3;
  const auto consumer =
      Follow(Numbers(10), [&](Transaction& tx, const FeedChange& change) -> absl::Status {
        RETURN_IF_ERROR(Store(tx, change));
        // After the effect: without the common transaction it would stay and be repeated.
        if (change.resource == "7" && failures-- > 0) return absl::InternalError("not yet");
        return absl::OkStatus();
      });
  WaitForCursor("10");
  EXPECT_EQ(Effects(), "10 10");
}

TEST_F(FeedConsumerTest, AChangeThatCannotBeAppliedHoldsBackOnlyWhatFollows) {
  std::atomic<int> tries = 0;
  const auto consumer =
      Follow(Numbers(10), [&](Transaction& tx, const FeedChange& change) -> absl::Status {
        if (change.resource == "7" && ++tries > 0) return absl::InternalError("never");
        return Store(tx, change);
      });
  WaitForCursor("6");
  EXPECT_TRUE(testing::Eventually([&] { return tries >= 4; }));
  EXPECT_EQ(Effects(), "6 6");
}

TEST_F(FeedConsumerTest, ASourceThatIsDownIsAskedAgain) {
  std::atomic<int> outages = 3;
  const FeedSource numbers = Numbers(5);
  const auto consumer = Follow(
      [&](const std::string& cursor, absl::Duration wait) -> absl::StatusOr<FeedPage> {
        if (outages-- > 0) return absl::UnavailableError("down");
        return numbers(cursor, wait);
      },
      Store);
  WaitForCursor("5");
  EXPECT_EQ(Effects(), "5 5");
}

TEST_F(PostgresTest, HousekeepingRemovesWhatHasExpiredAndNothingElse) {
  Query(
      "INSERT INTO requests SELECT 'dumai', 'c', 'm', n::text, '', '', now() - n * interval '1 "
      "hour' "
      "FROM generate_series(0, 2500) AS n");
  Query(
      "INSERT INTO operations (agency_id, operation_id, kind, work_key, state, starter, method, "
      "call_id, locale, "
      "request, end_time) SELECT 'dumai', gen_random_uuid(), 'k', n::text, 'SUCCEEDED', '', '', "
      "'', 'id', '', "
      "now() - n * interval '1 day' FROM generate_series(0, 40) AS n");
  Query(
      "INSERT INTO operations (agency_id, operation_id, kind, work_key, starter, method, call_id, "
      "locale, request, "
      "create_time) VALUES ('dumai', gen_random_uuid(), 'k', 'waiting', '', '', '', 'id', '', "
      "'2000-01-01')");
  const auto removed =
      RemoveExpired(database(), testing::internal::DenyAll(), absl::Now() + absl::Minutes(1));
  ASSERT_THAT(removed, IsOk());
  EXPECT_EQ(*removed, (2501 - 24) + (41 - 30));
  EXPECT_THAT(Query("SELECT max(request_id::int) FROM requests"), ElementsAre("23"));
  EXPECT_THAT(Query("SELECT count(*) FROM operations"), ElementsAre("31"));
}

}  // namespace
}  // namespace teraju::postgres
