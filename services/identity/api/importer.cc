#include "services/identity/api/importer.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/commit_records.h"
#include "services/identity/domain/import_units.h"
#include "services/identity/domain/nip.h"
#include "services/identity/store/names.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using domain::Verdict;

constexpr std::int64_t kRowsAtOnce = 50'000;

// Counts the verdict, and keeps it unless the row was simply accepted.
void Note(ImportOutcome& outcome, std::int64_t row, std::int64_t line, const Verdict& verdict) {
  v1::ImportFile& file = outcome.file;
  file.set_rows(file.rows() + 1);
  if (verdict.rejected()) {
    file.set_rejected(file.rejected() + 1);
  } else if (verdict.code.empty()) {
    file.set_accepted(file.accepted() + 1);
    return;
  } else {
    file.set_accepted_with_warning(file.accepted_with_warning() + 1);
  }
  v1::ImportRowResult& result = outcome.results.emplace_back();
  result.set_kind(file.kind());
  result.set_row(row);
  result.set_line(line);
  result.set_verdict(verdict.rejected() ? v1::ImportRowResult::REJECTED
                                        : v1::ImportRowResult::ACCEPTED_WITH_WARNING);
  result.set_code(std::string(verdict.code));
  result.set_column(verdict.column);
  result.set_value(verdict.value);
}

// Turns rows that were accepted into refusals by the stored data.
void Refuse(ImportOutcome& outcome,
            const std::vector<RefusedRow>& refused,
            std::string_view code,
            const std::string& column) {
  v1::ImportFile& file = outcome.file;
  absl::flat_hash_map<std::int64_t, std::int64_t> lines;
  for (const RefusedRow& row : refused) lines.emplace(row.row, row.line);
  std::erase_if(outcome.results, [&](const v1::ImportRowResult& result) {
    if (!lines.contains(result.row())) return false;
    file.set_accepted_with_warning(file.accepted_with_warning() - 1);
    file.set_accepted(file.accepted() + 1);  // taken off again below
    return true;
  });
  for (const auto& [row, line] : lines) {
    file.set_accepted(file.accepted() - 1);
    file.set_rows(file.rows() - 1);
    Note(outcome, row, line, domain::Rejected(code, column));
  }
  std::sort(outcome.results.begin(), outcome.results.end(), [](const auto& a, const auto& b) {
    return a.row() < b.row();
  });
}

void SetUnchanged(ImportOutcome& outcome, std::size_t changed) {
  v1::ImportFile& file = outcome.file;
  file.set_unchanged(file.accepted() + file.accepted_with_warning() -
                     static_cast<std::int64_t>(changed));
}

absl::Status HeaderMissing(std::string_view kind) {
  return errors::InvalidArgument(v1::IMPORT_HEADER_INVALID, "The file is empty.")
      .With("kind", kind)
      .With("columns", "*");
}

}  // namespace

// Written at once and not at the end: there may be a million.
void Importer::Tell(std::string_view collection,
                    const std::vector<std::string>& ids,
                    const std::string& type) {
  const std::string prefix =
      kAgencyName.Format({key_.agency.value()}) + "/" + std::string(collection);
  std::vector<postgres::Event> events;
  events.reserve(ids.size());
  for (const std::string& id : ids) {
    events.push_back(
        {.agency = key_.agency.value(), .resource = prefix + id, .type = type, .payload = ""});
  }
  postgres::WriteEvents(tx_, events);
}

