#include "services/identity/store/employee_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/leadership.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/revisions.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kInsert{"employee_insert",
                            "WITH account AS (INSERT INTO accounts (agency_id, subject) VALUES "
                            "($1, 'employees/' || $2::text)) "
                            "INSERT INTO employees (agency_id, employee_id, nip, full_name, "
                            "title_before, title_after, birth_date, kind, "
                            "position_kind, position_title, unit_id, echelon, grade, legal_status, "
                            "education_level, position_start_date, "
                            "external_id, email, recorded_by, reason) "
                            "VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                            "$14, $15, $16, $17, $18, $19, $20) RETURNING *"};
constexpr Statement kUpdate{
    "employee_update",
    "UPDATE employees SET nip = $3, full_name = $4, title_before = $5, title_after = $6, "
    "birth_date = $7, kind = $8, "
    "position_kind = $9, position_title = $10, unit_id = $11, echelon = $12, grade = $13, "
    "legal_status = $14, "
    "education_level = $15, position_start_date = $16, external_id = $17, email = $18, "
    "recorded_by = $19, reason = $20 WHERE agency_id = $1 AND employee_id = $2 RETURNING *"};
constexpr Statement kSelect{"employee_select",
                            "SELECT * FROM employees WHERE agency_id = $1 AND employee_id = $2"};
constexpr Statement kSelectAsOf{
    "employee_select_as_of",
    "SELECT e.*, p.unit_id AS post_unit, p.position_title AS post_title, p.start_date AS "
    "post_start "
    "FROM employees_known($4::timestamptz) e LEFT JOIN LATERAL (SELECT * FROM "
    "assignments_known($4::timestamptz) a WHERE a.agency_id = e.agency_id AND a.employee_id = "
    "e.employee_id AND a.kind = 'DEFINITIVE' AND a.start_date <= $3::date "
    "AND (a.end_date IS NULL OR a.end_date >= $3::date)) p ON true "
    "WHERE e.agency_id = $1 AND e.employee_id = $2"};
constexpr Statement kListAsOf{
    "employee_list_as_of",
    "SELECT e.*, p.unit_id AS post_unit, p.position_title AS post_title, p.start_date AS "
    "post_start "
    "FROM employees_known($11::timestamptz) e LEFT JOIN LATERAL (SELECT * FROM "
    "assignments_known($11::timestamptz) a WHERE a.agency_id = e.agency_id AND a.employee_id = "
    "e.employee_id AND a.kind = 'DEFINITIVE' AND a.start_date <= $10::date "
    "AND (a.end_date IS NULL OR a.end_date >= $10::date)) p ON true "
    "WHERE e.agency_id = $1 AND e.employee_id > $2 AND (e.delete_time IS NULL OR $3) "
    "AND ($4 OR e.unit_id IN (SELECT unit_id FROM subtree_of($1, $5::text[], $9::date)) "
    "OR e.employee_id = ANY ($6::uuid[])) AND ($10::date IS NULL OR p.unit_id IS NOT NULL) "
    "AND ($7 = '' OR coalesce(p.unit_id, e.unit_id) IN "
    "(SELECT unit_id FROM subtree_of($1, ARRAY[$7], coalesce($10::date, $9::date)))) "
    "ORDER BY e.employee_id LIMIT $8"};
constexpr Statement kRevisions{
    "employee_revisions",
    "SELECT * FROM (SELECT NULL::timestamptz AS recorded_until, e.* FROM employees e "
    "UNION ALL SELECT * FROM employees_history) v "
    "WHERE agency_id = $1 AND employee_id = $2 AND version < $3 ORDER BY version DESC LIMIT $4"};
constexpr Statement kSelectForUpdate{
    "employee_select_for_update",
    "SELECT * FROM employees WHERE agency_id = $1 AND employee_id = $2 FOR UPDATE"};
constexpr Statement kLock{"employee_lock",
                          "SELECT 1 FROM employees WHERE agency_id = $1 AND employee_id = $2 "
                          "AND delete_time IS NULL FOR NO KEY UPDATE"};
