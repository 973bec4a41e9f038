// Rows of the SIASN "Export Data ASN": which are accepted, with which warning, as whom.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "services/identity/domain/import_row.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity::domain {

// An accepted row. `employee.unit` is left empty: the row names the unit by its id.
struct EmployeeRow {
  v1::Employee employee;
  std::string unit_id;
};

class EmployeeRows {
 public:
  // The 69 columns of the export; seven of them are required.
  static const Columns::Layout& Layout();

  // `unit_exists` answers whether the tree has a unit id.
  EmployeeRows(Columns columns, std::function<bool(std::string_view)> unit_exists);

  // Judges the next row, in this order: cell count, required columns, NIP, required dates,
  // formulas, unit, duplicate; then warnings, of which the first is reported. Fills `row` unless
  // the verdict is a refusal.
  Verdict Judge(const csv::Record& record, EmployeeRow& row);

 private:
  Verdict JudgeText(const csv::Record& record, Verdict& warning) const;
  void Fill(const csv::Record& record, EmployeeRow& row) const;

  Columns columns_;
  std::function<bool(std::string_view)> unit_exists_;
  absl::flat_hash_set<std::uint64_t> accepted_;
};

}  // namespace teraju::identity::domain
