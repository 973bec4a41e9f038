#include "services/identity/store/import_rollback.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kLock{
    "rollback_lock",
    "SELECT count(*) FROM (SELECT FROM employees WHERE agency_id = $1 AND recorded_by = $2 "
    "ORDER BY employee_id FOR UPDATE) l"};
// $1 agency, $2 who imported. A chain leads from the present version of a row over those that it
// took the place of; what was taken back is not on it.
constexpr Statement kChangedSince{"rollback_changed_since", R"sql(
WITH RECURSIVE employee_chain AS (
  SELECT employee_id, version, prior_version, recorded_by FROM employees e
  WHERE agency_id = $1 AND recorded_by <> $2 AND recorded_by <> $2 || '/rollback' AND EXISTS (
    SELECT FROM employees_history h
    WHERE h.agency_id = $1 AND h.employee_id = e.employee_id AND h.recorded_by = $2)
  UNION ALL
  SELECT h.employee_id, h.version, h.prior_version, h.recorded_by
  FROM employee_chain c JOIN employees_history h
    ON h.agency_id = $1 AND h.employee_id = c.employee_id AND h.version = c.prior_version),
assignment_chain AS (
  SELECT employee_id, assignment_id, version, prior_version, recorded_by FROM assignments a
  WHERE agency_id = $1 AND recorded_by <> $2 AND recorded_by <> $2 || '/rollback' AND EXISTS (
    SELECT FROM assignments_history h WHERE h.agency_id = $1 AND h.employee_id = a.employee_id
      AND h.assignment_id = a.assignment_id AND h.recorded_by = $2)
  UNION ALL
  SELECT h.employee_id, h.assignment_id, h.version, h.prior_version, h.recorded_by
  FROM assignment_chain c JOIN assignments_history h ON h.agency_id = $1
    AND h.employee_id = c.employee_id AND h.assignment_id = c.assignment_id
    AND h.version = c.prior_version),
unit_chain AS (
  SELECT unit_id, start_date, create_time, version, prior_version, recorded_by FROM unit_states s
  WHERE agency_id = $1 AND recorded_by <> $2 AND EXISTS (
    SELECT FROM unit_states_history h WHERE h.agency_id = $1 AND h.unit_id = s.unit_id
      AND h.start_date = s.start_date AND h.recorded_by = $2)
  UNION ALL
  SELECT h.unit_id, h.start_date, h.create_time, h.version, h.prior_version, h.recorded_by
  FROM unit_chain c JOIN unit_states_history h ON h.agency_id = $1 AND h.unit_id = c.unit_id
    AND h.start_date = c.start_date AND h.create_time = c.create_time
    AND h.version = c.prior_version),
person_origin AS (
  SELECT employee_id, prior_version, recorded_by FROM employees
  WHERE agency_id = $1 AND recorded_by = $2
  UNION ALL
  SELECT h.employee_id, h.prior_version, h.recorded_by FROM person_origin c
  JOIN employees_history h
    ON h.agency_id = $1 AND h.employee_id = c.employee_id AND h.version = c.prior_version
  WHERE c.recorded_by = $2),
persons AS (
  SELECT employee_id FROM person_origin GROUP BY employee_id HAVING every(recorded_by = $2)),
unit_origin AS (
  SELECT unit_id, start_date, create_time, prior_version, recorded_by FROM unit_states
  WHERE agency_id = $1
  UNION ALL
  SELECT h.unit_id, h.start_date, h.create_time, h.prior_version, h.recorded_by FROM unit_origin c
  JOIN unit_states_history h ON h.agency_id = $1 AND h.unit_id = c.unit_id
    AND h.start_date = c.start_date AND h.create_time = c.create_time
    AND h.version = c.prior_version
  WHERE c.recorded_by = $2),
fresh_units AS (
  SELECT unit_id FROM unit_origin GROUP BY unit_id HAVING every(recorded_by = $2)),
blockers AS (
  SELECT 'employees/' || employee_id AS resource FROM employee_chain WHERE recorded_by = $2
  UNION ALL
  SELECT 'employees/' || employee_id || '/assignments/' || assignment_id
  FROM assignment_chain WHERE recorded_by = $2
  UNION ALL
  SELECT 'units/' || unit_id FROM unit_chain WHERE recorded_by = $2
  UNION ALL
  SELECT 'employees/' || a.employee_id || '/assignments/' || a.assignment_id
  FROM assignments a JOIN persons USING (employee_id)
  WHERE a.agency_id = $1 AND a.recorded_by <> $2 AND a.delete_time IS NULL
  UNION ALL
  SELECT 'employees/' || p.employee_id FROM persons p JOIN accounts c
    ON c.agency_id = $1 AND c.subject = 'employees/' || p.employee_id AND c.password_hash IS NOT NULL
  UNION ALL
  SELECT 'employees/' || p.employee_id FROM persons p JOIN role_bindings b
    ON b.agency_id = $1 AND b.subject = 'employees/' || p.employee_id
  UNION ALL
  SELECT 'delegations/' || d.delegation_id FROM delegations d JOIN persons p
    ON 'employees/' || p.employee_id IN (d.delegator, d.delegate) WHERE d.agency_id = $1
  UNION ALL
  SELECT 'employees/' || a.employee_id || '/assignments/' || a.assignment_id
  FROM assignments a JOIN fresh_units USING (unit_id)
  WHERE a.agency_id = $1 AND a.recorded_by <> $2 AND a.delete_time IS NULL
  UNION ALL
  SELECT 'employees/' || e.employee_id FROM employees e JOIN fresh_units USING (unit_id)
  WHERE e.agency_id = $1 AND e.recorded_by <> $2 AND e.delete_time IS NULL
  UNION ALL
  SELECT 'officials/' || o.official_id FROM officials o JOIN fresh_units USING (unit_id)
  WHERE o.agency_id = $1
  UNION ALL
  SELECT 'units/' || s.unit_id FROM unit_states s JOIN fresh_units f ON f.unit_id = s.parent_unit_id
  WHERE s.agency_id = $1 AND s.recorded_by <> $2)
SELECT resource, count(*) OVER () FROM blockers ORDER BY resource LIMIT 1)sql"};
// $3 who takes back: what was entered says so, what is restored says it in its reason and keeps
// who recorded it.
constexpr Statement kAssignments{"rollback_assignments", R"sql(
WITH RECURSIVE chain AS (
  SELECT employee_id, assignment_id, prior_version, recorded_by, version FROM assignments
  WHERE agency_id = $1 AND recorded_by = $2
  UNION ALL
  SELECT h.employee_id, h.assignment_id, h.prior_version, h.recorded_by, h.version
  FROM chain c JOIN assignments_history h ON h.agency_id = $1 AND h.employee_id = c.employee_id
    AND h.assignment_id = c.assignment_id AND h.version = c.prior_version
  WHERE c.recorded_by = $2),
earlier AS (
  SELECT h.* FROM chain c JOIN assignments_history h ON h.agency_id = $1
    AND h.employee_id = c.employee_id AND h.assignment_id = c.assignment_id AND h.version = c.version
  WHERE c.recorded_by <> $2),
restored AS (
  UPDATE assignments a SET unit_id = e.unit_id, position_title = e.position_title, kind = e.kind,
    leads_unit = e.leads_unit, start_date = e.start_date, end_date = e.end_date,
    decree_number = e.decree_number, share_percent = e.share_percent, recorded_by = e.recorded_by,
    reason = $3, prior_version = e.prior_version
  FROM earlier e WHERE a.agency_id = $1 AND a.employee_id = e.employee_id
    AND a.assignment_id = e.assignment_id
  RETURNING a.employee_id, a.assignment_id),
withdrawn AS (
  UPDATE assignments a SET delete_time = now(), recorded_by = $3, reason = ''
  WHERE a.agency_id = $1 AND a.recorded_by = $2 AND NOT EXISTS (
    SELECT FROM earlier e WHERE e.employee_id = a.employee_id AND e.assignment_id = a.assignment_id)
  RETURNING a.employee_id, a.assignment_id)
SELECT 'employees/' || employee_id || '/assignments/' || assignment_id
FROM (SELECT * FROM restored UNION ALL SELECT * FROM withdrawn) t)sql"};
constexpr Statement kWithdrawEmployees{"rollback_withdraw_employees", R"sql(
WITH RECURSIVE chain AS (
  SELECT employee_id, prior_version, recorded_by FROM employees
  WHERE agency_id = $1 AND recorded_by = $2
  UNION ALL
  SELECT h.employee_id, h.prior_version, h.recorded_by FROM chain c JOIN employees_history h
    ON h.agency_id = $1 AND h.employee_id = c.employee_id AND h.version = c.prior_version
  WHERE c.recorded_by = $2)
UPDATE employees e SET delete_time = now(), recorded_by = $3, reason = ''
WHERE e.agency_id = $1 AND e.recorded_by = $2 AND NOT EXISTS (
  SELECT FROM chain c WHERE c.employee_id = e.employee_id AND c.recorded_by <> $2)
RETURNING 'employees/' || employee_id)sql"};
constexpr Statement kRestoreEmployees{"rollback_restore_employees", R"sql(
WITH RECURSIVE chain AS (
  SELECT employee_id, prior_version, recorded_by, version FROM employees
  WHERE agency_id = $1 AND recorded_by = $2
  UNION ALL
  SELECT h.employee_id, h.prior_version, h.recorded_by, h.version FROM chain c
  JOIN employees_history h
    ON h.agency_id = $1 AND h.employee_id = c.employee_id AND h.version = c.prior_version
  WHERE c.recorded_by = $2)
UPDATE employees e SET nip = h.nip, full_name = h.full_name, title_before = h.title_before,
  title_after = h.title_after, birth_date = h.birth_date, kind = h.kind,
  position_kind = h.position_kind, position_title = h.position_title, unit_id = h.unit_id,
  echelon = h.echelon, grade = h.grade, legal_status = h.legal_status,
  education_level = h.education_level, position_start_date = h.position_start_date,
  external_id = h.external_id, email = h.email, recorded_by = h.recorded_by, reason = $3,
  prior_version = h.prior_version
FROM chain c JOIN employees_history h
  ON h.agency_id = $1 AND h.employee_id = c.employee_id AND h.version = c.version
WHERE c.recorded_by <> $2 AND e.agency_id = $1 AND e.employee_id = c.employee_id
RETURNING 'employees/' || e.employee_id)sql"};
constexpr Statement kUnits{"rollback_units", R"sql(
WITH RECURSIVE chain AS (
  SELECT unit_id, start_date, create_time, prior_version, recorded_by, version FROM unit_states
  WHERE agency_id = $1 AND recorded_by = $2
  UNION ALL
  SELECT h.unit_id, h.start_date, h.create_time, h.prior_version, h.recorded_by, h.version
  FROM chain c JOIN unit_states_history h ON h.agency_id = $1 AND h.unit_id = c.unit_id
    AND h.start_date = c.start_date AND h.create_time = c.create_time
    AND h.version = c.prior_version
  WHERE c.recorded_by = $2),
earlier AS (
  SELECT h.* FROM chain c JOIN unit_states_history h ON h.agency_id = $1 AND h.unit_id = c.unit_id
    AND h.start_date = c.start_date AND h.create_time = c.create_time AND h.version = c.version
  WHERE c.recorded_by <> $2),
restored AS (
  UPDATE unit_states s SET end_date = e.end_date, display_name = e.display_name,
    parent_unit_id = e.parent_unit_id, without_head = e.without_head, abolished = e.abolished,
    recorded_by = e.recorded_by, reason = $3, prior_version = e.prior_version
  FROM earlier e WHERE s.agency_id = $1 AND s.unit_id = e.unit_id AND s.start_date = e.start_date
  RETURNING s.unit_id),
removed AS (
  DELETE FROM unit_states s WHERE s.agency_id = $1 AND s.recorded_by = $2 AND NOT EXISTS (
    SELECT FROM earlier e WHERE e.unit_id = s.unit_id AND e.start_date = s.start_date)
  RETURNING s.unit_id),
touched AS (
  UPDATE units u SET version = version + 1, update_time = now() WHERE u.agency_id = $1
    AND u.unit_id IN (SELECT unit_id FROM restored UNION SELECT unit_id FROM removed))
SELECT DISTINCT 'units/' || unit_id
FROM (SELECT * FROM restored UNION ALL SELECT * FROM removed) t)sql"};

}  // namespace

ImportRollback::ImportRollback(postgres::Transaction& tx, const ImportJobKey& key)
    : tx_(tx), key_(key), by_("importJobs/" + key.job) {}

absl::Status ImportRollback::Check() const {
  tx_.Exec(kLock, key_.agency.value(), by_);
  const pqxx::result rows = tx_.Exec(kChangedSince, key_.agency.value(), by_);
  if (rows.empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::IMPORT_CHANGED_SINCE,
                                    "Later changes stand on what the import entered.")
      .With("resource", kAgencyName.Format({key_.agency.value()}) + "/" + rows[0][0].c_str())
      .With("count", rows[0][1].c_str());
}

std::vector<std::string> ImportRollback::Run() {
  std::vector<std::string> resources;
  const auto run = [&](const Statement& statement) {
    for (const pqxx::row& row : tx_.Exec(statement, key_.agency.value(), by_, by_ + "/rollback")) {
      resources.push_back(row[0].c_str());
    }
  };
  run(kAssignments);
  // In this order, so that a number that the import gave to somebody new is free again.
  run(kWithdrawEmployees);
  run(kRestoreEmployees);
  run(kUnits);
  return resources;
}

}  // namespace teraju::identity
