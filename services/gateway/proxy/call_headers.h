// What of a client's headers reaches a service: a short list, each checked, so that no client can
// fill a shared connection's header table (gRPC 1.51 ends a connection at 8 KiB of one call's
// metadata) or speak as the gateway.
#pragma once

#include <string>
#include <string_view>

#include "common/rpc/method_rule.h"
#include "common/rpc/request_metadata.h"

namespace grpc {
class ClientContext;
}  // namespace grpc

namespace teraju::gateway {

struct CallHeaders {
  std::string authorization;  // as received
  std::string request_id;     // the client's, or made here; empty for response tokens
  std::string traceparent;
  std::string accept_language;
  std::string on_behalf_of;  // as received, where it is short and plain
  std::string source;        // the client's address, for public methods
  std::string locale = "id";

  // `get(name)` gives a header's value, empty where absent. Everything else the client sent
  // (x-user-*, x-forwarded-*, grpc-*, …) is left behind. A method with a response token gets
  // neither identity nor anything that could link it to one.
  template <typename Get>
  static CallHeaders Read(const rpc::MethodRule& rule, std::string_view source, Get get) {
    return Make(rule,
                get("authorization"),
                get("x-request-id"),
                get("traceparent"),
                get("accept-language"),
                get(rpc::kOnBehalfOfHeader),
                source);
  }
  static CallHeaders Make(const rpc::MethodRule& rule,
                          std::string_view authorization,
                          std::string_view request_id,
                          std::string_view traceparent,
                          std::string_view accept_language,
                          std::string_view on_behalf_of,
                          std::string_view source);

  // The token behind `Bearer `; empty where there is none.
  std::string_view bearer_token() const;
  void AddTo(grpc::ClientContext& context) const;
};

// Where a client is: the other end of the connection, or, behind `hops` proxies that each append to
// X-Forwarded-For, what the outermost of them has seen. What a client says itself never counts.
std::string SourceOf(std::string_view peer, std::string_view forwarded_for, int hops);

// 128 random bits in hex.
std::string NewRequestId();

}  // namespace teraju::gateway
