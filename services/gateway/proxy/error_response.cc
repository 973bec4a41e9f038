#include "services/gateway/proxy/error_response.h"

#include <fmt/format.h>

#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "services/gateway/json/well_known.h"

namespace teraju::gateway {
namespace {

namespace reasons = errors::reasons;
using google::rpc::Code;

constexpr char kDomain[] = "gateway.teraju";

// Fits what a client of HTTP expects better than the code's own mapping.
int HttpCodeOfReason(std::string_view reason, int otherwise) {
  if (reason == "METHOD_NOT_ALLOWED") return 405;
  if (reason == "BODY_TOO_LARGE") return 413;
  return otherwise;
}

// A status without details was made by the gRPC library here, not by a service.
absl::Status OfTransport(const grpc::Status& status, std::string_view target) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return errors::Unavailable(reasons::DEPENDENCY_UNAVAILABLE,
                                 fmt::format("The service {} cannot be reached.", target))
          .With("dependency", target);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return errors::Make(absl::StatusCode::kDeadlineExceeded,
                          reasons::DEADLINE_PASSED,
                          "Time ran out before the answer came.");
    case grpc::StatusCode::UNIMPLEMENTED:
      return errors::Make(absl::StatusCode::kUnimplemented,
                          reasons::METHOD_UNKNOWN,
                          "The service does not have this method.");
    case grpc::StatusCode::CANCELLED:
      return errors::Unavailable(reasons::OVERLOADED, "The call was cancelled.");
    default:
      return errors::Internal(reasons::INTERNAL_FAULT, "The service failed.");
  }
}

}  // namespace

int HttpCodeOf(int rpc_code) {
  switch (rpc_code) {
    case Code::OK:
      return 200;
    case Code::CANCELLED:
      return 499;
    case Code::INVALID_ARGUMENT:
    case Code::FAILED_PRECONDITION:
    case Code::OUT_OF_RANGE:
      return 400;
    case Code::DEADLINE_EXCEEDED:
      return 504;
    case Code::NOT_FOUND:
      return 404;
    case Code::ALREADY_EXISTS:
    case Code::ABORTED:
      return 409;
    case Code::PERMISSION_DENIED:
      return 403;
    case Code::UNAUTHENTICATED:
      return 401;
    case Code::RESOURCE_EXHAUSTED:
      return 429;
    case Code::UNIMPLEMENTED:
      return 501;
    case Code::UNAVAILABLE:
      return 503;
    default:
      return 500;
  }
}

std::string CodeName(int rpc_code) {
  const auto* value = google::rpc::Code_descriptor()->FindValueByNumber(rpc_code);
  return value == nullptr ? "UNKNOWN" : value->name();
}

google::rpc::Status ToRpcStatus(const grpc::Status& status,
                                std::string_view target,
                                std::string_view request_id,
                                std::string_view locale) {
  google::rpc::Status rpc;
  if (!status.error_details().empty() && rpc.ParseFromString(status.error_details()) &&
      rpc.details_size() > 0)
    return rpc;
  return ToRpcStatus(OfTransport(status, target), request_id, locale);
}

google::rpc::Status ToRpcStatus(const absl::Status& status,
                                std::string_view request_id,
                                std::string_view locale) {
  return errors::ToRpc(status, kDomain, request_id, locale);
}

http::Response MakeErrorResponse(const json::Codec& codec, const google::rpc::Status& status) {
  std::string details;
  std::string reason;
  http::Response response{
      .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}};
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      reason = info.reason();
      if (reason == "METHOD_NOT_ALLOWED")
        response.headers.emplace_back("Allow", info.metadata().at("allowed"));
    } else if (detail.UnpackTo(&retry)) {
      const auto& delay = retry.retry_delay();
      response.headers.emplace_back("Retry-After",
                                    std::to_string(delay.seconds() + (delay.nanos() > 0 ? 1 : 0)));
    }
    const absl::StatusOr<std::string> printed = codec.Print(detail);
    if (printed.ok()) details += (details.empty() ? "" : ",") + *printed;
  }
  response.status = HttpCodeOfReason(reason, HttpCodeOf(status.code()));
  if (response.status == 401) {
    response.headers.emplace_back(
        "WWW-Authenticate",
        reason == "TOKEN_MISSING" ? "Bearer" : "Bearer error=\"invalid_token\"");
  }
  response.body = fmt::format(R"({{"error":{{"code":{},"status":"{}","message":)",
                              response.status,
                              CodeName(status.code()));
  json::AppendQuoted(status.message(), response.body);
  response.body += fmt::format(R"(,"details":[{}]}}}})", details);
  return response;
}

}  // namespace teraju::gateway
