#include "services/identity/domain/unit_tree.h"

#include <set>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace teraju::identity::domain {
namespace {

using StatesOf = absl::flat_hash_map<std::string, std::vector<const UnitState*>>;

const UnitState* On(const StatesOf& units, const std::string& unit, absl::CivilDay day) {
  const auto found = units.find(unit);
  if (found == units.end()) return nullptr;
  for (const UnitState* state : found->second) {
    if (state->first <= day && day <= state->last) return state;
  }
  return nullptr;
}

bool StandsUnderItself(const StatesOf& units, const std::string& unit, absl::CivilDay day) {
  const UnitState* at = On(units, unit, day);
  for (std::size_t steps = 0; at != nullptr && steps <= units.size(); ++steps) {
    if (at->parent == unit) return true;
    at = On(units, at->parent, day);
  }
  return false;
}

}  // namespace

std::optional<std::string> FindCycle(std::span<const UnitState> states,
                                     std::span<const std::string> moved) {
  StatesOf units;
  std::set<absl::CivilDay> days;  // on which anything changes
  for (const UnitState& state : states) {
    units[state.id].push_back(&state);
    days.insert(state.first);
  }
  for (const std::string& unit : moved) {
    for (const absl::CivilDay day : days) {
      if (StandsUnderItself(units, unit, day)) return unit;
    }
  }
  return std::nullopt;
}

}  // namespace teraju::identity::domain
