// What `teraju-rules --help` and `teraju-rules help …` say.
#pragma once

#include <string>

#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

Text GeneralHelp();

// Every input of the method, and an example that can be evaluated as it is: the inputs of the
// pack's first vector for it.
std::string MethodHelp(const PolicyPack& pack, const Method& method, Language language);

// All methods of a pack.
std::string PackHelp(const PolicyPack& pack, Language language);

Text DistributionHelp();

}  // namespace teraju::rules
