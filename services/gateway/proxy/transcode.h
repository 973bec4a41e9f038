// From an HTTP request to a message and from a message to an HTTP answer: the meaning of
// google.api.http, without sockets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/json/codec.h"
#include "services/gateway/proxy/method.h"
#include "services/gateway/routing/route_table.h"

namespace teraju::gateway {

struct HttpInput {
  std::string_view query;
  std::string_view content_type;
  std::string_view idempotency_key;
  std::string_view body;
};

// Fills the method's request from path, query and body. What the path says holds: a body that says
// otherwise is refused. A PATCH without update mask gets the paths that its body names. The header
// Idempotency-Key becomes `request_id`.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MakeRequest(const json::Codec& codec,
                                                                       const Method& method,
                                                                       const RouteMatch& match,
                                                                       const HttpInput& input);

// The answer to a unary call; google.api.HttpBody passes as it is.
absl::StatusOr<http::Response> MakeResponse(const json::Codec& codec,
                                            const Method& method,
                                            const google::protobuf::Message& message);

// The value of a Content-Type that may stand in a header; otherwise application/octet-stream.
std::string SafeContentType(std::string_view content_type);

}  // namespace teraju::gateway
