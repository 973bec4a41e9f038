// A JSON parser (RFC 8259) for documents that decide who somebody is: what two parsers could read
// differently is refused.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "absl/status/statusor.h"

namespace teraju::auth {

// At most 8 levels; no repeated member at any level, no broken UTF-8, nothing behind the value.
// INVALID_ARGUMENT without the text, which may be a secret.
absl::StatusOr<boost::json::value> ParseStrictJson(std::string_view text);

}  // namespace teraju::auth
