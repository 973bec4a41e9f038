// What a change leaves: an event for those who follow it, and an audit record.
#pragma once

#include <string>
#include <utility>

#include "common/api/resource_name.h"
#include "common/postgres/transaction.h"

namespace teraju::postgres {

// `name` is the resource's full name, `type` is `{resource}.{verb in the past}`, `details` the
// audit record's (canonical JSON without personal data).
inline void RecordChange(Transaction& tx,
                         const std::string& name,
                         const std::string& type,
                         std::string details = "") {
  const std::string agency(api::AgencyOf(name));
  tx.Emit({.agency = agency, .resource = name, .type = type});
  tx.Audit({.agency = agency, .resource = name, .type = type, .details = std::move(details)});
}

}  // namespace teraju::postgres
