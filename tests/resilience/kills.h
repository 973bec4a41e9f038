// How often a check kills what it kills.
#pragma once

#include <cstdlib>

namespace teraju::resilience {

// Three times in CI; TERAJU_KILLS times in `scripts/check --long`.
inline int Kills() {
  const char* kills = std::getenv("TERAJU_KILLS");
  return kills == nullptr ? 3 : std::atoi(kills);
}

}  // namespace teraju::resilience
