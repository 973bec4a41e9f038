#include <atomic>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/postgres/feed.h"
#include "common/postgres/feed_watch.h"
#include "common/postgres/test_tables.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::CURSOR_INVALID;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;

class FeedTest : public PostgresTest {
 protected:
  void Emit(const std::string& resource, const std::string& agency = "dumai") {
    EmitThen(resource, agency, [] {});
  }
  // Commits after `before_commit`.
  template <typename F>
  void EmitThen(const std::string& resource, const std::string& agency, F before_commit) {
    ASSERT_THAT(database().Write(TestCall(),
                                 [&](Transaction& tx) {
                                   tx.Exec(kRawInsert, agency, resource);
                                   before_commit();
                                   return absl::OkStatus();
                                 }),
                IsOk());
  }
  absl::StatusOr<FeedPage> Read(const std::string& cursor,
                                const std::string& agency = "",
                                int size = 1000) {
    return database().Read(TestCall(),
                           [&](Transaction& tx) { return ReadFeed(tx, cursor, agency, size); });
  }
  static std::vector<std::string> Resources(const FeedPage& page) {
    std::vector<std::string> resources;
    for (const FeedChange& change : page.changes) resources.push_back(change.resource);
    return resources;
  }
  // What a reader sees who goes by the id alone.
  std::vector<std::string> ReadNaively(std::int64_t& last) {
    std::vector<std::string> resources;
    EXPECT_THAT(database().Read(TestCall(),
                                [&](Transaction& tx) {
                                  for (const pqxx::row& row : tx.Exec(kNaive, last)) {
                                    last = row[0].as<std::int64_t>();
                                    resources.emplace_back(row[1].c_str());
                                  }
                                  return absl::OkStatus();
                                }),
                IsOk());
    return resources;
  }

  // Inside the transaction instead of at its end, to place it before the pause.
  static constexpr Statement kRawInsert{
      "outbox_insert",
      "INSERT INTO outbox (agency_id, resource, type, payload) VALUES ($1, $2, 'note.added', '')"};
  // Takes a time that varies and grows with $1.
  static constexpr Statement kJitter{"jitter", "SELECT count(*) FROM generate_series(1, $1::int)"};
  static constexpr Statement kNaive{
      "naive", "SELECT event_id, resource FROM outbox WHERE event_id > $1 ORDER BY event_id"};
};

TEST_F(FeedTest, PagesThroughAllChangesInOrder) {
  for (int i = 0; i < 5; ++i) Emit(std::to_string(i));
  auto page = Read("", "", 2);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(Resources(*page), ElementsAre("0", "1"));
  page = Read(page->next_cursor, "", 2);
  EXPECT_THAT(Resources(*page), ElementsAre("2", "3"));
  EXPECT_THAT(Resources(*Read(page->changes[0].cursor, "", 1)), ElementsAre("3"));
  page = Read(page->next_cursor, "", 2);
  EXPECT_THAT(Resources(*page), ElementsAre("4"));
  const auto empty = Read(page->next_cursor);
  EXPECT_THAT(Resources(*empty), ElementsAre());
  EXPECT_EQ(empty->next_cursor, page->next_cursor);
}

TEST_F(FeedTest, ShowsOneAgencyNothingOfOthers) {
  Emit("a", "dumai");
  Emit("b", "siak");
  Emit("c", "dumai");
  EXPECT_THAT(Resources(*Read("", "dumai")), ElementsAre("a", "c"));
  EXPECT_THAT(Resources(*Read("", "siak")), ElementsAre("b"));
}

TEST_F(FeedTest, RefusesCursorsThatAreNotItsOwn) {
  for (const char* cursor : {"x", "!!", "MS4y.", "LTEuMg", "MS4tMg"}) {
    EXPECT_THAT(Read(cursor), HasReason(CURSOR_INVALID)) << cursor;
  }
  // From before a restore into a younger cluster.
  EXPECT_THAT(Read(ToCursor({.xid = 1ull << 40, .event = 1})), HasReason(CURSOR_INVALID));
  EXPECT_EQ(*ParseCursor(ToCursor({.xid = 5, .event = 7})), (FeedPosition{5, 7}));
}

