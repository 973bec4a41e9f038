// Questions about the tree of units over time.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "services/identity/domain/unit_state.h"

namespace teraju::identity::domain {

// One of `moved` that stands under itself on some day; nothing where none does. A tree that was
// sound before these moved is then sound on every day.
std::optional<std::string> FindCycle(std::span<const UnitState> states,
                                     std::span<const std::string> moved);

}  // namespace teraju::identity::domain
