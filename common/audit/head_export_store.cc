#include "common/audit/head_export_store.h"

#include "common/audit/audit_store.h"
#include "common/postgres/codec.h"

namespace teraju::audit {
namespace {

using postgres::Statement;

constexpr Statement kWaiting{"head_export_waiting", R"sql(
SELECT head_number, agency_id, tree_size, root_hash, create_time, signature, key_id
FROM audit_heads
WHERE head_number > coalesce((SELECT head_number FROM audit_exports WHERE destination = $1), 0)
ORDER BY head_number LIMIT $2)sql"};

constexpr Statement kCountWaiting{"head_export_count_waiting", R"sql(
SELECT count(*) AS heads, min(create_time) AS since
FROM (SELECT create_time FROM audit_heads
      WHERE head_number > coalesce((SELECT head_number FROM audit_exports WHERE destination = $1), 0)
      ORDER BY head_number LIMIT $2) w)sql"};

constexpr Statement kBegin{
    "head_export_begin",
    "INSERT INTO audit_exports (destination) VALUES ($1) ON CONFLICT DO NOTHING"};

constexpr Statement kTake{"head_export_take", R"sql(
UPDATE audit_exports SET lease = $2::uuid, lease_time = now() + make_interval(secs => $3)
WHERE destination = $1 AND (lease IS NULL OR lease = $2::uuid OR lease_time < now()))sql"};

constexpr Statement kAdvance{"head_export_advance", R"sql(
UPDATE audit_exports SET head_number = $3
WHERE destination = $1 AND lease = $2::uuid AND head_number < $3)sql"};

constexpr Statement kRelease{
    "head_export_release",
    "UPDATE audit_exports SET lease = NULL WHERE destination = $1 AND lease = $2::uuid"};

}  // namespace

std::vector<NumberedHead> HeadExportStore::Waiting(const std::string& destination, int size) {
  std::vector<NumberedHead> heads;
  for (const pqxx::row& row : tx_.Exec(kWaiting, destination, size)) {
    NumberedHead& one = heads.emplace_back();
    one.number = row["head_number"].as<std::int64_t>();
    one.head = ToHead(row["agency_id"].c_str(), row);
  }
  return heads;
}

HeadExportStore::Backlog HeadExportStore::CountWaiting(const std::string& destination, int most) {
  const pqxx::row row = tx_.Exec(kCountWaiting, destination, most).front();
  Backlog backlog{.heads = row["heads"].as<int>()};
  if (!row["since"].is_null()) backlog.since = postgres::ToTime(row["since"]);
  return backlog;
}

bool HeadExportStore::Take(const std::string& destination,
                           const std::string& lease,
                           absl::Duration time) {
  tx_.Exec(kBegin, destination);
  return tx_.Exec(kTake, destination, lease, absl::ToDoubleSeconds(time)).affected_rows() == 1;
}

bool HeadExportStore::Advance(const std::string& destination,
                              const std::string& lease,
                              std::int64_t number) {
  return tx_.Exec(kAdvance, destination, lease, number).affected_rows() == 1;
}

void HeadExportStore::Release(const std::string& destination, const std::string& lease) {
  tx_.Exec(kRelease, destination, lease);
}

}  // namespace teraju::audit