constexpr Statement kByNip{"employee_by_nip",
                           "SELECT employee_id FROM employees WHERE agency_id = $1 AND nip = $2 "
                           "AND delete_time IS NULL"};
constexpr Statement kByFormerNip{
    "employee_by_former_nip",
    "SELECT DISTINCT employee_id FROM employees_history WHERE agency_id = $1 AND nip = $2"};
constexpr Statement kByExternalId{
    "employee_by_external_id",
    "SELECT employee_id FROM employees WHERE agency_id = $1 AND external_id = $2 "
    "AND delete_time IS NULL"};
constexpr Statement kUnitPath{
    "employee_unit_path",
    "SELECT unit_path(agency_id, unit_id, $3) FROM employees WHERE agency_id "
    "= $1 AND employee_id = $2"};
constexpr Statement kExisting{"employee_existing",
                              "SELECT employee_id FROM employees WHERE agency_id = $1 AND "
                              "employee_id = ANY ($2::uuid[]) AND delete_time IS NULL"};
constexpr Statement kList{
    "employee_list",
    "SELECT * FROM employees WHERE agency_id = $1 AND employee_id > $2 AND (delete_time IS NULL OR "
    "$3) "
    "AND ($4 OR unit_id IN (SELECT unit_id FROM subtree_of($1, $5::text[], $9::date)) OR "
    "employee_id = ANY "
    "($6::uuid[])) "
    "AND ($7 = '' OR unit_id IN (SELECT unit_id FROM subtree_of($1, ARRAY[$7], $9::date))) "
    "AND (NOT $10 OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.agency_id = $1 AND s.subject = "
    "'employees/' || employee_id)) "
    "ORDER BY employee_id LIMIT $8"};

template <typename Enum>
Enum ParseEnum(const google::protobuf::EnumDescriptor* descriptor, const char* name) {
  const auto* value = descriptor->FindValueByName(name);
  return static_cast<Enum>(value == nullptr ? 0 : value->number());
}

v1::Employee ToEmployee(const pqxx::row& row) {
  v1::Employee employee;
  const char* agency = row["agency_id"].c_str();
  employee.set_name(kEmployeeName.Format({agency, row["employee_id"].c_str()}));
  employee.set_nip(row["nip"].c_str());
  employee.set_full_name(row["full_name"].c_str());
  employee.set_title_before(row["title_before"].c_str());
  employee.set_title_after(row["title_after"].c_str());
  *employee.mutable_birth_date() = postgres::ToDate(row["birth_date"]);
  employee.set_kind(
      ParseEnum<v1::Employee::Kind>(v1::Employee::Kind_descriptor(), row["kind"].c_str()));
  employee.set_position_kind(ParseEnum<v1::Employee::PositionKind>(
      v1::Employee::PositionKind_descriptor(), row["position_kind"].c_str()));
  employee.set_position_title(row["position_title"].c_str());
  employee.set_unit(kUnitName.Format({agency, row["unit_id"].c_str()}));
  employee.set_echelon(row["echelon"].c_str());
  employee.set_grade(row["grade"].c_str());
  employee.set_legal_status(row["legal_status"].c_str());
  employee.set_education_level(row["education_level"].c_str());
  if (!row["position_start_date"].is_null()) {
    *employee.mutable_position_start_date() = postgres::ToDate(row["position_start_date"]);
  }
  employee.set_external_id(postgres::EmptyIfNull(row["external_id"]));
  employee.set_email(postgres::EmptyIfNull(row["email"]));
  *employee.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *employee.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  if (!row["delete_time"].is_null())
    *employee.mutable_delete_time() = postgres::ToTimestamp(row["delete_time"]);
  employee.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return employee;
}

