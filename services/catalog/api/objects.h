// What goals and indicators are to the question of permission.
#pragma once

#include <string>
#include <vector>

#include "common/api/resource_key.h"
#include "common/auth/authorizer.h"

namespace teraju::catalog {

// Anything of the agency that belongs to no unit.
inline auth::Object AgencyObject(const AgencyId& agency, std::string resource) {
  return {.resource = std::move(resource), .agency = agency};
}

// A v1::Goal or v1::Indicator: reached through its unit.
template <typename Message>
auth::Object UnitObject(const AgencyId& agency, const Message& message) {
  return {.resource = message.name(),
          .agency = agency,
          .unit_path = {message.unit_path().begin(), message.unit_path().end()}};
}

// The same for one that is about to belong to the unit of `path`.
inline auth::Object UnitObject(const AgencyId& agency,
                               std::string resource,
                               const std::vector<std::string>& path) {
  return {.resource = std::move(resource), .agency = agency, .unit_path = path};
}

}  // namespace teraju::catalog
