// What training asks of identity, as itself: who is above whom, and who is senior.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/api/strong_id.h"
#include "common/auth/call_context.h"
#include "services/training/domain/mentoring.h"

namespace teraju::training {

struct ReportingLine {
  std::vector<std::string> unit_path;
  std::string appraiser;
};

class IdentityClient {
 public:
  virtual ~IdentityClient() = default;

  // FAILED_PRECONDITION (EMPLOYEE_UNKNOWN) when nobody is, or has an appraiser, on that day.
  // UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::StatusOr<ReportingLine> ReportingLineOf(const CallContext& call,
                                                        const AgencyId& agency,
                                                        const std::string& employee,
                                                        absl::CivilDay day) = 0;
  // Everybody of the agency. UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::StatusOr<std::vector<domain::StaffMember>> ListStaff(const CallContext& call,
                                                                     const AgencyId& agency) = 0;
};

}  // namespace teraju::training
