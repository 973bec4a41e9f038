// Texts that programs have stumbled over, and texts that mean something to PostgreSQL where one is
// put into a statement by hand. Made from patterns, the same in every run.
#pragma once

#include <string>
#include <vector>

namespace teraju::security {

// Other scripts, both directions, combining and invisible letters, quotes and brackets of every
// language that could read them, formulas, formats, paths, lengths. Well-formed UTF-8 without NUL.
// The worst stand first.
std::vector<std::string> NaughtyTexts();

std::vector<std::string> SqlPayloads();

// Every byte as %XX, for an address.
std::string Encoded(const std::string& text);

}  // namespace teraju::security
