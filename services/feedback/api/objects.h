// What feedback's resources are to the question of permission.
#pragma once

#include <string>
#include <string_view>

#include "common/api/resource_name.h"
#include "common/auth/authorizer.h"
#include "common/postgres/record_change.h"

namespace teraju::feedback {

// Anything of the agency that is about no person.
inline auth::Object AgencyObject(const AgencyId& agency, std::string resource) {
  return {.resource = std::move(resource), .agency = agency};
}

}  // namespace teraju::feedback
