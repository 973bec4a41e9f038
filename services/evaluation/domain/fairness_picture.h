// A fairness report as a picture.
#pragma once

#include <map>
#include <string>

#include "common/engines/text.h"
#include "teraju/evaluation/v1/fairness_service.pb.h"

namespace teraju::evaluation::domain {

// SVG: of each group the shares of the predicates, its objections, and how far it lies from
// everybody else. What is withheld is said in words, of known groups also where the report does not
// name them. `unit_names` has the units' display names by their names.
std::string DrawFairness(const v1::FairnessReport& report,
                         const std::map<std::string, std::string>& unit_names,
                         Language language);

}  // namespace teraju::evaluation::domain
