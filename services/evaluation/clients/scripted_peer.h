// Stands for a method of a peer in tests of clients.
#pragma once

#include <string>

#include "grpcpp/server_context.h"

namespace teraju::evaluation {

// Gives the answer that the test has set, and remembers what came.
template <typename Request, typename Response>
struct Script {
  grpc::Status Answer(grpc::ServerContext* context, const Request* asked, Response* given) {
    request = *asked;
    const auto found = context->client_metadata().find("authorization");
    if (found != context->client_metadata().end())
      token = std::string(found->second.data(), found->second.size());
    *given = response;
    return status;
  }
  grpc::Status status;
  Response response;
  Request request;
  std::string token;
};

}  // namespace teraju::evaluation
