// What can be handed over, and for how long.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/identity/v1/access.pb.h"

namespace teraju::identity::domain {

// Nobody hands on the power to hand on, to sign in, or to give roles.
bool CanBeMandated(std::string_view permission);

// INVALID_ARGUMENT (INTERVAL_INVALID) unless it ends after it starts, after `now`, and within a
// year of its start.
absl::Status CheckTerm(absl::Time start, absl::Time end, absl::Time now);

}  // namespace teraju::identity::domain
