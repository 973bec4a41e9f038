// Values and competencies that the nation gives to every agency, ready to be adopted. Each carries
// its resource id in place of a name.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog::domain {

// `berakhlak`: the seven core values with their 21 guides (SE MenPANRB 20/2021).
// INVALID_ARGUMENT (BEHAVIOR_SET_UNKNOWN) for another name.
absl::StatusOr<std::vector<v1::Behavior>> NationalBehaviors(std::string_view set);

// Eight managerial competencies and one socio-cultural (PermenPANRB 38/2017), five levels each.
std::vector<v1::Competency> NationalCompetencies();

}  // namespace teraju::catalog::domain
