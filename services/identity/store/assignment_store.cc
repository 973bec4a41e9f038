#include "services/identity/store/assignment_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/leadership.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/revisions.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kSelectUnit{"assignment_unit",
                                "SELECT display_name, abolished, start_date FROM unit_states WHERE "
                                "agency_id = $1 AND unit_id = "
                                "$2 AND start_date <= $3 AND end_date >= $3"};
constexpr Statement kOverlap{"assignment_overlap",
                             "SELECT assignment_id FROM assignments WHERE agency_id = $1 AND "
                             "employee_id = $2 AND kind = 'DEFINITIVE' AND delete_time IS NULL "
                             "AND daterange(start_date, end_date, '[]') && daterange($3::date, "
                             "$4::date, '[]') AND assignment_id <> $5 LIMIT 1"};
constexpr Statement kInsert{
    "assignment_insert",
    "INSERT INTO assignments (agency_id, employee_id, assignment_id, unit_id, position_title, "
    "kind, leads_unit, "
    "start_date, end_date, decree_number, recorded_by, share_percent) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING "
    "*"};
constexpr Statement kSelect{"assignment_select",
                            "SELECT * FROM assignments_known($4::timestamptz) "
                            "WHERE agency_id = $1 AND employee_id = $2 AND assignment_id = $3"};
constexpr Statement kSame{"assignment_same",
                          "SELECT assignment_id FROM assignments WHERE agency_id = $1 AND "
                          "employee_id = $2 AND kind = $4 AND unit_id = $5 AND start_date = $6 "
                          "AND delete_time IS NULL AND assignment_id <> $3"};
// The days on which shares begin, with what all of that day sum to beside this one.
constexpr Statement kShares{
    "assignment_shares",
    "SELECT d.day, sum(a.share_percent) FROM assignments a, "
    "(SELECT $4::date AS day UNION SELECT start_date FROM assignments WHERE agency_id = $1 AND "
    "employee_id = $2 AND delete_time IS NULL AND share_percent > 0 AND start_date > $4::date "
    "AND ($5::date IS NULL OR start_date <= $5::date)) d "
    "WHERE a.agency_id = $1 AND a.employee_id = $2 AND a.assignment_id <> $3 AND a.delete_time IS "
    "NULL AND a.start_date <= d.day AND (a.end_date IS NULL OR a.end_date >= d.day) "
    "GROUP BY d.day HAVING sum(a.share_percent) > 100 - $6::int ORDER BY d.day LIMIT 1"};
// Whatever holds on a day or later.
constexpr Statement kFrom{"assignment_from",
                          "SELECT * FROM assignments WHERE agency_id = $1 AND employee_id = $2 "
                          "AND delete_time IS NULL AND (end_date IS NULL OR end_date >= $3) "
                          "ORDER BY start_date, assignment_id"};
constexpr Statement kRevisions{
    "assignment_revisions",
    "SELECT * FROM (SELECT NULL::timestamptz AS recorded_until, a.* FROM assignments a "
    "UNION ALL SELECT * FROM assignments_history) v "
    "WHERE agency_id = $1 AND employee_id = $2 AND assignment_id = $3 AND version < $4 "
    "ORDER BY version DESC LIMIT $5"};
constexpr Statement kSelectForUpdate{"assignment_select_for_update",
                                     "SELECT * FROM assignments WHERE agency_id = $1 AND "
                                     "employee_id = $2 AND assignment_id = $3 "
                                     "AND delete_time IS NULL FOR UPDATE"};
constexpr Statement kUpdate{
    "assignment_update",
    "UPDATE assignments SET unit_id = $4, position_title = $5, kind = $6, leads_unit = $7, "
    "start_date = $8, end_date = $9, decree_number = $10, recorded_by = $11, reason = $12, "
    "share_percent = $13 "
    "WHERE agency_id = $1 AND employee_id = $2 AND assignment_id = $3 RETURNING *"};
constexpr Statement kWithdraw{
    "assignment_withdraw",
    "UPDATE assignments SET delete_time = now(), recorded_by = $4, reason = $5 "
    "WHERE agency_id = $1 AND employee_id = $2 AND assignment_id = $3 RETURNING *"};
constexpr Statement kList{"assignment_list",
                          "SELECT * FROM assignments_known($7::timestamptz) "
                          "WHERE agency_id = $1 AND employee_id = $2 "
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
  assignment.set_share_percent(row["share_percent"].as<int>());
  if (!row["delete_time"].is_null())
    *assignment.mutable_delete_time() = postgres::ToTimestamp(row["delete_time"]);
  return assignment;
}

std::string NameOf(const EmployeeKey& key, const std::string& id) {
  return kAssignmentName.Format({key.agency.value(), key.employee.value(), id});
}

absl::Status Overlap(const std::string& assignment) {
  return errors::FailedPrecondition(v1::ASSIGNMENT_OVERLAP,
                                    "The person holds another definitive post on those days.")
      .With("assignment", assignment);
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
  return Overlap(NameOf(key, others[0][0].c_str()));
}

