// Who may ask for an agency's log of a service.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"

namespace teraju::audit {

// Refuses whoever may not read the agency's record, then a wrong agency; gives its id, empty for
// the installation.
absl::StatusOr<std::string> AuthorizeLog(const CallContext& call,
                                         const std::string& agency,
                                         const std::string& resource);

// INVALID_ARGUMENT, or NOT_FOUND for the collection of another service.
absl::Status CheckCollection(const std::string& parent, const std::string& service);

}  // namespace teraju::audit
