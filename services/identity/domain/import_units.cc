#include "services/identity/domain/import_units.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/identity/domain/text.h"

namespace teraju::identity::domain {
namespace {

constexpr std::string_view kId = "ID";
constexpr std::string_view kUnitName = "NAMA UNOR";
constexpr std::string_view kParent = "ID ATASAN";
constexpr std::size_t kMaxId = 63;

bool IsResourceId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

}  // namespace

const Columns::Layout& UnitRows::Layout() {
  static const auto* const layout =
      new Columns::Layout{{kId, kUnitName, kParent}, {kId, kUnitName}};
  return *layout;
}

void UnitRows::Add(const csv::Record& record) {
  JudgedUnit judged{{}, record.row, record.line, {}};
  Verdict warning;
  judged.verdict = CheckShape(record, columns_, warning);
  if (!judged.verdict.rejected()) {
    judged.unit = {std::string(CellOf(record, columns_, kId)),
                   CollapseSpace(CellOf(record, columns_, kUnitName)),
                   std::string(CellOf(record, columns_, kParent))};
    judged.verdict = warning;
    const auto reject = [&](std::string_view code, std::string_view column) {
      judged.verdict = Rejected(code, columns_.name(columns_.Find(column)));
    };
    if (!IsResourceId(judged.unit.id)) {
      reject("UNIT_ID_INVALID", kId);
    } else if (csv::LooksLikeFormula(judged.unit.display_name)) {
      reject("FORMULA_TEXT", kUnitName);
    } else if (judged.unit.display_name.size() > kMaxImportedText) {
      reject("TEXT_TOO_LONG", kUnitName);
    } else if (!accepted_.emplace(judged.unit.id, rows_.size()).second) {
      reject("UNIT_DUPLICATE", kId);
    }
  }
  rows_.push_back(std::move(judged));
}

std::vector<JudgedUnit> UnitRows::Judge(const ParentMap& stored,
                                        const absl::flat_hash_set<std::string>& abolished) && {
  for (JudgedUnit& row : rows_) {
    if (row.verdict.rejected() || !abolished.contains(row.unit.id)) continue;
    row.verdict = Rejected("UNIT_ABOLISHED", columns_.name(columns_.Find(kId)));
    accepted_.erase(row.unit.id);
  }
  ParentMap tree = stored;
  for (const auto& [id, index] : accepted_) tree[id] = rows_[index].unit.parent;
  const int parent_column = columns_.Find(kParent);
  const std::string column = parent_column < 0 ? std::string() : columns_.name(parent_column);
  // A refused row falls back to what is stored: repeat until nothing more falls.
  for (bool changed = true; changed;) {
    changed = false;
    for (JudgedUnit& row : rows_) {
      const auto mine = accepted_.find(row.unit.id);
      if (row.verdict.rejected() || mine == accepted_.end()) continue;
      const std::string& parent = row.unit.parent;
      const bool unknown =
          !parent.empty() && (!tree.contains(parent) || abolished.contains(parent));
      if (!unknown && !MakesCycle(tree, row.unit.id, parent)) continue;
      row.verdict = Rejected(unknown ? "UNIT_PARENT_UNKNOWN" : "UNIT_TREE_CYCLE", column);
      accepted_.erase(mine);
      changed = true;
    }
    // All rows of one cycle are refused in one pass, before any of them falls back.
    for (const JudgedUnit& row : rows_) {
      if (!row.verdict.rejected() || accepted_.contains(row.unit.id)) continue;
      const auto before = stored.find(row.unit.id);
      if (before == stored.end()) {
        tree.erase(row.unit.id);
      } else {
        tree[row.unit.id] = before->second;
      }
    }
  }
  return std::move(rows_);
}

bool MakesCycle(const ParentMap& tree, const std::string& unit, const std::string& parent) {
  const std::string* at = &parent;
  for (std::size_t steps = 0; steps <= tree.size(); ++steps) {
    if (at->empty()) return false;
    if (*at == unit) return true;
    const auto next = tree.find(*at);
    if (next == tree.end()) return false;
    at = &next->second;
  }
  return false;  // a cycle above that this unit is no part of
}

}  // namespace teraju::identity::domain
