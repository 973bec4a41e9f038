// Failures as HTTP answers: AIP-193's JSON, `{"error": {"code", "status", "message", "details"}}`.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/json/codec.h"

namespace teraju::gateway {

// The HTTP code of a google.rpc.Code, as google/rpc/code.proto maps them.
int HttpCodeOf(int rpc_code);

// `OK`, `NOT_FOUND`, …: the name of a code; `UNKNOWN` for numbers that are none.
std::string CodeName(int rpc_code);

// What a service answered. A failure that never reached one (no connection, no time left) gets a
// reason of ours: it names the service, not its addresses.
google::rpc::Status ToRpcStatus(const grpc::Status& status,
                                std::string_view target,
                                std::string_view request_id,
                                std::string_view locale);
// The gateway's own refusals, in the same form.
google::rpc::Status ToRpcStatus(const absl::Status& status,
                                std::string_view request_id,
                                std::string_view locale);

// With Retry-After where the details have a RetryInfo, WWW-Authenticate with 401 (RFC 6750), Allow
// with 405.
http::Response MakeErrorResponse(const json::Codec& codec, const google::rpc::Status& status);

}  // namespace teraju::gateway