TEST_F(FeedTest, AChangeCommittedLateIsNotSkippedAndNotOvertaken) {
  std::int64_t naive_last = 0;
  std::vector<std::string> naive;
  std::string cursor;
  EmitThen("early, committed late", "dumai", [&] {
    Emit("late, committed early");
    naive = ReadNaively(naive_last);
    const auto page = Read(cursor);
    EXPECT_THAT(Resources(*page), ElementsAre());
    cursor = page->next_cursor;
  });
  EXPECT_THAT(Resources(*Read(cursor)),
              ElementsAre("early, committed late", "late, committed early"));
  // The control: who goes by the id never sees the first one.
  EXPECT_THAT(naive, ElementsAre("late, committed early"));
  EXPECT_THAT(ReadNaively(naive_last), ElementsAre());
}

// The older transaction changes the resource second, as one does that wrote something else first,
// or waited for a row together with others.
TEST_F(FeedTest, KeepsTheOrderOfEachResource) {
  const auto change = [&](const std::string& type, const std::function<void()>& first) {
    EXPECT_THAT(database().Write(TestCall(),
                                 [&](Transaction& tx) {
                                   tx.Exec(kNoteInsert, type);
                                   first();
                                   tx.Emit({.agency = "dumai", .resource = "plan", .type = type});
                                   return absl::OkStatus();
                                 }),
                IsOk());
  };
  change("returned", [&] {
    change("approved", [] {});
    // Not to be seen before the older one has ended, which may still have changes of its own.
    EXPECT_THAT(Resources(*Read("")), ElementsAre());
  });
  std::vector<std::string> types;
  const auto read = Read("");
  ASSERT_THAT(read, IsOk());
  for (const FeedChange& one : read->changes) types.push_back(one.type);
  EXPECT_THAT(types, ElementsAre("approved", "returned"));
}

TEST_F(FeedTest, LosesNothingWithEightJitteredWriters) {
  constexpr int kWriters = 8, kEach = 120;
  DatabaseOptions options = Options();
  options.connections = kWriters + 2;
  Database many(options, metrics());
  std::atomic<int> running = kWriters;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      std::mt19937 random(static_cast<unsigned>(w));
      for (int i = 0; i < kEach; ++i) {
        EXPECT_THAT(many.Write(TestCall(),
                               [&](Transaction& tx) {
                                 tx.Exec(kRawInsert, "dumai", std::to_string(w * kEach + i));
                                 tx.Exec(kJitter, static_cast<int>(random() % 20000));
                                 return absl::OkStatus();
                               }),
                    IsOk());
      }
      --running;
    });
  }
  std::vector<std::string> seen;
  std::set<std::string> naive;
  std::string cursor;
  std::int64_t naive_last = 0;
  for (bool last = false; !last;) {
    last = running == 0;
    for (std::string& resource : ReadNaively(naive_last)) naive.insert(std::move(resource));
    for (auto page = Read(cursor); !page->changes.empty(); page = Read(cursor)) {
      for (std::string& resource : Resources(*page)) seen.push_back(std::move(resource));
      cursor = page->next_cursor;
    }
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(seen.size(), kWriters * kEach);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), kWriters * kEach);
  // The control: the writers did overtake one another, and reading by the id lost changes.
  EXPECT_LT(naive.size(), kWriters * kEach);
}

TEST_F(FeedTest, WhoWaitsIsWokenByAChangeAndNotBefore) {
  FeedWatch watch(database(), testing::internal::DenyAll(), absl::Milliseconds(10));
  EXPECT_EQ(watch.WaitBeyond({}, absl::Now() + absl::Milliseconds(50)), FeedPosition());
  FeedPosition woken;
  std::thread waiter([&] { woken = watch.WaitBeyond({}, absl::Now() + absl::Seconds(30)); });
  const absl::Time begin = absl::Now();
  Emit("x");
  waiter.join();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  EXPECT_EQ(woken, *ParseCursor(Read("")->next_cursor));
  EXPECT_EQ(watch.WaitBeyond(woken, absl::Now() + absl::Milliseconds(50)), woken);
  EXPECT_EQ(watch.WaitBeyond(woken, absl::InfiniteFuture(), [] { return true; }), woken);
}

}  // namespace
}  // namespace teraju::postgres