absl::Status CheckShare(postgres::Transaction& tx,
                        const EmployeeKey& key,
                        const std::string& id,
                        const v1::Assignment& assignment) {
  if (assignment.share_percent() == 0) return absl::OkStatus();
  absl::CivilDay day = *domain::FromDate(assignment.start_date());
  bool wrong = assignment.kind() != v1::Assignment::ADDITIONAL || assignment.leads_unit();
  if (!wrong) {
    const pqxx::result over = tx.Exec(kShares,
                                      key.agency.value(),
                                      key.employee.value(),
                                      id,
                                      postgres::ToText(assignment.start_date()),
                                      postgres::ToText(assignment.end_date()),
                                      assignment.share_percent());
    wrong = !over.empty();
    if (wrong) day = ReadDay(over[0][0]);
  }
  if (!wrong) return absl::OkStatus();
  return errors::FailedPrecondition(v1::SHARE_INVALID, "The share cannot be given.")
      .With("date", domain::FormatDay(day));
}

}  // namespace

absl::Status AssignmentStore::Check(const EmployeeKey& key,
                                    const std::string& id,
                                    v1::Assignment& assignment) const {
  const std::string unit = LastSegment(assignment.unit());
  const pqxx::result units =
      tx_.Exec(kSelectUnit, key.agency.value(), unit, postgres::ToText(assignment.start_date()));
  if (units.empty()) {
    return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
        .With("unit", assignment.unit());
  }
  if (units[0][1].as<bool>()) {
    return errors::FailedPrecondition(v1::UNIT_ABOLISHED, "The unit has been abolished.")
        .With("unit", assignment.unit())
        .With("date", domain::FormatDay(ReadDay(units[0][2])));
  }
  const pqxx::result same = tx_.Exec(kSame,
                                     key.agency.value(),
                                     key.employee.value(),
                                     id,
                                     v1::Assignment::Kind_Name(assignment.kind()),
                                     unit,
                                     postgres::ToText(assignment.start_date()));
  if (!same.empty()) return errors::ResourceExists(NameOf(key, same[0][0].c_str()));
  RETURN_IF_ERROR(CheckOverlap(tx_, key, id, assignment));
  if (!assignment.has_leads_unit()) {
    assignment.set_leads_unit(
        domain::LeadsUnit(assignment.kind(), assignment.position_title(), units[0][0].c_str()));
  }
  return CheckShare(tx_, key, id, assignment);
}

absl::StatusOr<v1::Assignment> AssignmentStore::Insert(const EmployeeKey& key,
                                                       const std::string& id,
                                                       v1::Assignment assignment,
                                                       const std::string& by) {
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  RETURN_IF_ERROR(Check(key, id, assignment));
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.employee.value(),
                                     id,
                                     LastSegment(assignment.unit()),
                                     assignment.position_title(),
                                     v1::Assignment::Kind_Name(assignment.kind()),
                                     assignment.leads_unit(),
                                     postgres::ToText(assignment.start_date()),
                                     postgres::ToText(assignment.end_date()),
                                     assignment.decree_number(),
                                     by,
                                     assignment.share_percent());
  if (rows.empty()) return errors::ResourceExists(NameOf(key, id));
  return ToAssignment(rows[0]);
}

absl::StatusOr<v1::Assignment> AssignmentStore::Get(const EmployeeKey& key,
                                                    const std::string& id,
                                                    const AsOf& as_of) const {
  if (!IsUuid(key.employee.value()) || !IsUuid(id))
    return errors::ResourceNotFound(NameOf(key, id));
  const pqxx::result rows =
      tx_.Exec(kSelect, key.agency.value(), key.employee.value(), id, as_of.known);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key, id));
  return ToAssignment(rows[0]);
}

Page<v1::Assignment> AssignmentStore::List(const EmployeeKey& key,
                                           const AsOf& as_of,
                                           const PageQuery& query) const {
  Page<v1::Assignment> page;
  if (!IsUuid(key.employee.value())) return page;
  const std::string start = query.after.empty() ? "-infinity" : query.after[0];
  const std::string id = query.after.empty() ? std::string(kFirstId) : query.after[1];
  for (const pqxx::row& row : tx_.Exec(kList,
                                       key.agency.value(),
                                       key.employee.value(),
                                       start,
                                       id,
                                       as_of.day,
                                       query.size + 1,
                                       as_of.known)) {
    page.items.push_back(ToAssignment(row));
  }
  EndPage(page, query.size, [](const v1::Assignment& last) -> std::vector<std::string> {
    return {*postgres::ToText(last.start_date()), LastSegment(last.name())};
  });
  return page;
}

