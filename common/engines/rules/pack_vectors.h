// Runs the test vectors that a policy pack carries: it may be activated only when all pass.
#pragma once

#include <vector>

#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

// One problem (reason VECTOR_FAILED) for each expectation that is not met; none when all are.
std::vector<PackProblem> RunVectors(const PolicyPack& pack);

}  // namespace teraju::rules
