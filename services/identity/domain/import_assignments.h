// Rows of an assignment history: which are accepted, with which warning, for whom.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/civil_time.h"
#include "services/identity/domain/import_row.h"
#include "services/identity/domain/nip.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity::domain {

// An accepted row. `assignment.unit` is left empty: the row names the unit by its id, the person by
// NIP.
struct AssignmentRow {
  v1::Assignment assignment;
  std::string unit_id;
  std::string nip;
};

class AssignmentRows {
 public:
  static const Columns::Layout& Layout();

  // `unit_name` gives the name of a unit id, null when the tree has none; `employee_exists` answers
  // for a NIP.
  AssignmentRows(Columns columns,
                 std::function<const std::string*(std::string_view)> unit_name,
                 std::function<bool(const Nip&)> employee_exists);

  // Judges the next row, in this order: cell count, required columns, NIP, kind, dates, formulas,
  // unit, person, duplicate, another definitive post in an earlier row. Fills `row` unless the
  // verdict is a refusal.
  Verdict Judge(const csv::Record& record, AssignmentRow& row);

 private:
  using Interval = std::pair<absl::CivilDay, absl::CivilDay>;

  Verdict ReadDates(const csv::Record& record, AssignmentRow& row, Verdict& warning) const;
  Verdict JudgeText(const csv::Record& record, Verdict& warning) const;
  Verdict JudgeOverlap(const AssignmentRow& row);

  Columns columns_;
  std::function<const std::string*(std::string_view)> unit_name_;
  std::function<bool(const Nip&)> employee_exists_;
  absl::flat_hash_set<std::string> keys_;
  absl::flat_hash_map<std::uint64_t, std::vector<Interval>> definitive_;
};

// `D`, `PLT`, `PLH`, `PJ`, `TT`; KIND_UNSPECIFIED for anything else.
v1::Assignment::Kind ParseAssignmentKind(std::string_view code);

}  // namespace teraju::identity::domain
