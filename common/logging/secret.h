// Text that does not print: a password, a key, a DSN. Whoever needs it says so.
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <utility>

namespace teraju::logging {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  const std::string& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
  std::string value_;
};

}  // namespace teraju::logging

template <>
struct fmt::formatter<teraju::logging::Secret> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <typename Context>
  auto format(const teraju::logging::Secret&, Context& context) const {
    return fmt::format_to(context.out(), "***");
  }
};
