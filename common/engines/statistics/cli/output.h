// A report as JSON, or as text to read.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace teraju::statistics {

// Indented; numbers as short as reads back the same.
std::string ToJson(const boost::json::value& report);

// Objects as lines, lists of objects as tables; six digits; "-" where there is no value.
std::string ToText(const boost::json::object& report);

}  // namespace teraju::statistics
