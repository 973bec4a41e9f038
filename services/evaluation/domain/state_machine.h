// State machines as data: one table says which action leads from which state to which.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace teraju::evaluation::domain {

template <typename State, typename Action>
struct Transition {
  State from;
  Action action;
  State to;
};

// Where `action` leads from `from`; nothing when the table has no such row.
template <typename State, typename Action>
std::optional<State> Next(std::span<const Transition<State, Action>> table,
                          State from,
                          Action action) {
  for (const auto& row : table) {
    if (row.from == from && row.action == action) return row.to;
  }
  return std::nullopt;
}

// The states that allow `action`, separated by commas, for an error's metadata. `name` gives the
// word for a state.
template <typename State, typename Action, typename StateName>
std::string AllowedStates(std::span<const Transition<State, Action>> table,
                          Action action,
                          StateName name) {
  std::string states;
  for (const auto& row : table) {
    if (row.action != action) continue;
    if (!states.empty()) states += ", ";
    states += name(row.from);
  }
  return states;
}

// The table as a Mermaid state diagram, as it stands in the README.
template <typename State, typename Action, typename StateName, typename ActionName>
std::string ToMermaid(std::span<const Transition<State, Action>> table,
                      State initial,
                      StateName state_name,
                      ActionName action_name) {
  std::string text = "stateDiagram-v2\n  [*] --> " + std::string(state_name(initial)) + "\n";
  for (const auto& row : table) {
    text += "  " + std::string(state_name(row.from)) + " --> " + std::string(state_name(row.to)) +
            ": " + std::string(action_name(row.action)) + "\n";
  }
  return text;
}

}  // namespace teraju::evaluation::domain
