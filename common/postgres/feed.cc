#include "common/postgres/feed.h"

#include <fmt/format.h>

#include <charconv>

#include "absl/strings/escaping.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::postgres {
namespace {

constexpr Statement kListAll{
    "feed_list",
    "SELECT xid, event_id, agency_id, resource, type, create_time, payload FROM outbox "
    "WHERE (xid, event_id) > ($1::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid, event_id LIMIT $3"};
constexpr Statement kListAgency{
    "feed_list_agency",
    "SELECT xid, event_id, agency_id, resource, type, create_time, payload FROM outbox "
    "WHERE agency_id = $4 AND (xid, event_id) > ($1::xid8, $2) AND xid < "
    "pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid, event_id LIMIT $3"};
constexpr Statement kIsAhead{"feed_is_ahead",
                             "SELECT $1::xid8 >= pg_snapshot_xmax(pg_current_snapshot())"};
constexpr Statement kHead{
    "feed_head",
    "SELECT xid, event_id FROM outbox WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid DESC, event_id DESC LIMIT 1"};

absl::Status CursorInvalid() {
  return errors::InvalidArgument(errors::reasons::CURSOR_INVALID,
                                 "The cursor is not one of this feed.");
}

FeedPosition PositionOf(const pqxx::row& row) {
  return {row[0].as<std::uint64_t>(), row[1].as<std::int64_t>()};
}

}  // namespace

std::string ToCursor(const FeedPosition& position) {
  return absl::WebSafeBase64Escape(fmt::format("{}.{}", position.xid, position.event));
}

absl::StatusOr<FeedPosition> ParseCursor(const std::string& cursor) {
  FeedPosition position;
  if (cursor.empty()) return position;
  std::string text;
  if (!absl::WebSafeBase64Unescape(cursor, &text)) return CursorInvalid();
  const char* const end = text.data() + text.size();
  const auto xid = std::from_chars(text.data(), end, position.xid);
  if (xid.ec != std::errc() || xid.ptr == end || *xid.ptr != '.') return CursorInvalid();
  const auto event = std::from_chars(xid.ptr + 1, end, position.event);
  if (event.ec != std::errc() || event.ptr != end || position.event < 0) return CursorInvalid();
  return position;
}

absl::StatusOr<FeedPage> ReadFeed(Transaction& tx,
                                  const std::string& cursor,
                                  const std::string& agency,
                                  int size) {
  ASSIGN_OR_RETURN(const FeedPosition after, ParseCursor(cursor));
  const std::string xid = std::to_string(after.xid);
  const pqxx::result rows = agency.empty() ? tx.Exec(kListAll, xid, after.event, size)
                                           : tx.Exec(kListAgency, xid, after.event, size, agency);
  if (rows.empty() && after.xid > 0 && tx.Exec(kIsAhead, xid)[0][0].as<bool>())
    return CursorInvalid();
  FeedPage page;
  for (const pqxx::row& row : rows) {
    page.changes.push_back({.cursor = ToCursor(PositionOf(row)),
                            .agency = row[2].c_str(),
                            .resource = row[3].c_str(),
                            .type = row[4].c_str(),
                            .create_time = ToTime(row[5]),
                            .payload = row[6].c_str()});
  }
  page.next_cursor = page.changes.empty() ? cursor : page.changes.back().cursor;
  return page;
}

FeedPosition FeedHead(Transaction& tx) {
  const pqxx::result rows = tx.Exec(kHead);
  return rows.empty() ? FeedPosition() : PositionOf(rows[0]);
}

}  // namespace teraju::postgres
