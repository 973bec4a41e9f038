// What happens to every call, in this order: count, deadline, call id, authenticate, permission of
// the method, field rules, handler, error mapping, metrics, one log line. Each method enters it;
// nothing is repeated in services.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "common/auth/authorizer.h"
#include "common/auth/call_context.h"
#include "common/auth/token_verifier.h"
#include "common/logging/logger.h"
#include "common/metrics/rpc_metrics.h"
#include "common/rpc/executor.h"
#include "common/rpc/streams.h"
#include "common/time/clock.h"
#include "google/api/httpbody.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace teraju::rpc {

// `handler(call, …)` gives an absl::StatusOr of the response.
template <typename Handler, typename Response, typename... Args>
concept HandlerOf = std::convertible_to<std::invoke_result_t<Handler&, const CallContext&, Args...>,
                                        absl::StatusOr<Response>>;

// Calls that have ended. What failed by the service's own fault: INTERNAL, UNKNOWN, DATA_LOSS,
// UNIMPLEMENTED, UNAVAILABLE, RESOURCE_EXHAUSTED. Not DEADLINE_EXCEEDED: the time is the caller's.
struct CallCounts {
  std::int64_t handled = 0;
  std::int64_t failed = 0;
};

class Pipeline {
 public:
  struct Dependencies {
    std::string service;  // `evaluation`
    Executor& calls;
    Executor& waits;  // for methods that wait or stream
    const auth::TokenVerifier& verifier;
    const auth::Authorizer& authorizer;
    const time::Clock& clock;
    logging::Logger& logger;
    metrics::RpcMetrics& metrics;
    std::vector<std::string> peers =
        {};  // URI names of certificates that may call; empty: not asked (no mTLS)
    // Told of every call that a known caller was denied, before he hears of it. What it returns is
    // said instead where it fails. Empty: nobody keeps a record.
    std::function<absl::Status(const CallContext&, const absl::Status& refusal)> record_refusal =
        {};
  };
  explicit Pipeline(Dependencies dependencies);
  ~Pipeline();

  // From now on methods that wait for an event hear that they are cancelled and answer with what
  // they have: the server is about to end.
  void EndWaits();

  // Since the process started.
  CallCounts Counted() const;

  // A unary method. `handler(const CallContext&) -> absl::StatusOr<Response>` runs on an executor,
  // never on gRPC's threads. The method is found by its request type, which is unique within the
  // suite (rpc::CheckService proves it). `request` has been cleaned by the field rules when the
  // handler runs: the handler reads the same object.
  template <typename Request, typename Response, HandlerOf<Response> Handler>
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context,
                                  const Request* request,
                                  Response* response,
                                  Handler handler);

  // A server-streaming method of HttpBody chunks: `handler(const CallContext&, const Sink&) ->
  // absl::Status`.
  template <typename Request, typename Handler>
  grpc::ServerWriteReactor<google::api::HttpBody>* Download(grpc::CallbackServerContext* context,
                                                            const Request* request,
                                                            Handler handler);

  // A client-streaming method whose Request has a `google.api.HttpBody body`; the first message
  // carries the other fields. `handler(const CallContext&, const Request& first, Source& source) ->
  // absl::StatusOr<Response>`; `source.Next()` gives the next chunk's bytes, nullopt at the end, a
  // status when the stream broke or the method's limit was passed.
  template <typename Request,
            typename Response,
            HandlerOf<Response, const Request&, Source&> Handler>
  grpc::ServerReadReactor<Request>* Upload(grpc::CallbackServerContext* context,
                                           Response* response,
                                           Handler handler);

 private:
  using Work = absl::AnyInvocable<absl::Status(const CallContext&)>;
  using Finish = absl::AnyInvocable<void(grpc::Status)>;

  // Takes the call through the order above. `work` is the handler, `finish` is called once with
  // what goes to the client.
  void Enter(grpc::CallbackServerContext* context,
             google::protobuf::Message& request,
             Work work,
             Finish finish);
  std::int64_t UploadLimit(const google::protobuf::Descriptor& request) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <typename Request, typename Response, HandlerOf<Response> Handler>
grpc::ServerUnaryReactor* Pipeline::Unary(grpc::CallbackServerContext* context,
                                          const Request* request,
                                          Response* response,
                                          Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  // gRPC made the request for this call alone; it is const only in the generated signature.
  Enter(
      context,
      const_cast<Request&>(*request),
      [response, handler = std::move(handler)](const CallContext& call) mutable -> absl::Status {
        absl::StatusOr<Response> result = handler(call);
        if (!result.ok()) return result.status();
        *response = *std::move(result);
        return absl::OkStatus();
      },
      [reactor](grpc::Status status) { reactor->Finish(std::move(status)); });
  return reactor;
}

template <typename Request, typename Handler>
grpc::ServerWriteReactor<google::api::HttpBody>* Pipeline::Download(
    grpc::CallbackServerContext* context, const Request* request, Handler handler) {
  auto* reactor = new DownloadReactor(context);
  Enter(
      context,
      const_cast<Request&>(*request),
      [reactor, handler = std::move(handler)](const CallContext& call) mutable -> absl::Status {
        const Sink sink = [reactor](google::api::HttpBody chunk) {
          return reactor->Write(std::move(chunk));
        };
        return handler(call, sink);
      },
      [reactor](grpc::Status status) { reactor->End(std::move(status)); });
  return reactor;
}

template <typename Request, typename Response, HandlerOf<Response, const Request&, Source&> Handler>
grpc::ServerReadReactor<Request>* Pipeline::Upload(grpc::CallbackServerContext* context,
                                                   Response* response,
                                                   Handler handler) {
  auto* reactor = new UploadReactor<Request>(UploadLimit(*Request::descriptor()));
  reactor->Begin(
      [this, context, reactor, response, handler = std::move(handler)](Request& first) mutable {
        Enter(
            context,
            first,
            [reactor, response, &first, handler = std::move(handler)](
                const CallContext& call) mutable -> absl::Status {
              absl::StatusOr<Response> result =
                  handler(call, static_cast<const Request&>(first), *reactor);
              if (!result.ok()) return result.status();
              *response = *std::move(result);
              return absl::OkStatus();
            },
            [reactor](grpc::Status status) { reactor->Finish(std::move(status)); });
      });
  return reactor;
}

}  // namespace teraju::rpc
