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
inline constexpr api::NamePattern kMandateName{"agencies/{agency}/mandates/{mandate}"};
inline constexpr api::NamePattern kSignInProviderName{
    "agencies/{agency}/signInProviders/{provider}"};
inline constexpr api::NamePattern kSessionName{"agencies/{agency}/sessions/{session}"};
inline constexpr api::NamePattern kSigningKeyName{"signingKeys/{signing_key}"};
inline constexpr api::NamePattern kImportJobName{"agencies/{agency}/importJobs/{import_job}"};

inline constexpr api::NamePattern kDelegationName{"agencies/{agency}/delegations/{delegation}"};

// `employees/{id}` or `officials/{id}` of a checked name of a person.
inline std::string SubjectOf(std::string_view name) {
  const std::size_t last = name.rfind('/');
  return last == std::string_view::npos || last == 0
             ? std::string(name)
             : std::string(name.substr(name.rfind('/', last - 1) + 1));
}

// The id at the end of a name that has been checked; empty for an empty name.
inline std::string LastSegment(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace teraju::identity
