#include "services/identity/store/import_store.h"

#include <array>
#include <charconv>
#include <utility>

namespace teraju::identity {
namespace {

using postgres::Statement;

// From so many rows on, the tables themselves are analysed: large imports then wait for one
// another, small ones do not.
constexpr std::size_t kMany = 1000;
constexpr int kKeysAtOnce = 5000;
constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr std::array<const char*, 19> kEmployeeColumns = {"agency_id",
                                                          "employee_id",
                                                          "nip",
                                                          "full_name",
                                                          "title_before",
                                                          "title_after",
                                                          "birth_date",
                                                          "kind",
                                                          "position_kind",
                                                          "position_title",
                                                          "unit_id",
                                                          "echelon",
                                                          "grade",
                                                          "legal_status",
                                                          "education_level",
                                                          "position_start_date",
                                                          "external_id",
                                                          "email",
                                                          "recorded_by"};

constexpr char kCreateStagedEmployees[] =
    "CREATE TEMPORARY TABLE staged_employees (row_no bigint, employee_id uuid, nip text "
    "COLLATE \"C\", "
    "external_id text COLLATE \"C\", full_name text, title_before text, title_after text, "
    "birth_date date, kind text, "
    "position_kind text, position_title text, unit_id text COLLATE \"C\", echelon text, grade "
    "text, legal_status text, "
    "education_level text, position_start_date date, email text) ON COMMIT DROP";
constexpr char kCreateStagedAssignments[] =
    "CREATE TEMPORARY TABLE staged_assignments (row_no bigint, line_no bigint, new_id uuid, nip "
    "text COLLATE \"C\", "
    "unit_id text COLLATE \"C\", position_title text, kind text, leads_unit boolean, start_date "
    "date, end_date text, "
    "decree_number text) ON COMMIT DROP";

constexpr Statement kNips{"import_nips",
                          "SELECT nip FROM employees WHERE agency_id = $1 AND delete_time IS NULL"};
constexpr Statement kKeys{
    "import_keys",
    "SELECT employee_id, nip, coalesce(external_id, '') FROM employees "
    "WHERE agency_id = $1 AND employee_id > $2 AND delete_time IS NULL ORDER BY employee_id LIMIT "
    "$3"};
constexpr Statement kInsertAccounts{
    "import_insert_accounts",
    "INSERT INTO accounts (agency_id, subject) SELECT $1, 'employees/' || id FROM "
    "unnest($2::text[]) AS i(id)"};
constexpr Statement kUpdateEmployees{
    "import_update_employees",
    "WITH wanted AS (SELECT e.employee_id, s.nip, s.full_name, "
    "  coalesce(nullif(s.title_before, ''), e.title_before) AS title_before, "
    "  coalesce(nullif(s.title_after, ''), e.title_after) AS title_after, s.birth_date, s.kind, "
    "s.position_kind, "
    "  s.position_title, s.unit_id, CASE WHEN s.position_kind <> 'STRUCTURAL' THEN '' "
    "  ELSE coalesce(nullif(s.echelon, ''), e.echelon) END AS echelon, coalesce(nullif(s.grade, "
    "''), e.grade) AS grade, "
    "  coalesce(nullif(s.legal_status, ''), e.legal_status) AS legal_status, "
    "  coalesce(nullif(s.education_level, ''), e.education_level) AS education_level, "
    "s.position_start_date, "
    "  coalesce(nullif(s.external_id, ''), e.external_id) AS external_id, coalesce(nullif(s.email, "
    "''), e.email) AS email "
    "  FROM (SELECT * FROM staged_employees WHERE row_no BETWEEN $3 AND $4) s "
    "  JOIN employees e ON e.agency_id = $1 AND e.employee_id = s.employee_id) "
    "UPDATE employees e SET recorded_by = $2, reason = '', nip = w.nip, full_name = "
    "w.full_name, title_before = "
    "w.title_before, "
    "  title_after = w.title_after, birth_date = w.birth_date, kind = w.kind, position_kind = "
    "w.position_kind, "
    "  position_title = w.position_title, unit_id = w.unit_id, echelon = w.echelon, grade = "
    "w.grade, "
    "  legal_status = w.legal_status, education_level = w.education_level, "
    "  position_start_date = w.position_start_date, external_id = w.external_id, email = w.email "
    "  FROM wanted w WHERE e.agency_id = $1 AND e.employee_id = w.employee_id AND "
    "  (e.nip, e.full_name, e.title_before, e.title_after, e.birth_date, e.kind, e.position_kind, "
    "e.position_title, "
    "   e.unit_id, e.echelon, e.grade, e.legal_status, e.education_level, e.position_start_date, "
    "e.external_id, e.email) "
    "  IS DISTINCT FROM "
    "  (w.nip, w.full_name, w.title_before, w.title_after, w.birth_date, w.kind, w.position_kind, "
    "w.position_title, "
    "   w.unit_id, w.echelon, w.grade, w.legal_status, w.education_level, w.position_start_date, "
    "w.external_id, w.email) "
    "RETURNING e.employee_id"};
constexpr Statement kLockPersons{
    "import_lock_persons",
    "SELECT count(*) FROM (SELECT 1 FROM employees WHERE agency_id = $1 AND delete_time IS NULL "
    "AND nip IN (SELECT nip FROM staged_assignments) ORDER BY employee_id FOR NO KEY UPDATE) l"};
constexpr Statement kRefuseAssignments{
    "import_refuse_assignments",
    "DELETE FROM staged_assignments s USING employees e, assignments a WHERE e.agency_id = $1 AND "
    "e.delete_time IS NULL AND "
    "e.nip = s.nip "
    "AND a.agency_id = $1 AND a.employee_id = e.employee_id AND a.delete_time IS NULL AND a.kind = "
    "'DEFINITIVE' AND s.kind = "
    "'DEFINITIVE' "
    "AND (a.unit_id, a.start_date) <> (s.unit_id, s.start_date) "
    "AND daterange(a.start_date, a.end_date, '[]') && daterange(s.start_date, nullif(s.end_date, "
    "'')::date, '[]') "
    "AND NOT EXISTS (SELECT 1 FROM staged_assignments o WHERE o.nip = s.nip AND o.kind = "
    "'DEFINITIVE' "
    "  AND o.unit_id = a.unit_id AND o.start_date = a.start_date) RETURNING s.row_no, s.line_no"};
constexpr Statement kMergeAssignments{
    "import_merge_assignments",
    "INSERT INTO assignments AS a (agency_id, employee_id, assignment_id, unit_id, position_title, "
    "kind, leads_unit, "
    "start_date, end_date, decree_number, recorded_by) "
    "SELECT $1, e.employee_id, s.new_id, s.unit_id, s.position_title, s.kind, s.leads_unit, "
    "s.start_date, "
    "nullif(s.end_date, '')::date, s.decree_number, $2 "
    "FROM (SELECT * FROM staged_assignments WHERE row_no BETWEEN $3 AND $4) s JOIN employees e ON "
    "e.agency_id = $1 AND e.delete_time IS NULL AND "
    "e.nip = s.nip "
    "ON CONFLICT (agency_id, employee_id, kind, unit_id, start_date) WHERE delete_time IS NULL "
    "DO UPDATE SET recorded_by = $2, reason = '', position_title = excluded.position_title, "
    "leads_unit = excluded.leads_unit, end_date = excluded.end_date, decree_number = "
    "excluded.decree_number "
    "WHERE (a.position_title, a.leads_unit, a.end_date, a.decree_number) IS DISTINCT FROM "
    "(excluded.position_title, excluded.leads_unit, excluded.end_date, excluded.decree_number) "
    "RETURNING a.employee_id, a.assignment_id"};

std::vector<RefusedRow> ToRefused(const pqxx::result& rows) {
  std::vector<RefusedRow> refused;
  for (const pqxx::row& row : rows)
    refused.push_back({row[0].as<std::int64_t>(), row[1].as<std::int64_t>()});
  return refused;
}

}  // namespace

// Tables that were filled a moment ago have no statistics, and a plan for a few rows takes minutes
// over thousands.
void ImportStore::Analyze(std::string_view staging, std::string_view tables) {
  tx_.raw().exec("ANALYZE " + std::string(staging));
  if (staged_ >= kMany) tx_.raw().exec("ANALYZE " + std::string(tables));
}

absl::flat_hash_set<std::uint64_t> ImportStore::Nips() const {
  absl::flat_hash_set<std::uint64_t> nips;
  const pqxx::result rows = tx_.Exec(kNips, agency_.value());
  nips.reserve(rows.size());
  for (const pqxx::row& row : rows) {
    std::uint64_t nip = 0;
    std::from_chars(row[0].c_str(), row[0].c_str() + row[0].size(), nip);
    nips.insert(nip);
  }
  return nips;
}

domain::EmployeeKeys ImportStore::Keys() const {
  domain::EmployeeKeys keys;
  std::string after(kFirstId);
  for (;;) {
    const pqxx::result rows = tx_.Exec(kKeys, agency_.value(), after, kKeysAtOnce);
    if (rows.empty()) return keys;
    for (const pqxx::row& row : rows)
      keys.AddStored(domain::PersonKey::Of(row[0].c_str()), row[1].c_str(), row[2].c_str());
    after = rows[rows.size() - 1][0].c_str();
  }
}

void ImportStore::BeginEmployees() { tx_.raw().exec(kCreateStagedEmployees); }

void ImportStore::Insert(const domain::EmployeeRow& row) {
  if (!inserts_) inserts_.emplace(tx_.raw(), "employees", kEmployeeColumns);
  const v1::Employee& employee = row.employee;
  const auto or_null = [](const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
  };
  const std::string& id = inserted_.emplace_back(NewUuid7(now_));
  const std::string birth_date = *postgres::ToText(employee.birth_date());
  const std::string position_start_date = *postgres::ToText(employee.position_start_date());
  *inserts_ << std::array<const char*, kEmployeeColumns.size()>{
      agency_.value().c_str(),
      id.c_str(),
      employee.nip().c_str(),
      employee.full_name().c_str(),
      employee.title_before().c_str(),
      employee.title_after().c_str(),
      birth_date.c_str(),
      v1::Employee::Kind_Name(employee.kind()).c_str(),
      v1::Employee::PositionKind_Name(employee.position_kind()).c_str(),
      employee.position_title().c_str(),
      row.unit_id.c_str(),
      employee.echelon().c_str(),
      employee.grade().c_str(),
      employee.legal_status().c_str(),
      employee.education_level().c_str(),
      position_start_date.c_str(),
      or_null(employee.external_id()),
      or_null(employee.email()),
      by_.c_str()};
}

std::vector<std::string> ImportStore::FinishInserts() {
  if (!inserts_) return {};
  inserts_->complete();
  inserts_.reset();
  tx_.Exec(kInsertAccounts, agency_.value(), postgres::ToArray(inserted_));
  return std::exchange(inserted_, {});
}

void ImportStore::Stage(const std::vector<StagedEmployee>& rows) {
  if (rows.empty()) return;
  staged_ += rows.size();
  last_row_ = rows.back().number;
  pqxx::stream_to copy(tx_.raw(), "staged_employees");
  for (const auto& [row, number, id] : rows) {
    const v1::Employee& employee = row.employee;
    copy << std::array<std::string, 18>{std::to_string(number),
                                        id.ToUuid(),
                                        employee.nip(),
                                        employee.external_id(),
                                        employee.full_name(),
                                        employee.title_before(),
                                        employee.title_after(),
                                        *postgres::ToText(employee.birth_date()),
                                        v1::Employee::Kind_Name(employee.kind()),
                                        v1::Employee::PositionKind_Name(employee.position_kind()),
                                        employee.position_title(),
                                        row.unit_id,
                                        employee.echelon(),
                                        employee.grade(),
                                        employee.legal_status(),
                                        employee.education_level(),
                                        *postgres::ToText(employee.position_start_date()),
                                        employee.email()};
  }
  copy.complete();
}

std::vector<std::string> ImportStore::UpdateEmployees(std::int64_t from, std::int64_t to) {
  std::vector<std::string> changed;
  for (const pqxx::row& row : tx_.Exec(kUpdateEmployees, agency_.value(), by_, from, to))
    changed.emplace_back(row[0].c_str());
  return changed;
}

void ImportStore::BeginAssignments() { tx_.raw().exec(kCreateStagedAssignments); }

void ImportStore::Stage(const std::vector<StagedAssignment>& rows) {
  staged_ += rows.size();
  if (!rows.empty()) last_row_ = rows.back().number;
  pqxx::stream_to copy(tx_.raw(), "staged_assignments");
  for (const StagedAssignment& staged : rows) {
    const v1::Assignment& assignment = staged.row.assignment;
    copy << std::array<std::string, 11>{std::to_string(staged.number),
                                        std::to_string(staged.line),
                                        NewUuid7(now_),
                                        staged.row.nip,
                                        staged.row.unit_id,
                                        assignment.position_title(),
                                        v1::Assignment::Kind_Name(assignment.kind()),
                                        assignment.leads_unit() ? "t" : "f",
                                        *postgres::ToText(assignment.start_date()),
                                        postgres::ToText(assignment.end_date()).value_or(""),
                                        assignment.decree_number()};
  }
  copy.complete();
}

std::vector<RefusedRow> ImportStore::RefuseOverlappingAssignments() {
  Analyze("staged_assignments", "employees, assignments");
  tx_.Exec(kLockPersons, agency_.value());
  return ToRefused(tx_.Exec(kRefuseAssignments, agency_.value()));
}

std::vector<std::string> ImportStore::MergeAssignments(std::int64_t from, std::int64_t to) {
  std::vector<std::string> changed;
  for (const pqxx::row& row : tx_.Exec(kMergeAssignments, agency_.value(), by_, from, to)) {
    changed.push_back(std::string(row[0].c_str()) + "/assignments/" + row[1].c_str());
  }
  // Who reads the lines next finds a table that has grown.
  if (staged_ >= kMany && to >= last_row_) tx_.raw().exec("ANALYZE assignments");
  return changed;
}

}  // namespace teraju::identity
