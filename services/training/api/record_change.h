// What every change of training leaves: an event for those who follow it, and an audit record.
#pragma once

#include <string>
#include <string_view>

#include "common/api/resource_name.h"
#include "common/postgres/transaction.h"

namespace teraju::training {

// `type` is `{resource}.{verb in the past}`.
inline void RecordChange(postgres::Transaction& tx,
                         const std::string& name,
                         std::string_view type) {
  const std::string agency(api::AgencyOf(name));
  tx.Emit({.agency = agency, .resource = name, .type = std::string(type)});
  tx.Audit({.agency = agency, .resource = name, .type = std::string(type)});
}

}  // namespace teraju::training
