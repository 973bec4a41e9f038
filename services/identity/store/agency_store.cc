#include "services/identity/store/agency_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kInsert{
    "agency_insert",
    "INSERT INTO agencies (agency_id, display_name, time_zone, siasn_id) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING RETURNING *"};
constexpr Statement kSelect{"agency_select", "SELECT * FROM agencies WHERE agency_id = $1"};
constexpr Statement kSelectForUpdate{"agency_select_for_update",
                                     "SELECT * FROM agencies WHERE agency_id = $1 FOR UPDATE"};
// Not FOR UPDATE, which would keep out whoever enters a row that refers to the agency.
constexpr Statement kLock{"agency_lock",
                          "SELECT 1 FROM agencies WHERE agency_id = $1 FOR NO KEY UPDATE"};
constexpr Statement kUpdate{
    "agency_update",
    "UPDATE agencies SET display_name = $2, time_zone = $3, siasn_id = $4 WHERE agency_id = $1 "
    "RETURNING *"};
constexpr Statement kList{
    "agency_list",
    "SELECT * FROM agencies WHERE agency_id > $1 AND ($2 = '' OR agency_id = $2) "
    "ORDER BY agency_id LIMIT $3"};

v1::Agency ToAgency(const pqxx::row& row) {
  v1::Agency agency;
  agency.set_name(kAgencyName.Format({row["agency_id"].c_str()}));
  agency.set_display_name(row["display_name"].c_str());
  agency.set_time_zone(row["time_zone"].c_str());
  agency.set_siasn_id(postgres::EmptyIfNull(row["siasn_id"]));
  *agency.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *agency.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  agency.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return agency;
}

}  // namespace

absl::StatusOr<v1::Agency> AgencyStore::Insert(const AgencyId& id, const v1::Agency& agency) {
  const pqxx::result rows = tx_.Exec(kInsert,
                                     id.value(),
                                     agency.display_name(),
                                     agency.time_zone(),
                                     postgres::NullIfEmpty(agency.siasn_id()));
  if (rows.empty()) return errors::ResourceExists(kAgencyName.Format({id.value()}));
  return ToAgency(rows[0]);
}

absl::StatusOr<v1::Agency> AgencyStore::Get(const AgencyId& id) const {
  const pqxx::result rows = tx_.Exec(kSelect, id.value());
  if (rows.empty()) return errors::ResourceNotFound(kAgencyName.Format({id.value()}));
  return ToAgency(rows[0]);
}

Page<v1::Agency> AgencyStore::List(const AgencyId& only, const PageQuery& query) const {
  Page<v1::Agency> page;
  const std::string after = query.after.empty() ? "" : query.after[0];
  const pqxx::result rows = tx_.Exec(kList, after, only.value(), query.size + 1);
  for (const pqxx::row& row : rows) page.items.push_back(ToAgency(row));
  EndPage(page, query.size, [](const v1::Agency& last) -> std::vector<std::string> {
    return {std::string(api::AgencyOf(last.name()))};
  });
  return page;
}

absl::StatusOr<v1::Agency> AgencyStore::Update(
    const AgencyId& id,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Agency&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, id.value());
  const std::string name = kAgencyName.Format({id.value()});
  if (rows.empty()) return errors::ResourceNotFound(name);
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), name));
  v1::Agency agency = ToAgency(rows[0]);
  RETURN_IF_ERROR(change(agency));
  return ToAgency(tx_.Exec(kUpdate,
                           id.value(),
                           agency.display_name(),
                           agency.time_zone(),
                           postgres::NullIfEmpty(agency.siasn_id()))[0]);
}

absl::Status AgencyStore::Lock(const AgencyId& id) {
  if (tx_.Exec(kLock, id.value()).empty())
    return errors::ResourceNotFound(kAgencyName.Format({id.value()}));
  return absl::OkStatus();
}

}  // namespace teraju::identity
