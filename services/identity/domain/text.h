// Plain text as files bring it: trimming and letter case of ASCII.
#pragma once

#include <string>
#include <string_view>

namespace teraju::identity::domain {

std::string_view Trim(std::string_view text);
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
// Every run of white space becomes one space, none at the ends.
std::string CollapseSpace(std::string_view text);
bool IsSpace(char c);
bool IsDigit(char c);
bool IsAlphanumeric(char c);

}  // namespace teraju::identity::domain
