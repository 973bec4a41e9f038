#include "services/gateway/proxy/rest_call.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "services/gateway/proxy/error_response.h"
#include "services/gateway/proxy/transcode.h"

namespace teraju::gateway {
namespace {

namespace reasons = errors::reasons;

// Refuses what no route takes, in the words of every other refusal.
void RefuseUnrouted(const RestDependencies& dependencies,
                    http::Exchange& exchange,
                    const absl::Status& status) {
  const std::string locale =
      CallHeaders::Make({}, "", "", "", exchange.head().Find("accept-language"), "", "").locale;
  const std::string request_id = NewRequestId();
  const google::rpc::Status rpc = ToRpcStatus(status, request_id, locale);
  http::Response response = MakeErrorResponse(dependencies.codec, rpc);
  response.headers.emplace_back("X-Request-Id", request_id);
  exchange.Respond(std::move(response));
  // The path is the client's invention: it is no label and no field of a line.
  dependencies.metrics.Started();
  dependencies.metrics.Handled("unrouted", CodeName(rpc.code()), 0);
}

// What a browser or a curious client asks: which methods an address has.
void AnswerOptions(http::Exchange& exchange, const std::string& allowed) {
  exchange.Respond({.status = 204, .headers = {{"Allow", allowed + ", OPTIONS"}}});
}

}  // namespace

void RestHandler::Handle(std::shared_ptr<http::Exchange> exchange) {
  const absl::Time start = absl::Now();
  const http::RequestHead& head = exchange->head();
  Lookup found = dependencies_.routes.Find(head.method == "HEAD" ? "GET" : head.method, head.path);
  if (auto* match = std::get_if<RouteMatch>(&found)) {
    const Method& method = dependencies_.methods.Of(match->route->method);
    CallHeaders headers = CallHeaders::Read(
        method.rule,
        SourceOf(exchange->peer(), head.Find("x-forwarded-for"), limits_.forwarded_hops),
        [&](std::string_view name) { return head.Find(name); });
    std::make_shared<RestCall>(dependencies_,
                               limits_,
                               std::move(exchange),
                               method,
                               std::move(*match),
                               std::move(headers),
                               start)
        ->Start();
  } else if (const auto* other = std::get_if<MethodNotAllowed>(&found)) {
    if (head.method == "OPTIONS") return AnswerOptions(*exchange, other->allowed);
    RefuseUnrouted(dependencies_,
                   *exchange,
                   errors::Make(absl::StatusCode::kUnimplemented,
                                reasons::METHOD_NOT_ALLOWED,
                                "This method is not supported here.")
                       .With("allowed", other->allowed));
  } else if (std::holds_alternative<PathMalformed>(found)) {
    RefuseUnrouted(
        dependencies_,
        *exchange,
        errors::InvalidArgument(reasons::NAME_INVALID, "The path of the request is malformed.")
            .With("field", "path")
            .With("pattern",
                  "RFC 3986, without . and .. and without an encoded / in a resource name"));
  } else {
    RefuseUnrouted(dependencies_,
                   *exchange,
                   errors::NotFound(reasons::ROUTE_UNKNOWN, "There is no such address."));
  }
}

RestCall::RestCall(const RestDependencies& dependencies,
                   const RestLimits& limits,
                   std::shared_ptr<http::Exchange> exchange,
                   const Method& method,
                   RouteMatch match,
                   CallHeaders headers,
                   absl::Time start)
    : dependencies_(dependencies),
      limits_(limits),
      exchange_(std::move(exchange)),
      method_(method),
      match_(std::move(match)),
      headers_(std::move(headers)),
      start_(start) {
  dependencies_.metrics.Started();
}

void RestCall::Start() {
  const auto now = dependencies_.admission.AdmitNow(method_.rule, headers_);
  if (now) return Continue(*now);
  dependencies_.admission.AdmitLater(headers_, [self = shared_from_this()](absl::Status status) {
    self->exchange_->Post([self, status = std::move(status)] { self->Continue(status); });
  });
}

void RestCall::Continue(const absl::Status& admitted) {
  if (!admitted.ok()) return Fail(admitted);
  ReadBody();
}

void RestCall::ReadBody() {
  // A small compressed body could be a very large one.
  const std::string_view coding = exchange_->head().Find("content-encoding");
  if (!coding.empty() && !http::EqualsIgnoreCase(coding, "identity")) {
    return Fail(errors::InvalidArgument(reasons::BODY_INVALID, "Content-Encoding is not supported.")
                    .With("detail", "Content-Encoding must be absent"));
  }
  if (method_.upload()) return SendUpload(shared_from_this());
  exchange_->ReadAll(
      limits_.max_body_bytes, [self = shared_from_this()](absl::StatusOr<std::string> body) {
        if (!body.ok()) return self->Fail(body.status());
        if (self->method_.download()) {
          if (!body->empty()) {
            return self->Fail(
                errors::InvalidArgument(reasons::BODY_INVALID, "This route takes no body.")
                    .With("detail", "this route takes none"));
          }
          // How long a stream becomes is known only to whoever reads it.
          if (self->exchange_->head().method == "HEAD") return self->Succeed({});
          return SendDownload(self);
        }
        SendUnary(self, *body);
      });
}

std::unique_ptr<google::protobuf::Message> RestCall::MakeMessage(std::string_view body) {
  const http::RequestHead& head = exchange_->head();
  auto request = MakeRequest(dependencies_.codec,
                             method_,
                             match_,
                             {.query = head.query,
                              .content_type = head.Find("content-type"),
                              .idempotency_key = head.Find("idempotency-key"),
                              .body = body});
  if (request.ok()) return *std::move(request);
  Fail(request.status());
  return nullptr;
}

Backend* RestCall::FindBackend(const google::protobuf::Message& request) {
  Backend* backend = dependencies_.backends.Find(TargetOf(method_, request));
  if (backend == nullptr)
    Fail(errors::NotFound(reasons::ROUTE_UNKNOWN, "There is no such service."));
  return backend;
}

std::unique_ptr<grpc::ClientContext> RestCall::MakeContext(absl::Duration timeout) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  headers_.AddTo(*context);
  dependencies_.calls.Add(context.get());
  return context;
}

