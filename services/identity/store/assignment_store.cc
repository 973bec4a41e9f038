#include "services/identity/store/assignment_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/leadership.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kSelectUnit{
    "assignment_unit", "SELECT display_name FROM units WHERE agency_id = $1 AND unit_id = $2"};
constexpr Statement kOverlap{"assignment_overlap",
                             "SELECT assignment_id FROM assignments WHERE agency_id = $1 AND "
                             "employee_id = $2 AND kind = 'DEFINITIVE' "
                             "AND daterange(start_date, end_date, '[]') && daterange($3::date, "
                             "$4::date, '[]') AND assignment_id <> $5 LIMIT 1"};
constexpr Statement kInsert{
    "assignment_insert",
    "INSERT INTO assignments (agency_id, employee_id, assignment_id, unit_id, position_title, "
    "kind, leads_unit, "
    "start_date, end_date, decree_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT DO NOTHING RETURNING *"};
constexpr Statement kSelect{
    "assignment_select",
    "SELECT * FROM assignments WHERE agency_id = $1 AND employee_id = $2 AND assignment_id = $3"};
constexpr Statement kSelectForUpdate{"assignment_select_for_update",
                                     "SELECT * FROM assignments WHERE agency_id = $1 AND "
                                     "employee_id = $2 AND assignment_id = $3 FOR UPDATE"};
constexpr Statement kUpdateEnd{"assignment_update_end",
                               "UPDATE assignments SET end_date = $4 WHERE agency_id = $1 AND "
                               "employee_id = $2 AND assignment_id = $3 RETURNING *"};
constexpr Statement kList{"assignment_list",
                          "SELECT * FROM assignments WHERE agency_id = $1 AND employee_id = $2 "
                          "AND (start_date, assignment_id) > ($3::date, $4::uuid) "
                          "AND ($5::date IS NULL OR (start_date <= $5::date AND (end_date IS NULL "
                          "OR end_date >= $5::date))) "
                          "ORDER BY start_date, assignment_id LIMIT $6"};

v1::Assignment ToAssignment(const pqxx::row& row) {
  v1::Assignment assignment;
  const char* agency = row["agency_id"].c_str();
  assignment.set_name(
      kAssignmentName.Format({agency, row["employee_id"].c_str(), row["assignment_id"].c_str()}));
  assignment.set_unit(kUnitName.Format({agency, row["unit_id"].c_str()}));
  assignment.set_position_title(row["position_title"].c_str());
  v1::Assignment::Kind kind = v1::Assignment::KIND_UNSPECIFIED;
  v1::Assignment::Kind_Parse(row["kind"].c_str(), &kind);
  assignment.set_kind(kind);
  assignment.set_leads_unit(row["leads_unit"].as<bool>());
  *assignment.mutable_start_date() = postgres::ToDate(row["start_date"]);
  if (!row["end_date"].is_null())
    *assignment.mutable_end_date() = postgres::ToDate(row["end_date"]);
  assignment.set_decree_number(row["decree_number"].c_str());
  *assignment.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  assignment.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return assignment;
}

std::string NameOf(const EmployeeKey& key, const std::string& id) {
  return kAssignmentName.Format({key.agency.value(), key.employee.value(), id});
}

// FAILED_PRECONDITION (ASSIGNMENT_OVERLAP) for a second definitive post. The person's row must be
// locked.
absl::Status CheckOverlap(postgres::Transaction& tx,
                          const EmployeeKey& key,
                          const std::string& id,
                          const v1::Assignment& assignment) {
  if (assignment.kind() != v1::Assignment::DEFINITIVE) return absl::OkStatus();
  const pqxx::result others = tx.Exec(kOverlap,
                                      key.agency.value(),
                                      key.employee.value(),
                                      postgres::ToText(assignment.start_date()),
                                      postgres::ToText(assignment.end_date()),
                                      id);
  if (others.empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::ASSIGNMENT_OVERLAP,
                                    "The person holds another definitive post on those days.")
      .With("assignment", NameOf(key, others[0][0].c_str()));
}

}  // namespace

absl::StatusOr<v1::Assignment> AssignmentStore::Insert(const EmployeeKey& key,
                                                       const std::string& id,
                                                       const v1::Assignment& assignment) {
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  const std::string unit = LastSegment(assignment.unit());
  const pqxx::result units = tx_.Exec(kSelectUnit, key.agency.value(), unit);
  if (units.empty()) {
    return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
        .With("unit", assignment.unit());
  }
  RETURN_IF_ERROR(CheckOverlap(tx_, key, id, assignment));
  const bool leads =
      assignment.has_leads_unit()
          ? assignment.leads_unit()
          : domain::LeadsUnit(assignment.kind(), assignment.position_title(), units[0][0].c_str());
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.employee.value(),
                                     id,
                                     unit,
                                     assignment.position_title(),
                                     v1::Assignment::Kind_Name(assignment.kind()),
                                     leads,
                                     postgres::ToText(assignment.start_date()),
                                     postgres::ToText(assignment.end_date()),
                                     assignment.decree_number());
  if (rows.empty()) return errors::ResourceExists(NameOf(key, id));
  return ToAssignment(rows[0]);
}

absl::StatusOr<v1::Assignment> AssignmentStore::Get(const EmployeeKey& key,
                                                    const std::string& id) const {
  if (!IsUuid(key.employee.value()) || !IsUuid(id))
    return errors::ResourceNotFound(NameOf(key, id));
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.employee.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key, id));
  return ToAssignment(rows[0]);
}

Page<v1::Assignment> AssignmentStore::List(const EmployeeKey& key,
                                           const std::optional<google::type::Date>& day,
                                           const PageQuery& query) const {
  Page<v1::Assignment> page;
  if (!IsUuid(key.employee.value())) return page;
  const std::string start = query.after.empty() ? "-infinity" : query.after[0];
  const std::string id = query.after.empty() ? std::string(kFirstId) : query.after[1];
  const std::optional<std::string> on = day ? postgres::ToText(*day) : std::nullopt;
  for (const pqxx::row& row :
       tx_.Exec(kList, key.agency.value(), key.employee.value(), start, id, on, query.size + 1)) {
    page.items.push_back(ToAssignment(row));
  }
  EndPage(page, query.size, [](const v1::Assignment& last) -> std::vector<std::string> {
    return {*postgres::ToText(last.start_date()), LastSegment(last.name())};
  });
  return page;
}

absl::StatusOr<v1::Assignment> AssignmentStore::UpdateEnd(
    const EmployeeKey& key,
    const std::string& id,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Assignment&)> change) {
  if (!IsUuid(id)) return errors::ResourceNotFound(NameOf(key, id));
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  const pqxx::result rows =
      tx_.Exec(kSelectForUpdate, key.agency.value(), key.employee.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key, id));
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), NameOf(key, id)));
  v1::Assignment assignment = ToAssignment(rows[0]);
  RETURN_IF_ERROR(change(assignment));
  RETURN_IF_ERROR(CheckOverlap(tx_, key, id, assignment));
  return ToAssignment(tx_.Exec(kUpdateEnd,
                               key.agency.value(),
                               key.employee.value(),
                               id,
                               postgres::ToText(assignment.end_date()))[0]);
}

}  // namespace teraju::identity
