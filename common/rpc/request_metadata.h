// What the metadata of a call says, read once and checked for form.
#pragma once

#include <string>
#include <string_view>

#include "grpcpp/server_context.h"

namespace teraju::rpc {

struct RequestMetadata {
  bool has_authorization = false;
  std::string bearer_token;   // empty when `authorization` is not one bearer token; the verifier
                              // refuses that
  std::string request_id;     // empty when absent or not 1 to 64 of [A-Za-z0-9._-]
  std::string traceparent;    // W3C, empty when malformed
  std::string locale = "id";  // `id` or `en`
};

RequestMetadata ReadRequestMetadata(const grpc::ServerContextBase& context);

// 1 to 64 of [A-Za-z0-9._-].
bool IsRequestId(std::string_view text);
// W3C Trace Context, version 00: `00-{32 hex}-{16 hex}-{2 hex}`.
bool IsTraceparent(std::string_view text);

// The language of ours that `accept_language` (RFC 9110) prefers: `id` or `en`; `id` when it names
// neither.
std::string PreferredLocale(std::string_view accept_language);

}  // namespace teraju::rpc