// Unit, title and first day as the definitive post of the day has them, not the record.
v1::Employee ToEmployeeOn(const pqxx::row& row, const AsOf& as_of) {
  v1::Employee employee = ToEmployee(row);
  if (!as_of.day) return employee;
  const bool same = employee.position_title() == row["post_title"].c_str();
  employee.set_position_title(row["post_title"].c_str());
  employee.clear_unit();
  employee.clear_position_start_date();
  if (!same) {
    employee.clear_echelon();
    employee.set_position_kind(row["post_unit"].is_null()
                                   ? v1::Employee::POSITION_KIND_UNSPECIFIED
                                   : domain::PositionKindOf(employee.position_title()));
  }
  if (row["post_unit"].is_null()) return employee;
  employee.set_unit(kUnitName.Format({row["agency_id"].c_str(), row["post_unit"].c_str()}));
  *employee.mutable_position_start_date() = postgres::ToDate(row["post_start"]);
  return employee;
}

std::string NameOf(const EmployeeKey& key) {
  return kEmployeeName.Format({key.agency.value(), key.employee.value()});
}

pqxx::result Store(postgres::Transaction& tx,
                   const Statement& statement,
                   const EmployeeKey& key,
                   const v1::Employee& employee,
                   const Recorded& recorded) {
  return tx.Exec(statement,
                 key.agency.value(),
                 key.employee.value(),
                 employee.nip(),
                 employee.full_name(),
                 employee.title_before(),
                 employee.title_after(),
                 postgres::ToText(employee.birth_date()),
                 v1::Employee::Kind_Name(employee.kind()),
                 v1::Employee::PositionKind_Name(employee.position_kind()),
                 employee.position_title(),
                 LastSegment(employee.unit()),
                 employee.echelon(),
                 employee.grade(),
                 employee.legal_status(),
                 employee.education_level(),
                 postgres::ToText(employee.position_start_date()),
                 postgres::NullIfEmpty(employee.external_id()),
                 postgres::NullIfEmpty(employee.email()),
                 recorded.by,
                 recorded.reason);
}

}  // namespace

