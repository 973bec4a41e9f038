// Calls to external issuers over HTTP/1.1: few, small, and only where an operator has said.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace teraju::identity {

struct HttpRequest {
  std::string url;            // https, or http to this machine
  std::string form;           // application/x-www-form-urlencoded; empty: GET
  std::string authorization;  // empty: none
};

// The body of a 200 of at most 256 KiB. Certificates are verified against the machine's
// authorities; redirects are not followed. INVALID_ARGUMENT for an address that is not allowed,
// PERMISSION_DENIED for a 4xx, UNAVAILABLE for everything else, without what was sent, and after
// five seconds at most.
absl::StatusOr<std::string> SendHttp(const HttpRequest& request, absl::Time deadline);

}  // namespace teraju::identity