// A file says nothing of days on which units were called or placed otherwise: any state counts, the
// latest last.
std::vector<domain::UnitState> Importer::AllStates() const {
  std::vector<domain::UnitState> states =
      UnitStore(tx_).Tree(key_.agency, absl::CivilDay::min(), absl::CivilDay::max());
  std::sort(
      states.begin(), states.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return states;
}

absl::Status Importer::Read(ImportOutcome& outcome,
                            Records header,
                            Records row,
                            absl::FunctionRef<void()> flush) {
  csv::Reader reader(domain::RecordTooLong);
  const auto sink = [&](const csv::Record& record) {
    return record.row == 0 ? header(record) : row(record);
  };
  const ImportJobStore store(tx_);
  for (int number = 0;; ++number) {
    const auto chunk = store.ReadChunk(key_, outcome.file.kind(), number);
    if (!chunk) break;
    RETURN_IF_ERROR(reader.Feed(*chunk, sink));
    flush();
  }
  RETURN_IF_ERROR(reader.Finish(sink));
  flush();
  const csv::Dialect& dialect = reader.dialect();
  outcome.file.set_delimiter(std::string(1, dialect.delimiter));
  outcome.file.set_byte_order_mark(dialect.byte_order_mark);
  outcome.file.set_line_ends(dialect.crlf ? "CRLF" : "LF");
  return absl::OkStatus();
}

absl::Status Importer::ImportUnits(ImportOutcome& outcome) {
  std::optional<domain::UnitRows> units;
  const auto header = [&](const csv::Record& record) -> absl::Status {
    ASSIGN_OR_RETURN(const auto columns,
                     domain::Columns::Parse(record, domain::UnitRows::Layout(), "units"));
    for (const std::string& column : columns.unknown()) outcome.file.add_unknown_columns(column);
    units.emplace(columns);
    return absl::OkStatus();
  };
  const auto row = [&](const csv::Record& record) {
    units->Add(record);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Read(outcome, header, row, [] {}));
  if (!units) return HeaderMissing("units");
  UnitStore store(tx_);
  domain::ParentMap stored;
  absl::flat_hash_set<std::string> abolished;
  for (const domain::UnitState& unit : store.Tree(key_.agency, today_, today_)) {
    stored[unit.id] = unit.parent;
    if (unit.abolished) abolished.insert(unit.id);
  }
  std::vector<domain::UnitRow> accepted;
  for (domain::JudgedUnit& judged : std::move(*units).Judge(stored, abolished)) {
    Note(outcome, judged.row, judged.line, judged.verdict);
    if (!judged.verdict.rejected()) accepted.push_back(std::move(judged.unit));
  }
  const std::vector<std::string> changed =
      store.Merge(key_.agency, accepted, today_, "importJobs/" + key_.job);
  RETURN_IF_ERROR(store.CheckTree(key_.agency, changed));
  Tell("units/", changed, "unit.changed");
  SetUnchanged(outcome, changed.size());
  return absl::OkStatus();
}

absl::Status Importer::ImportEmployees(ImportOutcome& outcome) {
  absl::flat_hash_set<std::string> units;
  for (domain::UnitState& unit : AllStates()) units.insert(std::move(unit.id));
  ImportStore store(tx_, key_.agency, "importJobs/" + key_.job, now_);
  store.BeginEmployees();
  domain::EmployeeKeys keys = store.Keys();
  std::optional<domain::EmployeeRows> rules;
  std::vector<StagedEmployee> known;
  std::size_t changed = 0;
  std::string key_column;
  const auto header = [&](const csv::Record& record) -> absl::Status {
    ASSIGN_OR_RETURN(const auto columns,
                     domain::Columns::Parse(record, domain::EmployeeRows::Layout(), "employees"));
    for (const std::string& column : columns.unknown()) outcome.file.add_unknown_columns(column);
    const int key = columns.Find("PNS ID");
    if (key >= 0) key_column = columns.name(key);
    rules.emplace(columns,
                  [&units](std::string_view id) { return units.contains(std::string(id)); });
    return absl::OkStatus();
  };
  const auto row = [&](const csv::Record& record) {
    StagedEmployee read{{}, record.row, {}};
    Verdict verdict = rules->Judge(record, read.row);
    domain::EmployeeMatch match;
    if (!verdict.rejected()) {
      match = keys.Match(read.row.employee.nip(), read.row.employee.external_id());
      if (match.kind == domain::EmployeeMatch::Kind::kConflict)
        verdict = domain::Rejected("EMPLOYEE_CONFLICT", key_column);
    }
    Note(outcome, record.row, record.line, verdict);
    if (verdict.rejected()) return absl::OkStatus();
    if (match.kind == domain::EmployeeMatch::Kind::kNew) {
      store.Insert(read.row);
    } else {
      read.employee = match.employee;
      known.push_back(std::move(read));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Read(outcome, header, row, [&] {
    const std::vector<std::string> created = store.FinishInserts();
    Tell("employees/", created, "employee.created");
    changed += created.size();
    store.Stage(known);
    known.clear();
  }));
  if (!rules) return HeaderMissing("employees");
  for (std::int64_t from = 1; from <= store.last_row(); from += kRowsAtOnce) {
    const std::vector<std::string> updated = store.UpdateEmployees(from, from + kRowsAtOnce - 1);
    Tell("employees/", updated, "employee.changed");
    changed += updated.size();
  }
  SetUnchanged(outcome, changed);
  return absl::OkStatus();
}

absl::Status Importer::ImportAssignments(ImportOutcome& outcome) {
  absl::flat_hash_map<std::string, std::string> units;
  for (domain::UnitState& unit : AllStates()) {
    units.insert_or_assign(std::move(unit.id), std::move(unit.display_name));
  }
  ImportStore store(tx_, key_.agency, "importJobs/" + key_.job, now_);
  const absl::flat_hash_set<std::uint64_t> nips = store.Nips();
  store.BeginAssignments();
  std::optional<domain::AssignmentRows> rules;
  std::vector<StagedAssignment> accepted;
  std::string start_column;
  const auto header = [&](const csv::Record& record) -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto columns,
        domain::Columns::Parse(record, domain::AssignmentRows::Layout(), "assignments"));
    for (const std::string& column : columns.unknown()) outcome.file.add_unknown_columns(column);
    start_column = columns.name(columns.Find("TMT MULAI"));
    rules.emplace(
        columns,
        [&units](std::string_view id) {
          const auto found = units.find(std::string(id));
          return found == units.end() ? nullptr : &found->second;
        },
        [&nips](const domain::Nip& nip) { return nips.contains(nip.number()); });
    return absl::OkStatus();
  };
  const auto row = [&](const csv::Record& record) {
    StagedAssignment staged{{}, record.row, record.line};
    const Verdict verdict = rules->Judge(record, staged.row);
    Note(outcome, record.row, record.line, verdict);
    if (!verdict.rejected()) accepted.push_back(std::move(staged));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Read(outcome, header, row, [&] {
    store.Stage(accepted);
    accepted.clear();
  }));
  if (!rules) return HeaderMissing("assignments");
  Refuse(outcome, store.RefuseOverlappingAssignments(), "ASSIGNMENT_OVERLAP", start_column);
  std::size_t changed = 0;
  for (std::int64_t from = 1; from <= store.last_row(); from += kRowsAtOnce) {
    const auto merged = store.MergeAssignments(from, from + kRowsAtOnce - 1);
    Tell("employees/", merged, "assignment.changed");
    changed += merged.size();
  }
  SetUnchanged(outcome, changed);
  return absl::OkStatus();
}

absl::StatusOr<ImportOutcome> Importer::Import(const v1::ImportFile& file) {
  ImportOutcome outcome;
  outcome.file.set_kind(file.kind());
  outcome.file.set_size_bytes(file.size_bytes());
  outcome.file.set_sha256(file.sha256());
  switch (file.kind()) {
    case v1::ImportFile::UNITS:
      RETURN_IF_ERROR(ImportUnits(outcome));
      return outcome;
    case v1::ImportFile::EMPLOYEES:
      RETURN_IF_ERROR(ImportEmployees(outcome));
      return outcome;
    case v1::ImportFile::ASSIGNMENTS:
      RETURN_IF_ERROR(ImportAssignments(outcome));
      return outcome;
    default:
      return absl::InternalError("a file of no kind");
  }
}

}  // namespace teraju::identity
