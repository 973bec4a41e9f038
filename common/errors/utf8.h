// Whether a text may stand in a message: protobuf drops a whole message over one string that is not
// UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace teraju {

// Well-formed by Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);
// The code points of valid text.
std::size_t CountCharacters(std::string_view text);
// At most `bytes` of it, cut between characters; every byte that is not ASCII becomes `?` where the
// text is not UTF-8.
std::string ClipUtf8(std::string_view text, std::size_t bytes);

}  // namespace teraju