absl::Status EmployeeStore::CheckKeys(const EmployeeKey& key, const v1::Employee& employee) const {
  if (!UnitStore(tx_).Exists({key.agency, UnitId(LastSegment(employee.unit()))})) {
    return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
        .With("unit", employee.unit());
  }
  // The unique indexes decide between two writers; asking first names the reason to one.
  const auto nip = FindByNip(key.agency, employee.nip());
  if (nip && nip->employee != key.employee) {
    return errors::AlreadyExists(v1::EMPLOYEE_NIP_TAKEN, "Another employee has this NIP.");
  }
  if (employee.external_id().empty()) return absl::OkStatus();
  const auto other = FindByExternalId(key.agency, employee.external_id());
  if (other && other->employee != key.employee) {
    return errors::AlreadyExists(v1::EMPLOYEE_EXTERNAL_ID_TAKEN,
                                 "Another employee has this external id.");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Employee> EmployeeStore::Insert(const EmployeeKey& key,
                                                   const v1::Employee& employee,
                                                   const std::string& by) {
  RETURN_IF_ERROR(CheckKeys(key, employee));
  return ToEmployee(Store(tx_, kInsert, key, employee, {by, ""})[0]);
}

absl::StatusOr<v1::Employee> EmployeeStore::Get(const EmployeeKey& key, const AsOf& as_of) const {
  if (!IsUuid(key.employee.value())) return errors::ResourceNotFound(NameOf(key));
  const pqxx::result rows =
      as_of.day || as_of.known
          ? tx_.Exec(kSelectAsOf, key.agency.value(), key.employee.value(), as_of.day, as_of.known)
          : tx_.Exec(kSelect, key.agency.value(), key.employee.value());
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  return ToEmployeeOn(rows[0], as_of);
}

Page<v1::Revision> EmployeeStore::Revisions(const EmployeeKey& key, const PageQuery& query) const {
  if (!IsUuid(key.employee.value())) return {};
  return RevisionPage(tx_.Exec(kRevisions,
                               key.agency.value(),
                               key.employee.value(),
                               VersionBelow(query),
                               query.size + 1),
                      query,
                      [](const pqxx::row& row, v1::Revision& revision) {
                        *revision.mutable_employee() = ToEmployee(row);
                      });
}

std::optional<EmployeeKey> EmployeeStore::FindByFormerNip(const AgencyId& agency,
                                                          const std::string& nip) const {
  const pqxx::result rows = tx_.Exec(kByFormerNip, agency.value(), nip);
  if (rows.size() != 1) return std::nullopt;
  return EmployeeKey{agency, EmployeeId(rows[0][0].c_str())};
}

std::optional<EmployeeKey> EmployeeStore::FindByNip(const AgencyId& agency,
                                                    const std::string& nip) const {
  const pqxx::result rows = tx_.Exec(kByNip, agency.value(), nip);
  if (rows.empty()) return std::nullopt;
  return EmployeeKey{agency, EmployeeId(rows[0][0].c_str())};
}

std::optional<EmployeeKey> EmployeeStore::FindByExternalId(const AgencyId& agency,
                                                           const std::string& external_id) const {
  const pqxx::result rows = tx_.Exec(kByExternalId, agency.value(), external_id);
  if (rows.empty()) return std::nullopt;
  return EmployeeKey{agency, EmployeeId(rows[0][0].c_str())};
}

Page<v1::Employee> EmployeeStore::List(const AgencyId& agency,
                                       const EmployeeFilter& filter,
                                       const AsOf& as_of,
                                       const PageQuery& query) const {
  Page<v1::Employee> page;
  const auto run = [&](const Statement& statement, const auto&... more) {
    return tx_.Exec(statement,
                    agency.value(),
                    query.after.empty() ? std::string(kFirstId) : query.after[0],
                    filter.show_deleted,
                    filter.everything,
                    postgres::ToArray(filter.units),
                    postgres::ToArray(filter.persons),
                    filter.within,
                    query.size + 1,
                    DayText(filter.today),
                    more...);
  };
  const pqxx::result rows = as_of.day || as_of.known ? run(kListAsOf, as_of.day, as_of.known)
                                                     : run(kList, filter.never_signed_in);
  for (const pqxx::row& row : rows) page.items.push_back(ToEmployeeOn(row, as_of));
  EndPage(page, query.size, [](const v1::Employee& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

absl::StatusOr<v1::Employee> EmployeeStore::Update(
    const EmployeeKey& key,
    const api::Precondition& precondition,
    const Recorded& recorded,
    absl::FunctionRef<absl::Status(v1::Employee&)> change) {
  if (!IsUuid(key.employee.value())) return errors::ResourceNotFound(NameOf(key));
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.employee.value());
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), NameOf(key)));
  v1::Employee employee = ToEmployee(rows[0]);
  RETURN_IF_ERROR(change(employee));
  RETURN_IF_ERROR(CheckKeys(key, employee));
  return ToEmployee(Store(tx_, kUpdate, key, employee, recorded)[0]);
}

absl::Status EmployeeStore::Lock(const EmployeeKey& key) {
  if (!IsUuid(key.employee.value()) ||
      tx_.Exec(kLock, key.agency.value(), key.employee.value()).empty()) {
    return errors::ResourceNotFound(NameOf(key));
  }
  return absl::OkStatus();
}

bool EmployeeStore::Exists(const EmployeeKey& key) const {
  return IsUuid(key.employee.value()) &&
         !tx_.Exec(kSelect, key.agency.value(), key.employee.value()).empty();
}

std::vector<std::string> EmployeeStore::UnitPathOf(const EmployeeKey& key,
                                                   absl::CivilDay day) const {
  if (!IsUuid(key.employee.value())) return {};
  const pqxx::result rows =
      tx_.Exec(kUnitPath, key.agency.value(), key.employee.value(), DayText(day));
  return rows.empty() ? std::vector<std::string>() : postgres::ToStrings(rows[0][0]);
}

std::vector<std::string> EmployeeStore::Existing(const AgencyId& agency,
                                                 const std::vector<std::string>& ids) const {
  std::vector<std::string> uuids;
  for (const std::string& id : ids) {
    if (IsUuid(id)) uuids.push_back(id);
  }
  std::vector<std::string> existing;
  for (const pqxx::row& row : tx_.Exec(kExisting, agency.value(), postgres::ToArray(uuids))) {
    existing.push_back(row[0].c_str());
  }
  return existing;
}

}  // namespace teraju::identity
