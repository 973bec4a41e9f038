// What happens to every call, in this order: count, deadline, call id, authenticate, permission of the method, field rules,
// handler, error mapping, metrics, one log line. Each method enters it; nothing is repeated in services.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "google/api/httpbody.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace teraju::rpc {

class Executor;

// Receives the chunks of a download. False: the client is gone.
using Sink = std::function<bool(google::api::HttpBody chunk)>;

class Pipeline {
 public:
  struct Dependencies;
  explicit Pipeline(Dependencies dependencies);
  ~Pipeline();

  // A unary method. `handler(const CallContext&) -> absl::StatusOr<Response>` runs on the executor, never on gRPC's threads.
  // The method is found by its request type, which is unique within the suite (a contract test proves it). `request` has
  // been cleaned by the field rules when the handler runs: the handler reads the same object.
  template <typename Request, typename Response, typename Handler>
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const Request* request, Response* response,
                                  Handler handler);

  // A server-streaming method of HttpBody chunks: `handler(const CallContext&, const Sink&) -> absl::Status`.
  template <typename Request, typename Handler>
  grpc::ServerWriteReactor<google::api::HttpBody>* Download(grpc::CallbackServerContext* context, const Request* request,
                                                            Handler handler);

  // A client-streaming method whose Request has a `google.api.HttpBody body`; the first message carries the other fields.
  // `handler(const CallContext&, const Request& first, Source& source) -> absl::StatusOr<Response>`; `source.Next()` gives
  // the next chunk's bytes, nullopt at the end, a status when the stream broke or the method's limit was passed.
  class Source;
  template <typename Request, typename Response, typename Handler>
  grpc::ServerReadReactor<Request>* Upload(grpc::CallbackServerContext* context, Response* response, Handler handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::rpc
