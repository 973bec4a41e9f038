// One-time codes as people read them from paper and type them.
#pragma once

#include <string>
#include <string_view>

namespace teraju::identity::domain {

inline constexpr std::size_t kActivationCodeBytes = 16;

// 26 letters and digits of Crockford's alphabet (no I, L, O, U) in groups: `7ZK2M-…`. `bytes` are
// kActivationCodeBytes.
std::string FormatActivationCode(std::string_view bytes);

// The code without groups, in capitals, with O read as 0 and I and L as 1. Anything else stays as
// it is and matches nothing.
std::string NormaliseActivationCode(std::string_view text);

}  // namespace teraju::identity::domain
