// One request over HTTP/1.1 to an address that an operator has configured: few, small, each on a
// connection of its own.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace teraju::http {

struct HttpRequest {
  std::string method = "GET";
  std::string url;            // http or https, without user information or fragment
  std::string body;           // sent with POST and PUT
  std::string content_type;   // of the body
  std::string accept;         // the whole header; empty: none
  std::string authorization;  // as accept
  // PEM file with the authorities to believe; empty: the machine's.
  std::string authority;
  // Looked at several times a second: whoever waits for an answer may give up.
  std::function<bool()> cancelled;
};

// OK for an address that a request may have: INVALID_ARGUMENT otherwise.
absl::Status CheckUrl(const std::string& url);

// The body of a 2xx answer of at most 256 KiB. Certificates are verified, with the name; redirects
// are not followed. INVALID_ARGUMENT for an address or authority file that cannot be used,
// PERMISSION_DENIED for a 4xx, CANCELLED, UNAVAILABLE for everything else; never with what was
// sent.
absl::StatusOr<std::string> SendHttp(const HttpRequest& request, absl::Time deadline);

}  // namespace teraju::http
