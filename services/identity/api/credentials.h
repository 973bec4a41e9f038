// Random secrets that this service gives out. It keeps their SHA-256 only.
#pragma once

#include <string>
#include <string_view>

namespace teraju::identity {

// 256 random bits as base64url text.
std::string NewSecret();
// In time that does not tell where they differ.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace teraju::identity
