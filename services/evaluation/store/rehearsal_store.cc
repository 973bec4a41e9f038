#include "services/evaluation/store/rehearsal_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kStoreGrades{"rehearsal_store_grades", R"sql(
INSERT INTO prior_grades (agency_id, cycle_id, employee, grade, enter_time)
SELECT $1, $2, g.employee, g.grade, $5::timestamptz
FROM (SELECT DISTINCT ON (employee) * FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS n(employee, grade, place)
      ORDER BY employee, place DESC) g
WHERE EXISTS (SELECT 1 FROM work_plans w WHERE w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = g.employee)
ON CONFLICT (agency_id, cycle_id, employee) DO UPDATE SET grade = excluded.grade, enter_time = excluded.enter_time
RETURNING employee)sql"};

constexpr postgres::Statement kListCompared{"rehearsal_list_compared", R"sql(
SELECT a.unit_path, g.grade, a.predicate
FROM annual_results a JOIN prior_grades g USING (agency_id, cycle_id, employee)
WHERE a.agency_id = $1 AND a.cycle_id = $2 AND a.period_id = $3 AND a.state = 'FINAL'
ORDER BY a.employee)sql"};

constexpr postgres::Statement kInsertReport{
    "rehearsal_insert_report",
    "INSERT INTO rehearsal_reports (agency_id, cycle_id, body) VALUES ($1, $2, $3) ON CONFLICT DO "
    "NOTHING"};

constexpr postgres::Statement kSelectReport{
    "rehearsal_select_report",
    "SELECT * FROM rehearsal_reports WHERE agency_id = $1 AND cycle_id = $2"};

constexpr postgres::Statement kLockReport{
    "rehearsal_lock_report",
    "SELECT * FROM rehearsal_reports WHERE agency_id = $1 AND cycle_id = $2 FOR UPDATE"};

constexpr postgres::Statement kDecide{"rehearsal_decide", R"sql(
UPDATE rehearsal_reports SET decided_by = $3, decide_time = $4::timestamptz, reason = $5
WHERE agency_id = $1 AND cycle_id = $2)sql"};

constexpr postgres::Statement kStand{"rehearsal_stand", R"sql(
SELECT coalesce(bool_or(kind = 'SHADOW' AND state <> 'DRAFT'), false) AS rehearsed,
       coalesce(bool_or(kind = 'ANNUAL' AND state <> 'DRAFT'), false) AS bound,
       EXISTS (SELECT 1 FROM rehearsal_reports r WHERE r.agency_id = $1 AND r.decide_time IS NOT NULL) AS decided
FROM cycles WHERE agency_id = $1 AND cycle_id <> $2)sql"};

v1::RehearsalReport ToReport(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::RehearsalReport report;
  report.ParseFromString(postgres::FromBytes(row["body"]));
  report.set_name(kRehearsalReportName.Format({agency, row["cycle_id"].c_str()}));
  if (!row["decided_by"].is_null()) {
    v1::RehearsalDecision& decision = *report.mutable_decision();
    decision.set_decided_by(PersonName(agency, row["decided_by"].c_str()));
    *decision.mutable_decide_time() = postgres::ToTimestamp(row["decide_time"]);
    decision.set_reason(row["reason"].c_str());
  }
  return report;
}

}  // namespace

std::vector<std::string> RehearsalStore::StoreGrades(
    const CycleKey& cycle, const google::protobuf::RepeatedPtrField<v1::PriorGrade>& grades) {
  std::vector<std::string> employees, predicates;
  for (const v1::PriorGrade& grade : grades) {
    employees.push_back(SubjectOf(grade.employee()));
    predicates.push_back(v1::Predicate_Name(grade.grade()));
  }
  std::vector<std::string> stored;
  for (const pqxx::row& row : tx_.Exec(kStoreGrades,
                                       cycle.agency,
                                       cycle.cycle,
                                       postgres::ToArray(employees),
                                       postgres::ToArray(predicates),
                                       postgres::ToText(tx_.call().time()))) {
    stored.emplace_back(row.front().c_str());
  }
  return stored;
}

std::vector<domain::ComparedPerson> RehearsalStore::ListCompared(const CycleKey& cycle) const {
  std::vector<domain::ComparedPerson> people;
  for (const pqxx::row& row :
       tx_.Exec(kListCompared, cycle.agency, cycle.cycle, std::string(domain::kYear))) {
    domain::ComparedPerson& person = people.emplace_back();
    for (const std::string& unit : postgres::ToStrings(row["unit_path"]))
      person.unit_path.push_back(UnitName(cycle.agency, unit));
    person.before = ReadEnum<v1::Predicate>(row["grade"]);
    person.after = ReadEnum<v1::Predicate>(row["predicate"]);
  }
  return people;
}

absl::Status RehearsalStore::InsertReport(const CycleKey& cycle,
                                          const v1::RehearsalReport& report) {
  v1::RehearsalReport body = report;
  body.clear_name();
  body.clear_decision();
  if (tx_.Exec(
             kInsertReport, cycle.agency, cycle.cycle, postgres::ToBytes(body.SerializeAsString()))
          .affected_rows() == 0)
    return errors::ResourceExists(report.name());
  return absl::OkStatus();
}

std::optional<v1::RehearsalReport> RehearsalStore::FindReport(const CycleKey& cycle) const {
  const pqxx::result rows = tx_.Exec(kSelectReport, cycle.agency, cycle.cycle);
  if (rows.empty()) return std::nullopt;
  return ToReport(rows.front());
}

absl::StatusOr<std::optional<v1::RehearsalReport>> RehearsalStore::Decide(
    const CycleKey& cycle, absl::FunctionRef<absl::Status(v1::RehearsalReport&)> change) {
  const pqxx::result rows = tx_.Exec(kLockReport, cycle.agency, cycle.cycle);
  if (rows.empty()) return std::nullopt;
  v1::RehearsalReport report = ToReport(rows.front());
  RETURN_IF_ERROR(change(report));
  tx_.Exec(kDecide,
           cycle.agency,
           cycle.cycle,
           SubjectOf(report.decision().decided_by()),
           ToText(report.decision().decide_time(), true),
           report.decision().reason());
  return report;
}

domain::RehearsalStand RehearsalStore::StandBeside(const CycleKey& cycle) const {
  const pqxx::row row = tx_.Exec(kStand, cycle.agency, cycle.cycle).front();
  return {.rehearsed = row["rehearsed"].as<bool>(),
          .decided = row["decided"].as<bool>(),
          .bound = row["bound"].as<bool>()};
}

}  // namespace teraju::evaluation
