// Rows of a unit hierarchy ("HierarkiUnor"): parents may stand after their children, so the tree is
// judged as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/identity/domain/import_row.h"

namespace teraju::identity::domain {

struct UnitRow {
  std::string id;
  std::string display_name;
  std::string parent;  // empty: a root
};

// A row and what became of it.
struct JudgedUnit {
  UnitRow unit;
  std::int64_t row = 0;
  std::int64_t line = 0;
  Verdict verdict;
};

// Parent of each unit id; empty for roots.
using ParentMap = absl::flat_hash_map<std::string, std::string>;

class UnitRows {
 public:
  static const Columns::Layout& Layout();
  explicit UnitRows(Columns columns) : columns_(std::move(columns)) {}

  // First pass: one row by itself.
  void Add(const csv::Record& record);
  // Second pass, over the stored tree with the accepted rows laid on it: unknown parents and cycles
  // are refused, and with them what hangs below. So are the abolished units of the tree, as rows
  // and as parents. The verdicts in the order of the rows.
  std::vector<JudgedUnit> Judge(const ParentMap& stored,
                                const absl::flat_hash_set<std::string>& abolished = {}) &&;

 private:
  Columns columns_;
  std::vector<JudgedUnit> rows_;
  absl::flat_hash_map<std::string, std::size_t> accepted_;
};

// Whether placing `unit` under `parent` would make it stand under itself.
bool MakesCycle(const ParentMap& tree, const std::string& unit, const std::string& parent);

}  // namespace teraju::identity::domain
