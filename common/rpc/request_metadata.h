// What the metadata of a call says, read once and checked for form.
#pragma once

#include <string>
#include <string_view>

#include "grpcpp/server_context.h"

namespace teraju::rpc {

// By which the gateway tells the client's address; from clients it takes none.
inline constexpr char kSourceHeader[] = "x-teraju-source";

// For whom the caller speaks, by a mandate: `employees/{id}` or `officials/{id}` of his agency.
inline constexpr char kOnBehalfOfHeader[] = "x-teraju-on-behalf-of";

struct RequestMetadata {
  bool has_authorization = false;
  std::string bearer_token;   // empty when `authorization` is not one bearer token; the verifier
                              // refuses that
  std::string request_id;     // empty when absent or not 1 to 64 of [A-Za-z0-9._-]
  std::string traceparent;    // W3C, empty when malformed
  std::string locale = "id";  // `id` or `en`
  std::string on_behalf_of;   // empty: for himself
  std::string source;         // the client's address, as the gateway says
};

RequestMetadata ReadRequestMetadata(const grpc::ServerContextBase& context);

// 1 to 64 of [A-Za-z0-9._-].
bool IsRequestId(std::string_view text);
// What kOnBehalfOfHeader can hold.
bool IsPersonSubject(std::string_view text);
// An address of the internet protocol, by its letters: hex digits, `.` and `:`, at most 64.
bool IsAddress(std::string_view text);
// W3C Trace Context, version 00: `00-{32 hex}-{16 hex}-{2 hex}`.
bool IsTraceparent(std::string_view text);

// The language of ours that `accept_language` (RFC 9110) prefers: `id` or `en`; `id` when it names
// neither.
std::string PreferredLocale(std::string_view accept_language);

}  // namespace teraju::rpc
