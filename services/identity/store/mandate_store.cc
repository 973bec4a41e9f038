#include "services/identity/store/mandate_store.h"

#include "common/errors/error.h"
#include "common/postgres/codec.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

// The newest sorts first.
constexpr std::string_view kBehindTheLast = "ffffffff-ffff-ffff-ffff-ffffffffffff";

constexpr Statement kInsert{
    "mandate_insert",
    "INSERT INTO mandates (agency_id, mandate_id, mandator, mandatary, scopes, start_time, "
    "end_time, reason, entered_by, create_time) "
    "VALUES ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10) RETURNING *"};
constexpr Statement kSelect{"mandate_select",
                            "SELECT * FROM mandates WHERE agency_id = $1 AND mandate_id = $2"};
constexpr Statement kRevoke{
    "mandate_revoke",
    "UPDATE mandates SET revoke_time = coalesce(revoke_time, $3) WHERE agency_id = $1 AND "
    "mandate_id = $2 RETURNING *"};
constexpr Statement kRevokeOf{
    "mandate_revoke_of",
    "UPDATE mandates SET revoke_time = $3 WHERE agency_id = $1 AND (mandator = ANY ($2::text[]) OR "
    "mandatary = ANY ($2::text[])) AND revoke_time IS NULL AND end_time > $3 RETURNING *"};
constexpr Statement kList{
    "mandate_list",
    "SELECT * FROM mandates WHERE ($1::text IS NULL OR agency_id = $1) "
    "AND ($2::text IS NULL OR mandator = $2 OR mandatary = $2) "
    "AND ($3 OR (revoke_time IS NULL AND end_time > $4)) AND mandate_id < $5::uuid "
    "ORDER BY mandate_id DESC LIMIT $6"};

std::string PersonOf(const std::string& agency, const std::string& subject) {
  return kAgencyName.Format({agency}) + "/" + subject;
}

}  // namespace

v1::Mandate MandateStore::ToMessage(const pqxx::row& row) const {
  v1::Mandate mandate;
  const std::string agency = row["agency_id"].c_str();
  mandate.set_name(kMandateName.Format({agency, row["mandate_id"].c_str()}));
  mandate.set_mandator(PersonOf(agency, row["mandator"].c_str()));
  mandate.set_mandatary(PersonOf(agency, row["mandatary"].c_str()));
  for (std::string& scope : postgres::ToStrings(row["scopes"]))
    mandate.add_scopes(std::move(scope));
  *mandate.mutable_start_time() = postgres::ToTimestamp(row["start_time"]);
  *mandate.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  mandate.set_reason(row["reason"].c_str());
  mandate.set_entered_by(row["entered_by"].c_str());
  *mandate.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  const absl::Time now = tx_.call().time();
  if (!row["revoke_time"].is_null()) {
    *mandate.mutable_revoke_time() = postgres::ToTimestamp(row["revoke_time"]);
    mandate.set_state(v1::Mandate::REVOKED);
  } else if (now >= postgres::ToTime(row["end_time"])) {
    mandate.set_state(v1::Mandate::ENDED);
  } else {
    mandate.set_state(now < postgres::ToTime(row["start_time"]) ? v1::Mandate::SCHEDULED
                                                                : v1::Mandate::ACTIVE);
  }
  return mandate;
}

v1::Mandate MandateStore::Insert(const AgencyId& agency,
                                 const std::string& id,
                                 const v1::Mandate& mandate) {
  const std::vector<std::string> scopes(mandate.scopes().begin(), mandate.scopes().end());
  return ToMessage(tx_.Exec(kInsert,
                            agency.value(),
                            id,
                            SubjectOf(mandate.mandator()),
                            SubjectOf(mandate.mandatary()),
                            postgres::ToArray(scopes),
                            postgres::ToText(mandate.start_time()),
                            postgres::ToText(mandate.end_time()),
                            mandate.reason(),
                            tx_.call().actor(),
                            postgres::ToText(tx_.call().time()))[0]);
}

std::optional<v1::Mandate> MandateStore::Find(const AgencyId& agency, const std::string& id) const {
  if (!IsUuid(id)) return std::nullopt;
  const pqxx::result rows = tx_.Exec(kSelect, agency.value(), id);
  if (rows.empty()) return std::nullopt;
  return ToMessage(rows[0]);
}

absl::StatusOr<v1::Mandate> MandateStore::Revoke(const AgencyId& agency, const std::string& id) {
  const pqxx::result rows =
      IsUuid(id) ? tx_.Exec(kRevoke, agency.value(), id, postgres::ToText(tx_.call().time()))
                 : pqxx::result();
  if (rows.empty()) return errors::ResourceNotFound(kMandateName.Format({agency.value(), id}));
  return ToMessage(rows[0]);
}

std::vector<v1::Mandate> MandateStore::RevokeOf(const AgencyId& agency,
                                                const std::vector<std::string>& subjects) {
  std::vector<v1::Mandate> revoked;
  for (const pqxx::row& row : tx_.Exec(kRevokeOf,
                                       agency.value(),
                                       postgres::ToArray(subjects),
                                       postgres::ToText(tx_.call().time())))
    revoked.push_back(ToMessage(row));
  return revoked;
}

Page<v1::Mandate> MandateStore::List(const MandateFilter& filter, const PageQuery& query) const {
  Page<v1::Mandate> page;
  std::optional<std::string> agency;
  if (filter.agency) agency = filter.agency->value();
  for (const pqxx::row& row :
       tx_.Exec(kList,
                agency,
                postgres::NullIfEmpty(filter.person),
                filter.show_ended,
                postgres::ToText(tx_.call().time()),
                query.after.empty() ? std::string(kBehindTheLast) : query.after[0],
                query.size + 1)) {
    page.items.push_back(ToMessage(row));
  }
  EndPage(page, query.size, [](const v1::Mandate& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

}  // namespace teraju::identity
