#include "common/postgres/feed_consumer.h"

#include <prometheus/counter.h>

#include <algorithm>
#include <span>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::postgres {
namespace {

constexpr Statement kInsertCursor{
    "feed_cursor_insert",
    "INSERT INTO feed_cursors (consumer, cursor) VALUES ($1, '') ON CONFLICT DO NOTHING"};
constexpr Statement kSelectCursor{"feed_cursor_select",
                                  "SELECT cursor FROM feed_cursors WHERE consumer = $1"};
constexpr Statement kMoveCursor{"feed_cursor_move",
                                "UPDATE feed_cursors SET cursor = $3, update_time = now() WHERE "
                                "consumer = $1 AND cursor = $2 RETURNING 1"};

}  // namespace

struct FeedConsumer::Impl {
  Impl(FeedConsumerOptions given,
       FeedSource source,
       ApplyChange apply,
       Database& database,
       const auth::Authorizer& authorizer,
       metrics::Registry& registry,
       logging::Logger& logger)
      : options(std::move(given)),
        source(std::move(source)),
        apply(std::move(apply)),
        database(database),
        authorizer(authorizer),
        logger(logger),
        applied(registry.Counter("teraju_feed_changes_applied_total",
                                 "Changes of other services that were applied.",
                                 {{"feed", options.name}})),
        failures(registry.Counter("teraju_feed_failures_total",
                                  "Attempts to follow a feed that failed.",
                                  {{"feed", options.name}})) {}

  void Loop();
  absl::Status FollowOnce();
  absl::StatusOr<std::string> StoredCursor();
  absl::Status Apply(const std::string& from, std::span<const FeedChange> changes);
  CallContext::Fields Call() const;

  const FeedConsumerOptions options;
  const FeedSource source;
  const ApplyChange apply;
  Database& database;
  const auth::Authorizer& authorizer;
  logging::Logger& logger;
  prometheus::Counter& applied;
  prometheus::Counter& failures;
  absl::Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::thread thread;
};

CallContext::Fields FeedConsumer::Impl::Call() const {
  return {.principal = {.subject = "services/" + options.service},
          .method = "changes/" + options.name,
          .time = absl::Now(),
          .deadline = absl::Now() + absl::Seconds(30)};
}

absl::StatusOr<std::string> FeedConsumer::Impl::StoredCursor() {
  const CallContext call(Call(), authorizer);
  return database.Write(call, [&](Transaction& tx) -> absl::StatusOr<std::string> {
    tx.Exec(kInsertCursor, options.name);
    return std::string(tx.Exec(kSelectCursor, options.name)[0][0].c_str());
  });
}

// ABORTED when another replica was faster: then nothing has been applied here.
absl::Status FeedConsumer::Impl::Apply(const std::string& from,
                                       std::span<const FeedChange> changes) {
  const CallContext call(Call(), authorizer);
  RETURN_IF_ERROR(database.Write(call, [&](Transaction& tx) -> absl::Status {
    // First, because it locks the row: the other replica waits here and then finds another cursor.
    if (tx.Exec(kMoveCursor, options.name, from, changes.back().cursor).empty()) {
      return errors::Aborted(errors::reasons::CONCURRENT_CHANGE,
                             "Another replica has applied the change.");
    }
    for (const FeedChange& change : changes) RETURN_IF_ERROR(apply(tx, change));
    return absl::OkStatus();
  }));
  applied.Increment(static_cast<double>(changes.size()));
  return absl::OkStatus();
}

absl::Status FeedConsumer::Impl::FollowOnce() {
  ASSIGN_OR_RETURN(const std::string cursor, StoredCursor());
  ASSIGN_OR_RETURN(const FeedPage page, source(cursor, options.max_wait));
  if (page.changes.empty()) return absl::OkStatus();
  absl::Status status = Apply(cursor, page.changes);
  if (status.ok() || absl::IsAborted(status)) return absl::OkStatus();
  // One of them fails: those before it need not wait for it.
  std::string from = cursor;
  for (const FeedChange& change : page.changes) {
    status = Apply(from, {&change, 1});
    if (!status.ok()) return absl::IsAborted(status) ? absl::OkStatus() : status;
    from = change.cursor;
  }
  return absl::OkStatus();
}

void FeedConsumer::Impl::Loop() {
  absl::Duration pause = options.backoff;
  for (;;) {
    const absl::Status status = FollowOnce();
    if (!status.ok()) {
      failures.Increment();
      logger.Warning("feed_not_followed",
                     {{"feed", options.name}, {"error", logging::Describe(status)}});
    }
    absl::MutexLock lock(&mutex);
    if (mutex.AwaitWithTimeout(absl::Condition(&stopping),
                               status.ok() ? absl::ZeroDuration() : pause))
      return;
    pause = status.ok() ? options.backoff : std::min(pause * 2, options.backoff * 30);
  }
}

FeedConsumer::FeedConsumer(FeedConsumerOptions options,
                           FeedSource source,
                           ApplyChange apply,
                           Database& database,
                           const auth::Authorizer& authorizer,
                           metrics::Registry& registry,
                           logging::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(options),
                                   std::move(source),
                                   std::move(apply),
                                   database,
                                   authorizer,
                                   registry,
                                   logger)) {
  impl_->thread = std::thread([this] { impl_->Loop(); });
}

FeedConsumer::~FeedConsumer() {
  {
    absl::MutexLock lock(&impl_->mutex);
    impl_->stopping = true;
  }
  impl_->thread.join();
}

}  // namespace teraju::postgres
