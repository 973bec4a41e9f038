// The versions of a row, as statements that list them return them: the columns of the row, the
// newest first, with `recorded_until` before them (null in the present version).
#pragma once

#include <cstdint>
#include <limits>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "common/api/etag.h"
#include "common/postgres/codec.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/revisions_service.pb.h"

namespace teraju::identity {

// Below which version the page begins.
inline std::int64_t VersionBelow(const PageQuery& query) {
  return query.after.empty() ? std::numeric_limits<std::int64_t>::max()
                             : std::stoll(query.after[0]);
}

// `fill` sets the snapshot, `position_of` says after which row the next page begins.
template <typename Fill, typename PositionOf>
Page<v1::Revision> RevisionPage(const pqxx::result& rows,
                                const PageQuery& query,
                                Fill fill,
                                PositionOf position_of) {
  Page<v1::Revision> page;
  for (const pqxx::row& row : rows) {
    v1::Revision& revision = page.items.emplace_back();
    fill(row, revision);
    *revision.mutable_record_time() = postgres::ToTimestamp(row["update_time"]);
    if (!row["recorded_until"].is_null())
      *revision.mutable_record_end_time() = postgres::ToTimestamp(row["recorded_until"]);
    revision.set_recorded_by(row["recorded_by"].c_str());
    revision.set_reason(row["reason"].c_str());
  }
  EndPage(page, query.size, [&](const v1::Revision&) { return position_of(rows[query.size - 1]); });
  return page;
}

template <typename Fill>
Page<v1::Revision> RevisionPage(const pqxx::result& rows, const PageQuery& query, Fill fill) {
  return RevisionPage(rows, query, fill, [](const pqxx::row& row) -> std::vector<std::string> {
    return {row["version"].c_str()};
  });
}

}  // namespace teraju::identity
