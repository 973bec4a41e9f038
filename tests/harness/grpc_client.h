// A caller of the suite's gRPC ports that knows methods by name and messages as bytes: for checks
// that go over every method there is.
#pragma once

#include <memory>
#include <string>

#include "google/protobuf/message_lite.h"

namespace teraju::harness {

struct GrpcAnswer {
  int code = 0;  // grpc::StatusCode
  std::string message;
  std::string reason;  // of ErrorInfo
  std::string bytes;   // the response message
  bool ok() const { return code == 0; }
};

// Thread-safe.
class GrpcClient {
 public:
  explicit GrpcClient(const std::string& port);
  ~GrpcClient();

  // `method` as `teraju.catalog.v1.Goals/CreateGoal`; no token is sent where `token` is empty. Ends
  // after ten seconds.
  GrpcAnswer Call(const std::string& method, const std::string& token, const std::string& request);
  GrpcAnswer Call(const std::string& method,
                  const std::string& token,
                  const google::protobuf::MessageLite& request) {
    return Call(method, token, request.SerializeAsString());
  }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace teraju::harness