void RestCall::Succeed(http::Response response) {
  if (!headers_.request_id.empty())
    response.headers.emplace_back("X-Request-Id", headers_.request_id);
  exchange_->Respond(std::move(response));
  Count(0);
}

void RestCall::Fail(const absl::Status& status) {
  FailWith(ToRpcStatus(status, headers_.request_id, headers_.locale));
}

void RestCall::Fail(const grpc::Status& status, std::string_view target) {
  FailWith(ToRpcStatus(status, target, headers_.request_id, headers_.locale));
}

void RestCall::FailWith(const google::rpc::Status& status) {
  http::Response response = MakeErrorResponse(dependencies_.codec, status);
  if (!headers_.request_id.empty())
    response.headers.emplace_back("X-Request-Id", headers_.request_id);
  exchange_->Respond(std::move(response));
  Count(status.code());
}

void RestCall::Count(int rpc_code) {
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start_);
  const std::string code = CodeName(rpc_code);
  dependencies_.metrics.Handled(method_.rule.name, code, seconds);
  if (method_.rule.access == rpc::MethodRule::Access::kResponseToken) {
    return dependencies_.logger.Bare(
        {{"method", method_.rule.name}, {"code", code}, {"ms", seconds * 1000}});
  }
  dependencies_.logger.Info("call",
                            {{"method", method_.rule.name},
                             {"code", code},
                             {"ms", seconds * 1000},
                             {"request_id", headers_.request_id}});
}

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own = true;
  // Fails only for messages beyond 2 GiB.
  (void)grpc::SerializationTraits<google::protobuf::Message>::Serialize(message, &bytes, &own);
  return bytes;
}

bool FromBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  grpc::ProtoBufferReader reader(&bytes);
  return message.ParseFromZeroCopyStream(&reader);
}

}  // namespace teraju::gateway
