// What the catalog asks of identity.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "common/auth/call_context.h"

namespace teraju::catalog {

class IdentityClient {
 public:
  virtual ~IdentityClient() = default;

  // The unit and every unit above it, nearest first; empty for no unit. FAILED_PRECONDITION
  // (UNIT_UNKNOWN) unless it is one of `agency`; UNAVAILABLE and DEADLINE_EXCEEDED of identity pass
  // through.
  virtual absl::StatusOr<std::vector<std::string>> UnitPath(const CallContext& call,
                                                            const AgencyId& agency,
                                                            const std::string& unit) = 0;
};

}  // namespace teraju::catalog
