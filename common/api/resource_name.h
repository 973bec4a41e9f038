// One parser and formatter for resource names (AIP-122).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace teraju::api {

// A pattern such as `agencies/{agency}/cycles/{cycle}`.
//   inline constexpr api::NamePattern kCycleName{"agencies/{agency}/cycles/{cycle}"};
//   ASSIGN_OR_RETURN(auto ids, kCycleName.Parse(request->name(), "name"));   // ids[0] agency,
//   ids[1] cycle kCycleName.Format({agency, cycle})
class NamePattern {
 public:
  explicit constexpr NamePattern(std::string_view pattern) : pattern_(pattern) {}

  // The values of the variables in order. INVALID_ARGUMENT (NAME_INVALID) naming `field` and the
  // pattern. Values are 1 to 63 of [A-Za-z0-9._~-], never `.` or `..` (which addresses drop); a `-`
  // alone (AIP-159, any) only where `allow_wildcard`.
  absl::StatusOr<std::vector<std::string>> Parse(std::string_view name,
                                                 std::string_view field,
                                                 bool allow_wildcard = false) const;
  bool Matches(std::string_view name) const;
  // `values` are as many as the pattern has variables.
  std::string Format(const std::vector<std::string_view>& values) const;
  std::string_view pattern() const { return pattern_; }

 private:
  std::string_view pattern_;
};

// The agency of any name that begins with `agencies/{agency}`; empty otherwise.
std::string_view AgencyOf(std::string_view name);

}  // namespace teraju::api
