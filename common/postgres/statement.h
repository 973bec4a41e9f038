// A named SQL statement: the name is the prepared statement, the metric label and the log field.
#pragma once

#include <string_view>

namespace teraju::postgres {

// constexpr postgres::Statement kSelect{"cycle_select", "SELECT … WHERE agency_id = $1"};
struct Statement {
  std::string_view name;
  std::string_view sql;
};

}  // namespace teraju::postgres
