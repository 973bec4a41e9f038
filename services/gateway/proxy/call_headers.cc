#include "services/gateway/proxy/call_headers.h"

#include <fmt/format.h>

#include <random>

#include "common/rpc/request_metadata.h"
#include "grpcpp/client_context.h"
#include "services/gateway/http/request_head.h"

namespace teraju::gateway {
namespace {

constexpr std::string_view kBearer = "Bearer ";
// A token has at most 4 KiB; with everything else this stays well below 8 KiB.
constexpr std::size_t kMaxAuthorization = 4096 + kBearer.size();
constexpr std::size_t kMaxLanguage = 100;

bool IsBearer(std::string_view authorization) {
  return authorization.size() > kBearer.size() &&
         http::EqualsIgnoreCase(authorization.substr(0, kBearer.size()), kBearer);
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c == 0x7f) return false;  // also everything beyond ASCII
  }
  return true;
}

}  // namespace

CallHeaders CallHeaders::Make(const rpc::MethodRule& rule,
                              std::string_view authorization,
                              std::string_view request_id,
                              std::string_view traceparent,
                              std::string_view accept_language,
                              std::string_view on_behalf_of,
                              std::string_view source) {
  CallHeaders headers;
  if (accept_language.size() <= kMaxLanguage && IsPlain(accept_language)) {
    headers.accept_language = std::string(accept_language);
    if (!accept_language.empty()) headers.locale = rpc::PreferredLocale(accept_language);
  }
  if (rule.access == rpc::MethodRule::Access::kResponseToken) return headers;
  headers.request_id = rpc::IsRequestId(request_id) ? std::string(request_id) : NewRequestId();
  if (rpc::IsTraceparent(traceparent)) headers.traceparent = std::string(traceparent);
  // What is malformed goes on as such: it must be refused, not forgotten.
  if (!on_behalf_of.empty())
    headers.on_behalf_of = rpc::IsPersonSubject(on_behalf_of) ? std::string(on_behalf_of) : "?";
  // Only signing in asks where somebody is.
  if (rule.access == rpc::MethodRule::Access::kPublic) headers.source = std::string(source);
  // A public method gets credentials of its own kind (a client's secret at the token endpoint),
  // never a session.
  const bool wanted =
      rule.access == rpc::MethodRule::Access::kPermission || !IsBearer(authorization);
  // What is too long stays too long by one byte: it is refused as wrong, not taken as missing.
  if (wanted && IsPlain(authorization)) {
    headers.authorization = std::string(authorization.substr(0, kMaxAuthorization + 1));
  }
  return headers;
}

std::string_view CallHeaders::bearer_token() const {
  return IsBearer(authorization) ? std::string_view(authorization).substr(kBearer.size())
                                 : std::string_view();
}

void CallHeaders::AddTo(grpc::ClientContext& context) const {
  if (!authorization.empty()) context.AddMetadata("authorization", authorization);
  if (!request_id.empty()) context.AddMetadata("x-request-id", request_id);
  if (!traceparent.empty()) context.AddMetadata("traceparent", traceparent);
  if (!accept_language.empty()) context.AddMetadata("accept-language", accept_language);
  if (!on_behalf_of.empty()) context.AddMetadata(rpc::kOnBehalfOfHeader, on_behalf_of);
  if (!source.empty()) context.AddMetadata(rpc::kSourceHeader, source);
}

std::string SourceOf(std::string_view peer, std::string_view forwarded_for, int hops) {
  std::string_view seen = peer;
  for (int hop = 0; hop < hops && !forwarded_for.empty(); ++hop) {
    const std::size_t comma = forwarded_for.rfind(',');
    seen = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
    forwarded_for = comma == std::string_view::npos ? "" : forwarded_for.substr(0, comma);
  }
  const std::size_t begin = seen.find_first_not_of(' ');
  seen = begin == std::string_view::npos ? "" : seen.substr(begin);
  return rpc::IsAddress(seen) ? std::string(seen) : std::string();
}

std::string NewRequestId() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return fmt::format("{:016x}{:016x}", random(), random());
}

}  // namespace teraju::gateway
