#include "services/evaluation/api/deadline_keeping.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/deadline.h"

namespace teraju::evaluation {
namespace {

constexpr absl::Duration kBetweenCounts = absl::Seconds(15);
constexpr absl::Duration kBetweenLooks = absl::Minutes(1);
constexpr absl::Duration kKeepingTimeout = absl::Seconds(10);
// Until then every replica has written down the minutes before a deadline.
constexpr absl::Duration kCounted = absl::Minutes(1);
constexpr absl::Duration kMinutesKept = absl::Hours(24 * 40);

domain::Due WithDaysOwed(postgres::Transaction& tx, const DeadlineRow& row, absl::Time now) {
  if (row.over) return row.due;
  const DeadlineStore store(tx);
  return domain::WithDaysOwed(
      row.due, now, [&store](absl::Time from, absl::Time to) { return store.Minutes(from, to); });
}

}  // namespace

std::string DetailsOf(const DeadlineRow& row) {
  return absl::StrCat(R"({"due_time":")",
                      absl::FormatTime(absl::RFC3339_full, row.due.due_time, absl::UTCTimeZone()),
                      R"(","missed_minutes":)",
                      row.due.missed_minutes,
                      "}");
}

absl::Status CheckDeadline(postgres::Transaction& tx,
                           const DeadlineKey& key,
                           const std::function<bool(absl::Time due_time)>& binds) {
  const std::optional<DeadlineRow> row = DeadlineStore(tx).Find(key);
  const absl::Time now = tx.call().time();
  if (!row.has_value() || now <= row->due.due_time) return absl::OkStatus();
  const absl::Time due_time = WithDaysOwed(tx, *row, now).due_time;
  if (now <= due_time || !binds(due_time)) return absl::OkStatus();
  return domain::TooLate(due_time, ZoneOf(tx, key.agency));
}

DeadlineKeeping::DeadlineKeeping(postgres::Database& database,
                                 std::function<CallContext()> own_call,
                                 std::function<rpc::CallCounts()> calls)
    : database_(database),
      own_call_(std::move(own_call)),
      calls_(std::move(calls)),
      replica_(NewUuid4()) {}

absl::Status DeadlineKeeping::CountMinute() {
  const rpc::CallCounts counted = calls_();
  RETURN_IF_ERROR(database_.Write(own_call_(), [&](postgres::Transaction& tx) -> absl::Status {
    DeadlineStore store(tx);
    store.AddCalls(replica_, counted.handled - written_.handled, counted.failed - written_.failed);
    store.DropMinutes(tx.call().time() - kMinutesKept);
    return absl::OkStatus();
  }));
  written_ = counted;
  return absl::OkStatus();
}

absl::StatusOr<int> DeadlineKeeping::EndPassed() {
  for (int ended = 0;; ++ended) {
    ASSIGN_OR_RETURN(
        const bool found,
        database_.Write(own_call_(), [](postgres::Transaction& tx) -> absl::StatusOr<bool> {
          DeadlineStore store(tx);
          const absl::Time now = tx.call().time();
          const std::optional<DeadlineRow> passed = store.TakePassed(now - kCounted);
          if (!passed.has_value()) return false;
          DeadlineRow row = *passed;
          row.due = WithDaysOwed(tx, *passed, now);
          row.over = row.due.due_time == passed->due.due_time;
          // Who is given another day hears of it at once.
          row.remind_time = row.over ? absl::InfiniteFuture() : now;
          store.Update(row);
          RecordChange(tx,
                       row.key.ToName(),
                       row.over ? "deadline.passed" : "deadline.moved",
                       DetailsOf(row));
          return true;
        }));
    if (!found) return ended;
  }
}

void KeepDeadlines(service::Host& host) {
  auto& keeping = host.Own<DeadlineKeeping>(
      host.database(),
      [&host] { return host.OwnCall("deadlines", kKeepingTimeout); },
      [&host] { return host.pipeline().Counted(); });
  host.Every(kBetweenCounts, "deadline_counts", [&keeping] { return keeping.CountMinute(); });
  host.Every(kBetweenLooks, "deadlines", [&keeping] { return keeping.EndPassed().status(); });
}

}  // namespace teraju::evaluation
