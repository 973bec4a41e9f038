#include "services/identity/store/official_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/revisions.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

// The lock on the unit makes two entries for one unit wait for each other.
constexpr Statement kLockUnit{
    "official_lock_unit",
    "SELECT 1 FROM units WHERE agency_id = $1 AND unit_id = $2 FOR NO KEY UPDATE"};
constexpr Statement kOverlap{
    "official_overlap",
    "SELECT official_id FROM officials WHERE agency_id = $1 AND unit_id = $2 "
    "AND daterange(start_date, end_date, '[]') && daterange($3::date, $4::date, '[]') "
    "AND official_id <> $5::uuid LIMIT 1"};
constexpr Statement kInsert{"official_insert",
                            "WITH account AS (INSERT INTO accounts (agency_id, subject) VALUES "
                            "($1, 'officials/' || $2::text)) "
                            "INSERT INTO officials (agency_id, official_id, display_name, "
                            "position_title, unit_id, start_date, end_date, recorded_by) "
                            "VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $8) RETURNING *"};
constexpr Statement kUpdate{
    "official_update",
    "UPDATE officials SET display_name = $3, position_title = $4, unit_id = $5, start_date = $6, "
    "end_date = $7, recorded_by = $8, reason = $9 WHERE agency_id = $1 AND official_id = $2 "
    "RETURNING *"};
constexpr Statement kSelect{"official_select",
                            "SELECT * FROM officials_known($3::timestamptz) WHERE agency_id = $1 "
                            "AND official_id = $2"};
constexpr Statement kSelectForUpdate{
    "official_select_for_update",
    "SELECT * FROM officials WHERE agency_id = $1 AND official_id = $2 FOR UPDATE"};
constexpr Statement kList{"official_list",
                          "SELECT * FROM officials_known($4::timestamptz) WHERE agency_id = $1 "
                          "AND official_id > $2 AND ($5::date IS NULL OR (start_date <= $5::date "
                          "AND (end_date IS NULL OR end_date >= $5::date))) "
                          "ORDER BY official_id LIMIT $3"};
constexpr Statement kRevisions{
    "official_revisions",
    "SELECT * FROM (SELECT NULL::timestamptz AS recorded_until, o.* FROM officials o "
    "UNION ALL SELECT * FROM officials_history) v "
    "WHERE agency_id = $1 AND official_id = $2 AND version < $3 ORDER BY version DESC LIMIT $4"};
constexpr Statement kTerms{
    "official_terms",
    "SELECT official_id, unit_id, start_date, end_date FROM officials_known($4::timestamptz) "
    "WHERE agency_id = $1 AND start_date <= $3 AND (end_date IS NULL OR end_date >= $2)"};

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

v1::Official ToOfficial(const pqxx::row& row) {
  v1::Official official;
  const char* agency = row["agency_id"].c_str();
  official.set_name(kOfficialName.Format({agency, row["official_id"].c_str()}));
  official.set_display_name(row["display_name"].c_str());
  official.set_position_title(row["position_title"].c_str());
  official.set_unit(kUnitName.Format({agency, row["unit_id"].c_str()}));
  *official.mutable_start_date() = postgres::ToDate(row["start_date"]);
  if (!row["end_date"].is_null()) *official.mutable_end_date() = postgres::ToDate(row["end_date"]);
  *official.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  official.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return official;
}

}  // namespace

absl::Status OfficialStore::Check(const AgencyId& agency,
                                  const std::string& id,
                                  const v1::Official& official) const {
  const std::string unit = LastSegment(official.unit());
  if (tx_.Exec(kLockUnit, agency.value(), unit).empty()) {
    return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
        .With("unit", official.unit());
  }
  const pqxx::result others = tx_.Exec(kOverlap,
                                       agency.value(),
                                       unit,
                                       postgres::ToText(official.start_date()),
                                       postgres::ToText(official.end_date()),
                                       id);
  if (others.empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::OFFICIAL_OVERLAP,
                                    "Another official leads the unit on those days.")
      .With("official", kOfficialName.Format({agency.value(), others[0][0].c_str()}));
}

