// What an OAuth 2.0 client sends to the token endpoint.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace teraju::identity::domain {

// application/x-www-form-urlencoded. Nothing for a malformed text or a field that is given twice
// (RFC 6749, section 3.2).
std::optional<std::map<std::string, std::string>> ParseForm(std::string_view text);

// Id and secret of an `Authorization: Basic …` header (RFC 6749, section 2.3.1: both form-encoded
// within). Nothing for other schemes and malformed values.
struct ClientCredentials {
  std::string id;
  std::string secret;
};
std::optional<ClientCredentials> ParseBasic(std::string_view authorization);

}  // namespace teraju::identity::domain
