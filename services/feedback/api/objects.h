// What feedback's resources are to the question of permission, and what every change of them
// leaves.
#pragma once

#include <string>
#include <string_view>

#include "common/api/resource_name.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"

namespace teraju::feedback {

// Anything of the agency that is about no person.
inline auth::Object AgencyObject(const AgencyId& agency, std::string resource) {
  return {.resource = std::move(resource), .agency = agency};
}

// An event for those who follow the change, and an audit record. `type` is `{resource}.{verb in the
// past}`. Never for answers or participation.
inline void RecordChange(postgres::Transaction& tx,
                         const std::string& name,
                         const std::string& type,
                         std::string details = "") {
  const std::string agency(api::AgencyOf(name));
  tx.Emit({.agency = agency, .resource = name, .type = type});
  tx.Audit({.agency = agency, .resource = name, .type = type, .details = std::move(details)});
}

}  // namespace teraju::feedback
