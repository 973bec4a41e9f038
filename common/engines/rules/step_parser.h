// Reads the inputs and steps of a policy pack's methods.
#pragma once

#include <string>
#include <vector>

#include "common/engines/rules/name_resolver.h"

namespace teraju::rules {

std::vector<InputField> ParseInputFields(const Json& list, const std::string& path, PackContext&);

// Reads the steps into `steps`, where `scope.steps` points to.
void ParseSteps(const Json& list,
                const std::string& path,
                PackContext& context,
                const NameScope& scope,
                std::vector<Step>& steps);

}  // namespace teraju::rules
