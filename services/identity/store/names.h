// The resource names of this service.
#pragma once

#include <string>
#include <string_view>

#include "common/api/resource_name.h"

namespace teraju::identity {

inline constexpr api::NamePattern kAgencyName{"agencies/{agency}"};
inline constexpr api::NamePattern kUnitName{"agencies/{agency}/units/{unit}"};
inline constexpr api::NamePattern kOfficialName{"agencies/{agency}/officials/{official}"};
inline constexpr api::NamePattern kEmployeeName{"agencies/{agency}/employees/{employee}"};
inline constexpr api::NamePattern kAssignmentName{
    "agencies/{agency}/employees/{employee}/assignments/{assignment}"};
inline constexpr api::NamePattern kRoleBindingName{"agencies/{agency}/roleBindings/{role_binding}"};
inline constexpr api::NamePattern kApiClientName{"agencies/{agency}/apiClients/{api_client}"};
inline constexpr api::NamePattern kSigningKeyName{"signingKeys/{signing_key}"};
inline constexpr api::NamePattern kImportJobName{"agencies/{agency}/importJobs/{import_job}"};

// The id at the end of a name that has been checked; empty for an empty name.
inline std::string LastSegment(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace teraju::identity
