// What feedback asks of identity.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "common/auth/call_context.h"
#include "google/type/date.pb.h"
#include "services/feedback/domain/nomination.h"

namespace teraju::feedback {

// A unit to itself and every unit above it, nearest first.
using UnitPaths = std::map<std::string, std::vector<std::string>>;

// Errors: UNAVAILABLE and DEADLINE_EXCEEDED of identity pass through; any other of its refusals is
// FAILED_PRECONDITION (IDENTITY_UNAVAILABLE).
class IdentityClient {
 public:
  virtual ~IdentityClient() = default;

  // Where everybody of the agency stands on a day.
  virtual absl::StatusOr<std::vector<domain::ReportingLine>> ListReportingLines(
      const CallContext& call, const AgencyId& agency, const google::type::Date& date) = 0;
  // All units of the agency.
  virtual absl::StatusOr<UnitPaths> ListUnitPaths(const CallContext& call,
                                                  const AgencyId& agency) = 0;
};

}  // namespace teraju::feedback
