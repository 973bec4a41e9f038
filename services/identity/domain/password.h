// Which passwords are accepted.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace teraju::identity::domain {

// At least 12 characters (code points), not of one character or a simple sequence, and without the
// login in it. INVALID_ARGUMENT (PASSWORD_WEAK).
absl::Status CheckPassword(std::string_view password, std::string_view login);

}  // namespace teraju::identity::domain