absl::StatusOr<v1::Assignment> AssignmentStore::Load(const EmployeeKey& key,
                                                     const std::string& id,
                                                     const api::Precondition& precondition) const {
  if (!IsUuid(id)) return errors::ResourceNotFound(NameOf(key, id));
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  const pqxx::result rows =
      tx_.Exec(kSelectForUpdate, key.agency.value(), key.employee.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key, id));
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), NameOf(key, id)));
  return ToAssignment(rows[0]);
}

absl::StatusOr<v1::Assignment> AssignmentStore::Update(
    const EmployeeKey& key,
    const std::string& id,
    const api::Precondition& precondition,
    const Recorded& recorded,
    absl::FunctionRef<absl::Status(v1::Assignment&)> change) {
  ASSIGN_OR_RETURN(v1::Assignment assignment, Load(key, id, precondition));
  RETURN_IF_ERROR(change(assignment));
  RETURN_IF_ERROR(Check(key, id, assignment));
  return ToAssignment(tx_.Exec(kUpdate,
                               key.agency.value(),
                               key.employee.value(),
                               id,
                               LastSegment(assignment.unit()),
                               assignment.position_title(),
                               v1::Assignment::Kind_Name(assignment.kind()),
                               assignment.leads_unit(),
                               postgres::ToText(assignment.start_date()),
                               postgres::ToText(assignment.end_date()),
                               assignment.decree_number(),
                               recorded.by,
                               recorded.reason,
                               assignment.share_percent())[0]);
}

absl::StatusOr<v1::Assignment> AssignmentStore::Withdraw(const EmployeeKey& key,
                                                         const std::string& id,
                                                         const api::Precondition& precondition,
                                                         const Recorded& recorded) {
  RETURN_IF_ERROR(Load(key, id, precondition).status());
  return ToAssignment(tx_.Exec(
      kWithdraw, key.agency.value(), key.employee.value(), id, recorded.by, recorded.reason)[0]);
}

absl::StatusOr<AssignmentStore::Placed> AssignmentStore::Place(const EmployeeKey& key,
                                                               const std::string& id,
                                                               const v1::Assignment& assignment,
                                                               const std::string& by) {
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  const absl::CivilDay first = *domain::FromDate(assignment.start_date());
  for (const pqxx::row& row :
       tx_.Exec(kFrom, key.agency.value(), key.employee.value(), DayText(first))) {
    const v1::Assignment held = ToAssignment(row);
    const std::string held_id = LastSegment(held.name());
    if (held.kind() != v1::Assignment::DEFINITIVE) continue;
    const absl::CivilDay begun = *domain::FromDate(held.start_date());
    if (begun > first) return Overlap(held.name());
    const bool same = begun == first && held.unit() == assignment.unit();
    if (begun == first && !same) return Overlap(held.name());
    if (same && held.position_title() == assignment.position_title() &&
        held.decree_number() == assignment.decree_number()) {
      return Placed{held, false};
    }
    const auto change = [&](v1::Assignment& stored) {
      if (same) {
        stored.set_position_title(assignment.position_title());
        stored.set_decree_number(assignment.decree_number());
        stored.clear_leads_unit();
      } else {
        *stored.mutable_end_date() = domain::ToDate(first - 1);
      }
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(v1::Assignment stored,
                     Update(key, held_id, api::Precondition::FromEtag(""), {by, ""}, change));
    if (same) return Placed{std::move(stored), true};
  }
  ASSIGN_OR_RETURN(v1::Assignment stored, Insert(key, id, assignment, by));
  return Placed{std::move(stored), true};
}

absl::StatusOr<std::vector<v1::Assignment>> AssignmentStore::Release(
    const EmployeeKey& key, const google::type::Date& last_day, const std::string& by) {
  RETURN_IF_ERROR(EmployeeStore(tx_).Lock(key));
  const absl::CivilDay last = *domain::FromDate(last_day);
  std::vector<v1::Assignment> ended;
  for (const pqxx::row& row :
       tx_.Exec(kFrom, key.agency.value(), key.employee.value(), DayText(last + 1))) {
    const v1::Assignment held = ToAssignment(row);
    if (*domain::FromDate(held.start_date()) > last) return Overlap(held.name());
    const auto change = [&](v1::Assignment& stored) {
      *stored.mutable_end_date() = last_day;
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(
        v1::Assignment stored,
        Update(key, LastSegment(held.name()), api::Precondition::FromEtag(""), {by, ""}, change));
    ended.push_back(std::move(stored));
  }
  return ended;
}

Page<v1::Revision> AssignmentStore::Revisions(const EmployeeKey& key,
                                              const std::string& id,
                                              const PageQuery& query) const {
  if (!IsUuid(key.employee.value()) || !IsUuid(id)) return {};
  return RevisionPage(tx_.Exec(kRevisions,
                               key.agency.value(),
                               key.employee.value(),
                               id,
                               VersionBelow(query),
                               query.size + 1),
                      query,
                      [](const pqxx::row& row, v1::Revision& revision) {
                        *revision.mutable_assignment() = ToAssignment(row);
                      });
}

}  // namespace teraju::identity
