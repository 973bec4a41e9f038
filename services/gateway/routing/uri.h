// Pieces of request targets (RFC 3986): escapes and query strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace teraju::gateway {

// Nullopt for an escape that is not `%` and two hex digits.
std::optional<std::string> PercentDecode(std::string_view text);
// Escapes everything but unreserved characters and `/`.
std::string PercentEncodePath(std::string_view text);

// True for bytes below space and DEL.
bool HasControls(std::string_view text);

// The pieces between separators; one empty piece for an empty text.
std::vector<std::string_view> Split(std::string_view text, char separator);

// `a=1&b=x%20y+z`: names and values, decoded, in their order; `+` is a space. Nullopt for bad
// escapes, controls or invalid UTF-8.
std::optional<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query);

}  // namespace teraju::gateway
