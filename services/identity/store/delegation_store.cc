#include "services/identity/store/delegation_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/lock_name.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kOverlap{
    "delegation_overlap",
    "SELECT delegation_id FROM delegations WHERE agency_id = $1 AND delegator = $2 "
    "AND start_date <= $4::date AND end_date >= $3::date AND delegation_id <> $5::uuid LIMIT 1"};
constexpr Statement kInsert{
    "delegation_insert",
    "INSERT INTO delegations (agency_id, delegation_id, delegator, delegate, start_date, end_date, "
    "entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *"};
constexpr Statement kSelect{
    "delegation_select", "SELECT * FROM delegations WHERE agency_id = $1 AND delegation_id = $2"};
constexpr Statement kSelectForUpdate{
    "delegation_select_for_update",
    "SELECT * FROM delegations WHERE agency_id = $1 AND delegation_id = $2 FOR UPDATE"};
constexpr Statement kUpdateEnd{"delegation_update_end",
                               "UPDATE delegations SET end_date = $3 WHERE agency_id = $1 AND "
                               "delegation_id = $2 RETURNING *"};
constexpr Statement kList{
    "delegation_list",
    "SELECT * FROM delegations_known($6::timestamptz) WHERE agency_id = $1 AND delegation_id > $2 "
    "AND ($3 = '' OR $3 IN (delegator, delegate)) AND ($5::date IS NULL OR (start_date <= $5::date "
    "AND end_date >= $5::date)) ORDER BY delegation_id LIMIT $4"};
constexpr Statement kOf{
    "delegation_of",
    "SELECT * FROM delegations_known($4::timestamptz) WHERE agency_id = $1 AND delegator = $2 "
    "AND start_date <= $3::date AND end_date >= $3::date"};

v1::Delegation ToDelegation(const pqxx::row& row) {
  v1::Delegation delegation;
  const char* agency = row["agency_id"].c_str();
  const std::string prefix = kAgencyName.Format({agency}) + "/";
  delegation.set_name(kDelegationName.Format({agency, row["delegation_id"].c_str()}));
  delegation.set_delegator(prefix + row["delegator"].c_str());
  delegation.set_delegate(prefix + row["delegate"].c_str());
  *delegation.mutable_start_date() = postgres::ToDate(row["start_date"]);
  *delegation.mutable_end_date() = postgres::ToDate(row["end_date"]);
  delegation.set_entered_by(row["entered_by"].c_str());
  *delegation.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  delegation.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return delegation;
}

}  // namespace

absl::Status DelegationStore::Check(const AgencyId& agency,
                                    const std::string& id,
                                    const v1::Delegation& delegation) const {
  const std::string delegator = SubjectOf(delegation.delegator());
  // Two entries for one delegator wait for each other.
  postgres::LockName(tx_, delegation.delegator() + "/delegations");
  const pqxx::result others = tx_.Exec(kOverlap,
                                       agency.value(),
                                       delegator,
                                       postgres::ToText(delegation.start_date()),
                                       postgres::ToText(delegation.end_date()),
                                       id);
  if (others.empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::DELEGATION_OVERLAP,
                                    "The delegator has another delegation on those days.")
      .With("delegation", kDelegationName.Format({agency.value(), others[0][0].c_str()}));
}

absl::StatusOr<v1::Delegation> DelegationStore::Insert(const AgencyId& agency,
                                                       const std::string& id,
                                                       const v1::Delegation& delegation,
                                                       const std::string& by) {
  RETURN_IF_ERROR(Check(agency, id, delegation));
  return ToDelegation(tx_.Exec(kInsert,
                               agency.value(),
                               id,
                               SubjectOf(delegation.delegator()),
                               SubjectOf(delegation.delegate()),
                               postgres::ToText(delegation.start_date()),
                               postgres::ToText(delegation.end_date()),
                               by)[0]);
}

absl::StatusOr<v1::Delegation> DelegationStore::Get(const AgencyId& agency,
                                                    const std::string& id) const {
  const std::string name = kDelegationName.Format({agency.value(), id});
  if (!IsUuid(id)) return errors::ResourceNotFound(name);
  const pqxx::result rows = tx_.Exec(kSelect, agency.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(name);
  return ToDelegation(rows[0]);
}

Page<v1::Delegation> DelegationStore::List(const AgencyId& agency,
                                           const std::string& person,
                                           const AsOf& as_of,
                                           const PageQuery& query) const {
  Page<v1::Delegation> page;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency.value(),
                                       query.after.empty() ? std::string(kFirstId) : query.after[0],
                                       person,
                                       query.size + 1,
                                       as_of.day,
                                       as_of.known)) {
    page.items.push_back(ToDelegation(row));
  }
  EndPage(page, query.size, [](const v1::Delegation& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

absl::StatusOr<v1::Delegation> DelegationStore::UpdateEnd(const AgencyId& agency,
                                                          const std::string& id,
                                                          const api::Precondition& precondition,
                                                          const google::type::Date& last_day) {
  const std::string name = kDelegationName.Format({agency.value(), id});
  if (!IsUuid(id)) return errors::ResourceNotFound(name);
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, agency.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(name);
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), name));
  v1::Delegation delegation = ToDelegation(rows[0]);
  *delegation.mutable_end_date() = last_day;
  RETURN_IF_ERROR(Check(agency, id, delegation));
  return ToDelegation(tx_.Exec(kUpdateEnd, agency.value(), id, postgres::ToText(last_day))[0]);
}

std::optional<v1::Delegation> DelegationStore::Of(const AgencyId& agency,
                                                  const std::string& delegator,
                                                  const AsOf& as_of) const {
  const pqxx::result rows = tx_.Exec(kOf, agency.value(), delegator, as_of.day, as_of.known);
  if (rows.empty()) return std::nullopt;
  return ToDelegation(rows[0]);
}

}  // namespace teraju::identity
