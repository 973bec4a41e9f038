#include "services/evaluation/api/deadline_keeping.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/deadline.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr absl::Duration kBetweenCounts = absl::Seconds(15);
constexpr absl::Duration kBetweenLooks = absl::Minutes(1);
constexpr absl::Duration kKeepingTimeout = absl::Seconds(10);
// Until then every replica has written down the minutes before a deadline.
constexpr absl::Duration kCounted = absl::Minutes(1);
constexpr absl::Duration kMinutesKept = absl::Hours(24 * 40);

// The deadline with the days that the service owes at `now`, where it has passed.
DeadlineRow WithDaysOwed(postgres::Transaction& tx, DeadlineRow row, absl::Time now) {
  while (!row.over && row.due_time < now) {
    const domain::MissedMinutes missed = DeadlineStore(tx).Missed(
        std::max(row.set_time, row.due_time - domain::kWatched), row.due_time);
    if (!domain::IsMoved(missed)) break;
    row.due_time += domain::kExtension;
    row.missed_minutes += missed.watched;
  }
  return row;
}

std::string AtAgency(postgres::Transaction& tx, const std::string& agency, absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M (UTC%Ez)", time, ZoneOf(tx, agency));
}

}  // namespace

std::string DetailsOf(const DeadlineRow& row) {
  return absl::StrCat(R"({"due_time":")",
                      absl::FormatTime(absl::RFC3339_full, row.due_time, absl::UTCTimeZone()),
                      R"(","missed_minutes":)",
                      row.missed_minutes,
                      "}");
}

absl::Status CheckDeadline(postgres::Transaction& tx, const DeadlineKey& key) {
  return CheckDeadline(tx, key, absl::InfinitePast());
}

absl::Status CheckDeadline(postgres::Transaction& tx, const DeadlineKey& key, absl::Time opened) {
  const std::optional<DeadlineRow> set = DeadlineStore(tx).Find(key);
  const absl::Time now = tx.call().time();
  if (!set.has_value() || now <= set->due_time || opened > set->due_time) return absl::OkStatus();
  const DeadlineRow row = WithDaysOwed(tx, *set, now);
  if (now <= row.due_time) return absl::OkStatus();
  return errors::FailedPrecondition(v1::HANDED_IN_TOO_LATE, "The deadline has passed.")
      .With("due_time", AtAgency(tx, key.agency, row.due_time));
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
          DeadlineRow row = WithDaysOwed(tx, *passed, now);
          row.over = row.due_time == passed->due_time;
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
