// Ids that cannot be taken for one another.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

namespace teraju {

// An id of kind Tag. Its value has been checked by the parser that made it.
template <typename Tag>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(std::string value) : value_(std::move(value)) {}
  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const StrongId& id) {
    return H::combine(std::move(state), id.value_);
  }

 private:
  std::string value_;
};

using AgencyId = StrongId<struct AgencyTag>;
using UnitId = StrongId<struct UnitTag>;
using EmployeeId = StrongId<struct EmployeeTag>;

// A new UUIDv7 (RFC 9562): sorts by time of creation. Never for answers: they take NewUuid4.
std::string NewUuid7(absl::Time now);
std::string NewUuid4();
// The text form of RFC 9562, in either case.
bool IsUuid(std::string_view text);
// The same, of version 4 (random), which is what clients give as request ids (AIP-155).
bool IsUuid4(std::string_view text);

}  // namespace teraju
