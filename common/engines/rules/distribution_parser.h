// Reads the distribution pattern of a policy pack.
#pragma once

#include <string>

#include "common/engines/rules/step_parser.h"

namespace teraju::rules {

// {"most": "PLURALITY", "patterns": {"UNIT_GOOD": [{"name", "of", "rule", "amount"}, …], …}}.
DistributionRules ParseDistribution(const Json& json, const std::string& path, PackContext&);

// `UNIT_EXCEPTIONAL`, `UNIT_GOOD`, `UNIT_NEEDS_IMPROVEMENT`, `UNIT_POOR`, `UNIT_VERY_POOR`.
std::string_view UnitPredicateName(UnitPredicate predicate);

}  // namespace teraju::rules