absl::StatusOr<v1::Official> OfficialStore::Insert(const AgencyId& agency,
                                                   const std::string& id,
                                                   const v1::Official& official,
                                                   const std::string& by) {
  RETURN_IF_ERROR(Check(agency, id, official));
  return ToOfficial(tx_.Exec(kInsert,
                             agency.value(),
                             id,
                             official.display_name(),
                             official.position_title(),
                             LastSegment(official.unit()),
                             postgres::ToText(official.start_date()),
                             postgres::ToText(official.end_date()),
                             by)[0]);
}

absl::StatusOr<v1::Official> OfficialStore::Get(const AgencyId& agency,
                                                const std::string& id,
                                                const AsOf& as_of) const {
  const std::string name = kOfficialName.Format({agency.value(), id});
  if (!IsUuid(id)) return errors::ResourceNotFound(name);
  const pqxx::result rows = tx_.Exec(kSelect, agency.value(), id, as_of.known);
  if (rows.empty()) return errors::ResourceNotFound(name);
  return ToOfficial(rows[0]);
}

absl::StatusOr<v1::Official> OfficialStore::Update(
    const AgencyId& agency,
    const std::string& id,
    const api::Precondition& precondition,
    const Recorded& recorded,
    absl::FunctionRef<absl::Status(v1::Official&)> change) {
  const std::string name = kOfficialName.Format({agency.value(), id});
  if (!IsUuid(id)) return errors::ResourceNotFound(name);
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, agency.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(name);
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), name));
  v1::Official official = ToOfficial(rows[0]);
  RETURN_IF_ERROR(change(official));
  RETURN_IF_ERROR(Check(agency, id, official));
  return ToOfficial(tx_.Exec(kUpdate,
                             agency.value(),
                             id,
                             official.display_name(),
                             official.position_title(),
                             LastSegment(official.unit()),
                             postgres::ToText(official.start_date()),
                             postgres::ToText(official.end_date()),
                             recorded.by,
                             recorded.reason)[0]);
}

Page<v1::Revision> OfficialStore::Revisions(const AgencyId& agency,
                                            const std::string& id,
                                            const PageQuery& query) const {
  if (!IsUuid(id)) return {};
  return RevisionPage(tx_.Exec(kRevisions, agency.value(), id, VersionBelow(query), query.size + 1),
                      query,
                      [](const pqxx::row& row, v1::Revision& revision) {
                        *revision.mutable_official() = ToOfficial(row);
                      });
}

bool OfficialStore::Exists(const AgencyId& agency, const std::string& id) const {
  return Get(agency, id).ok();
}

Page<v1::Official> OfficialStore::List(const AgencyId& agency,
                                       const AsOf& as_of,
                                       const PageQuery& query) const {
  Page<v1::Official> page;
  const std::string after = query.after.empty() ? std::string(kFirstId) : query.after[0];
  for (const pqxx::row& row :
       tx_.Exec(kList, agency.value(), after, query.size + 1, as_of.known, as_of.day)) {
    page.items.push_back(ToOfficial(row));
  }
  EndPage(page, query.size, [](const v1::Official& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

std::vector<domain::Term> OfficialStore::Terms(const AgencyId& agency,
                                               absl::CivilDay first,
                                               absl::CivilDay last,
                                               const AsOf& as_of) const {
  std::vector<domain::Term> terms;
  for (const pqxx::row& row :
       tx_.Exec(kTerms, agency.value(), DayText(first), DayText(last), as_of.known)) {
    terms.push_back({std::string("officials/") + row[0].c_str(),
                     row[1].c_str(),
                     ReadDay(row[2]),
                     ReadDay(row[3])});
  }
  return terms;
}

}  // namespace teraju::identity
