#include "services/identity/store/unit_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kInsert{
    "unit_insert",
    "WITH u AS (INSERT INTO units (agency_id, unit_id, display_name, parent_unit_id) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING *) "
    "SELECT u.*, coalesce(array_length(unit_path($1, $4), 1), 0) AS level FROM u"};
constexpr Statement kSelect{"unit_select",
                            "SELECT * FROM leveled_units WHERE agency_id = $1 AND unit_id = $2"};
constexpr Statement kSelectForUpdate{
    "unit_select_for_update",
    "SELECT * FROM leveled_units WHERE agency_id = $1 AND unit_id = $2 FOR UPDATE"};
constexpr Statement kUpdate{"unit_update",
                            "UPDATE units SET display_name = $3, parent_unit_id = $4 WHERE "
                            "agency_id = $1 AND unit_id = $2"};
constexpr Statement kList{
    "unit_list",
    "SELECT * FROM leveled_units WHERE agency_id = $1 AND unit_id > $2 ORDER BY unit_id LIMIT $3"};
constexpr Statement kListSubtree{
    "unit_list_subtree",
    "SELECT u.* FROM subtree_of($1, ARRAY[$4::text]) s JOIN leveled_units u "
    "ON u.agency_id = $1 AND u.unit_id = s.unit_id WHERE u.unit_id > $2 ORDER BY u.unit_id LIMIT "
    "$3"};
constexpr Statement kPath{"unit_path", "SELECT unit_path($1, $2)"};
constexpr Statement kTree{
    "unit_tree", "SELECT unit_id, display_name, parent_unit_id FROM units WHERE agency_id = $1"};
constexpr Statement kMerge{
    "unit_merge",
    "INSERT INTO units AS u (agency_id, unit_id, display_name, parent_unit_id) "
    "SELECT $1, r.unit_id, r.display_name, nullif(r.parent, '') "
    "FROM unnest($2::text[], $3::text[], $4::text[]) AS r (unit_id, display_name, parent) "
    "ON CONFLICT (agency_id, unit_id) DO UPDATE SET display_name = excluded.display_name, "
    "parent_unit_id = excluded.parent_unit_id "
    "WHERE (u.display_name, u.parent_unit_id) IS DISTINCT FROM (excluded.display_name, "
    "excluded.parent_unit_id) "
    "RETURNING unit_id"};

v1::Unit ToUnit(const pqxx::row& row) {
  v1::Unit unit;
  const char* agency = row["agency_id"].c_str();
  unit.set_name(kUnitName.Format({agency, row["unit_id"].c_str()}));
  unit.set_display_name(row["display_name"].c_str());
  if (!row["parent_unit_id"].is_null()) {
    unit.set_parent_unit(kUnitName.Format({agency, row["parent_unit_id"].c_str()}));
  }
  unit.set_level(row["level"].as<int>());
  *unit.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *unit.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  unit.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return unit;
}

std::string NameOf(const UnitKey& key) {
  return kUnitName.Format({key.agency.value(), key.unit.value()});
}

absl::Status ParentUnknown(const std::string& parent) {
  return errors::FailedPrecondition(v1::UNIT_PARENT_UNKNOWN, "The unit above does not exist.")
      .With("unit", parent);
}

}  // namespace

absl::StatusOr<v1::Unit> UnitStore::Insert(const UnitKey& key, const v1::Unit& unit) {
  const std::string parent = LastSegment(unit.parent_unit());
  if (!parent.empty() && !Exists({key.agency, UnitId(parent)}))
    return ParentUnknown(unit.parent_unit());
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.unit.value(),
                                     unit.display_name(),
                                     postgres::NullIfEmpty(parent));
  if (rows.empty()) return errors::ResourceExists(NameOf(key));
  return ToUnit(rows[0]);
}

absl::StatusOr<v1::Unit> UnitStore::Get(const UnitKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.unit.value());
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  return ToUnit(rows[0]);
}

Page<v1::Unit> UnitStore::List(const AgencyId& agency,
                               const UnitId& root,
                               const PageQuery& query) const {
  Page<v1::Unit> page;
  const std::string after = query.after.empty() ? "" : query.after[0];
  const pqxx::result rows =
      root.empty() ? tx_.Exec(kList, agency.value(), after, query.size + 1)
                   : tx_.Exec(kListSubtree, agency.value(), after, query.size + 1, root.value());
  for (const pqxx::row& row : rows) page.items.push_back(ToUnit(row));
  EndPage(page, query.size, [](const v1::Unit& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

absl::Status UnitStore::CheckParent(const UnitKey& key, const std::string& parent) const {
  // Two moves at once could close a ring that neither sees: they wait for each other.
  RETURN_IF_ERROR(AgencyStore(tx_).Lock(key.agency));
  domain::ParentMap tree;
  for (const domain::TreeUnit& unit : Tree(key.agency)) tree[unit.id] = unit.parent;
  if (!tree.contains(parent)) return ParentUnknown(parent);
  if (!domain::MakesCycle(tree, key.unit.value(), parent)) return absl::OkStatus();
  return errors::FailedPrecondition(v1::UNIT_TREE_CYCLE, "The unit would stand under itself.")
      .With("unit", key.unit.value());
}

absl::StatusOr<v1::Unit> UnitStore::Update(const UnitKey& key,
                                           const api::Precondition& precondition,
                                           absl::FunctionRef<absl::Status(v1::Unit&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.unit.value());
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), NameOf(key)));
  v1::Unit unit = ToUnit(rows[0]);
  const std::string before = unit.parent_unit();
  RETURN_IF_ERROR(change(unit));
  const std::string parent = LastSegment(unit.parent_unit());
  if (unit.parent_unit() != before && !parent.empty()) RETURN_IF_ERROR(CheckParent(key, parent));
  tx_.Exec(kUpdate,
           key.agency.value(),
           key.unit.value(),
           unit.display_name(),
           postgres::NullIfEmpty(parent));
  return Get(key);
}

bool UnitStore::Exists(const UnitKey& key) const { return !PathOf(key).empty(); }

std::vector<std::string> UnitStore::PathOf(const UnitKey& key) const {
  return postgres::ToStrings(tx_.Exec(kPath, key.agency.value(), key.unit.value())[0][0]);
}

std::vector<domain::TreeUnit> UnitStore::Tree(const AgencyId& agency) const {
  std::vector<domain::TreeUnit> tree;
  for (const pqxx::row& row : tx_.Exec(kTree, agency.value())) {
    tree.push_back({row[0].c_str(), row[1].c_str(), postgres::EmptyIfNull(row[2])});
  }
  return tree;
}

std::vector<std::string> UnitStore::Merge(const AgencyId& agency,
                                          const std::vector<domain::UnitRow>& rows) {
  std::vector<std::string> ids, names, parents;
  for (const domain::UnitRow& row : rows) {
    ids.push_back(row.id);
    names.push_back(row.display_name);
    parents.push_back(row.parent);
  }
  std::vector<std::string> changed;
  for (const pqxx::row& row : tx_.Exec(kMerge,
                                       agency.value(),
                                       postgres::ToArray(ids),
                                       postgres::ToArray(names),
                                       postgres::ToArray(parents))) {
    changed.push_back(row[0].c_str());
  }
  return changed;
}

}  // namespace teraju::identity
