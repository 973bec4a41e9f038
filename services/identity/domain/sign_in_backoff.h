// How long a place waits after failed sign-ins.
#pragma once

#include "absl/time/time.h"

namespace teraju::identity::domain {

// After the first four failures nothing; then a second, doubled with each, at most 15 minutes: some
// hundred guesses a day, which no password that is accepted gives in to.
absl::Duration SignInBackoff(int failures);

}  // namespace teraju::identity::domain
