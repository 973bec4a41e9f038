// Base64url and SHA-256, as JOSE uses them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace teraju::auth {

// RFC 4648, section 5, without padding.
std::string Base64UrlEncode(std::string_view bytes);
// Strict: the alphabet only, no padding or white space, unused bits zero. nullopt otherwise.
std::optional<std::string> Base64UrlDecode(std::string_view text);

// 32 bytes.
std::string Sha256(std::string_view bytes);

}  // namespace teraju::auth
