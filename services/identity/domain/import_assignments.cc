#include "services/identity/domain/import_assignments.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/leadership.h"
#include "services/identity/domain/text.h"

namespace teraju::identity::domain {
namespace {

constexpr std::string_view kAssignedNip = "NIP";
constexpr std::string_view kAssignedUnit = "UNOR ID";
constexpr std::string_view kTitle = "JABATAN NAMA";
constexpr std::string_view kKind = "JENIS PENUGASAN";
constexpr std::string_view kStart = "TMT MULAI";
constexpr std::string_view kEnd = "TMT SELESAI";
constexpr std::string_view kDecree = "SK NOMOR";

}  // namespace

const Columns::Layout& AssignmentRows::Layout() {
  static const auto* const layout =
      new Columns::Layout{{kAssignedNip, kAssignedUnit, kTitle, kKind, kStart, kEnd, kDecree},
                          {kAssignedNip, kAssignedUnit, kTitle, kKind, kStart}};
  return *layout;
}

v1::Assignment::Kind ParseAssignmentKind(std::string_view code) {
  const std::string upper = ToUpper(code);
  if (upper == "D") return v1::Assignment::DEFINITIVE;
  if (upper == "PLT") return v1::Assignment::ACTING;
  if (upper == "PLH") return v1::Assignment::DAILY_ACTING;
  if (upper == "PJ") return v1::Assignment::APPOINTED_ACTING;
  if (upper == "TT") return v1::Assignment::ADDITIONAL;
  return v1::Assignment::KIND_UNSPECIFIED;
}

AssignmentRows::AssignmentRows(Columns columns,
                               std::function<const std::string*(std::string_view)> unit_name,
                               std::function<bool(const Nip&)> employee_exists)
    : columns_(std::move(columns)),
      unit_name_(std::move(unit_name)),
      employee_exists_(std::move(employee_exists)) {}

Verdict AssignmentRows::ReadDates(const csv::Record& record,
                                  AssignmentRow& row,
                                  Verdict& warning) const {
  const auto read = [&](std::string_view column, google::type::Date* date) -> Verdict {
    const std::string_view cell = CellOf(record, columns_, column);
    if (cell.empty()) return {};
    auto day = ParseDay(cell);
    const std::string& name = columns_.name(columns_.Find(column));
    if (!day) {
      day = ParseExcelSerial(cell);
      if (!day) return Rejected("DATE_INVALID", name);
      if (warning.code.empty()) warning = Warning("DATE_EXCEL_SERIAL", name, FormatDay(*day));
    }
    *date = ToDate(*day);
    return {};
  };
  if (Verdict verdict = read(kStart, row.assignment.mutable_start_date()); verdict.rejected())
    return verdict;
  if (CellOf(record, columns_, kEnd).empty()) return {};
  if (Verdict verdict = read(kEnd, row.assignment.mutable_end_date()); verdict.rejected())
    return verdict;
  if (*FromDate(row.assignment.end_date()) < *FromDate(row.assignment.start_date())) {
    return Rejected("DATE_ORDER", columns_.name(columns_.Find(kEnd)));
  }
  return {};
}

Verdict AssignmentRows::JudgeText(const csv::Record& record, Verdict& warning) const {
  for (const std::string_view column : {kTitle, kDecree}) {
    const std::string_view cell = CellOf(record, columns_, column);
    if (cell.empty()) continue;
    const std::string& name = columns_.name(columns_.Find(column));
    if (cell.size() > kMaxImportedText) return Rejected("TEXT_TOO_LONG", name);
    if (!csv::LooksLikeFormula(cell)) continue;
    if (column == kTitle) return Rejected("FORMULA_TEXT", name);
    if (warning.code.empty()) warning = Warning("FORMULA_TEXT", name, cell);
  }
  return {};
}

Verdict AssignmentRows::JudgeOverlap(const AssignmentRow& row) {
  if (row.assignment.kind() != v1::Assignment::DEFINITIVE) return {};
  Nip nip;
  NipFault fault;
  Nip::TryParse(row.nip, nip, fault);
  const Interval interval{*FromDate(row.assignment.start_date()),
                          FromDate(row.assignment.end_date()).value_or(absl::CivilDay::max())};
  std::vector<Interval>& others = definitive_[nip.number()];
  const bool overlaps = std::any_of(others.begin(), others.end(), [&](const Interval& other) {
    return other.first <= interval.second && interval.first <= other.second;
  });
  if (overlaps) return Rejected("ASSIGNMENT_OVERLAP", columns_.name(columns_.Find(kStart)));
  others.push_back(interval);
  return {};
}

Verdict AssignmentRows::Judge(const csv::Record& record, AssignmentRow& row) {
  Verdict warning;
  row = {};
  const auto reject = [&](std::string_view code, std::string_view column) {
    return Rejected(code, columns_.name(columns_.Find(column)));
  };
  if (Verdict verdict = CheckShape(record, columns_, warning); verdict.rejected()) return verdict;
  Nip nip;
  NipFault fault;
  if (!Nip::TryParse(CellOf(record, columns_, kAssignedNip), nip, fault))
    return reject(CodeOf(fault), kAssignedNip);
  row.nip = nip.value();
  const v1::Assignment::Kind kind = ParseAssignmentKind(CellOf(record, columns_, kKind));
  if (kind == v1::Assignment::KIND_UNSPECIFIED) return reject("ASSIGNMENT_KIND_UNKNOWN", kKind);
  if (Verdict verdict = ReadDates(record, row, warning); verdict.rejected()) return verdict;
  if (Verdict verdict = JudgeText(record, warning); verdict.rejected()) return verdict;
  row.unit_id = CellOf(record, columns_, kAssignedUnit);
  const std::string* unit_name = unit_name_(row.unit_id);
  if (unit_name == nullptr) return reject("UNOR_UNKNOWN", kAssignedUnit);
  if (!employee_exists_(nip)) return reject("EMPLOYEE_UNKNOWN", kAssignedNip);
  const std::string key = fmt::format("{}/{}/{}/{}",
                                      row.nip,
                                      row.unit_id,
                                      static_cast<int>(kind),
                                      FormatDay(*FromDate(row.assignment.start_date())));
  if (!keys_.insert(key).second) return reject("ASSIGNMENT_DUPLICATE", kAssignedNip);
  row.assignment.set_kind(kind);
  if (Verdict verdict = JudgeOverlap(row); verdict.rejected()) return verdict;
  row.assignment.set_position_title(CollapseSpace(CellOf(record, columns_, kTitle)));
  row.assignment.set_decree_number(CollapseSpace(CellOf(record, columns_, kDecree)));
  row.assignment.set_leads_unit(LeadsUnit(kind, row.assignment.position_title(), *unit_name));
  return warning;
}

}  // namespace teraju::identity::domain
