// What of a client's headers reaches a service: a short list, each checked, so that no client can
// fill a shared connection's header table (gRPC 1.51 ends a connection at 8 KiB of one call's
// metadata) or speak as the gateway.
#pragma once

#include <string>
#include <string_view>

#include "common/rpc/method_rule.h"

namespace grpc {
class ClientContext;
}  // namespace grpc

namespace teraju::gateway {

struct CallHeaders {
  std::string authorization;  // as received
  std::string request_id;     // the client's, or made here; empty for response tokens
  std::string traceparent;
  std::string accept_language;
  std::string locale = "id";

  // `get(name)` gives a header's value, empty where absent. Everything else the client sent
  // (x-user-*, x-forwarded-*, grpc-*, …) is left behind. A method with a response token gets
  // neither identity nor anything that could link it to one.
  template <typename Get>
  static CallHeaders Read(const rpc::MethodRule& rule, Get get) {
    return Make(rule,
                get("authorization"),
                get("x-request-id"),
                get("traceparent"),
                get("accept-language"));
  }
  static CallHeaders Make(const rpc::MethodRule& rule,
                          std::string_view authorization,
                          std::string_view request_id,
                          std::string_view traceparent,
                          std::string_view accept_language);

  // The token behind `Bearer `; empty where there is none.
  std::string_view bearer_token() const;
  void AddTo(grpc::ClientContext& context) const;
};

// 128 random bits in hex.
std::string NewRequestId();

}  // namespace teraju::gateway
