// One REST request on its way: admitted, read, sent to its service, answered, logged. The three
// kinds of methods differ only in how bytes flow (unary_call, upload_call, download_call).
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/proxy/call_headers.h"
#include "services/gateway/proxy/rest_handler.h"

namespace teraju::gateway {

// Lives as long as somebody holds it; everything runs on the exchange's loop.
class RestCall : public std::enable_shared_from_this<RestCall> {
 public:
  RestCall(const RestDependencies& dependencies,
           const RestLimits& limits,
           std::shared_ptr<http::Exchange> exchange,
           const Method& method,
           RouteMatch match,
           CallHeaders headers,
           absl::Time start);

  // Admits the caller, then lets the body and the call flow.
  void Start();

  const RestDependencies& dependencies() const { return dependencies_; }
  const RestLimits& limits() const { return limits_; }
  http::Exchange& exchange() { return *exchange_; }
  const Method& method() const { return method_; }

  // Makes the request message from path, query and `body`; finds the service. Answers by itself
  // where that fails: null then.
  std::unique_ptr<google::protobuf::Message> MakeMessage(std::string_view body);
  // The service for a request; null, and answered, where there is none.
  Backend* FindBackend(const google::protobuf::Message& request);
  // Deadline, metadata, and the registry that can cancel it; the caller removes it from the
  // registry.
  std::unique_ptr<grpc::ClientContext> MakeContext(absl::Duration timeout);

  // Exactly one of these ends the call.
  void Succeed(http::Response response);
  void Fail(const absl::Status& status);
  void Fail(const grpc::Status& status, std::string_view target);
  // After an answer that was streamed: only counts and logs.
  void Count(int rpc_code);

 private:
  void Continue(const absl::Status& admitted);
  void ReadBody();
  void FailWith(const google::rpc::Status& status);

  const RestDependencies& dependencies_;
  const RestLimits& limits_;
  std::shared_ptr<http::Exchange> exchange_;
  const Method& method_;
  RouteMatch match_;
  CallHeaders headers_;
  absl::Time start_;
};

// `body` is the whole body.
void SendUnary(std::shared_ptr<RestCall> call, std::string_view body);
void SendUpload(std::shared_ptr<RestCall> call);
void SendDownload(std::shared_ptr<RestCall> call);

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);
bool FromBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

}  // namespace teraju::gateway
