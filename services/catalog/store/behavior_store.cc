#include "services/catalog/store/behavior_store.h"

#include "common/api/etag.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"

namespace teraju::catalog {
namespace {

constexpr postgres::Sql kColumns = "behavior_id, title_id, title_en, guides, create_time, version";
constexpr postgres::Statement kInsert{
    "behavior_insert",
    postgres::kSql<
        "INSERT INTO behaviors (agency_id, behavior_id, title_id, title_en, guides, create_time)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING " +
        kColumns>};
constexpr postgres::Statement kSelect{
    "behavior_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM behaviors WHERE agency_id = $1 AND behavior_id = $2">};
constexpr postgres::Statement kList{
    "behavior_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM behaviors WHERE agency_id = $1 AND position > coalesce((SELECT position"
                   " FROM behaviors WHERE agency_id = $1 AND behavior_id = $2), 0)"
                   " ORDER BY position LIMIT $3">};

v1::Behavior ToBehavior(const AgencyId& agency, const pqxx::row& row) {
  v1::Behavior behavior;
  behavior.set_name(BehaviorKey{agency, StrongId<BehaviorTag>(row[0].as<std::string>())}.Name());
  behavior.set_title_id(row[1].as<std::string>());
  behavior.set_title_en(row[2].as<std::string>());
  for (std::string& guide : postgres::ToStrings(row[3])) behavior.add_guides(std::move(guide));
  *behavior.mutable_create_time() = postgres::ToTimestamp(row[4]);
  behavior.set_etag(api::MakeEtag(row[5].as<std::int64_t>()));
  return behavior;
}

}  // namespace

absl::StatusOr<v1::Behavior> BehaviorStore::Insert(const BehaviorKey& key,
                                                   const v1::Behavior& behavior) {
  const std::vector<std::string> guides(behavior.guides().begin(), behavior.guides().end());
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.id.value(),
                                     behavior.title_id(),
                                     behavior.title_en(),
                                     postgres::ToArray(guides),
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) return errors::ResourceExists(key.Name());
  return ToBehavior(key.agency, rows[0]);
}

absl::StatusOr<v1::Behavior> BehaviorStore::Get(const BehaviorKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToBehavior(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Behavior>> BehaviorStore::List(const AgencyId& agency,
                                                              const std::string& after_id,
                                                              int limit) const {
  std::vector<v1::Behavior> behaviors;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after_id, limit)) {
    behaviors.push_back(ToBehavior(agency, row));
  }
  return behaviors;
}

}  // namespace teraju::catalog
