// Where the codec is inside a document: a chain on the stack, made into text only when something is
// wrong there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace teraju::gateway::json {

struct Path {
  const Path* parent = nullptr;
  std::string_view name;         // of a member
  std::size_t index = kNoIndex;  // of an element

  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  // `workPlan.items[2].target`
  std::string ToString() const {
    std::string out = parent == nullptr ? "" : parent->ToString();
    if (index != kNoIndex) {
      out.append("[").append(std::to_string(index)).append("]");
    } else if (!name.empty()) {
      out.append(out.empty() ? "" : ".").append(name);
    }
    return out;
  }
};

}  // namespace teraju::gateway::json
