#include "common/errors/grpc_status.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::errors {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::EnumValueDescriptor;

// Base64 makes 4/3 of it, and the message and the other trailers need their part of 8 KiB.
constexpr std::size_t kLargestStatus = 5000;

const EnumValueDescriptor* FindReason(std::string_view package, const std::string& reason) {
  const auto* reasons =
      DescriptorPool::generated_pool()->FindEnumTypeByName(fmt::format("{}.ErrorReason", package));
  return reasons == nullptr ? nullptr : reasons->FindValueByName(reason);
}

// The service's own reason of that name ("evaluation.teraju"), else the one that all share.
const EnumValueDescriptor* FindReason(const google::rpc::ErrorInfo& info) {
  const std::string service = info.domain().substr(0, info.domain().find('.'));
  const auto* own = FindReason(fmt::format("teraju.{}.v1", service), info.reason());
  return own != nullptr ? own : FindReason("teraju.errors.v1", info.reason());
}

// Replaces each `{key}`; a key without a value becomes "…".
std::string Fill(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string filled;
  while (true) {
    const std::size_t open = text.find('{');
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return filled.append(text);
    const auto value = values.find(std::string(text.substr(open + 1, close - open - 1)));
    filled.append(text.substr(0, open)).append(value == values.end() ? "…" : value->second);
    text.remove_prefix(close + 1);
  }
}

// Leaves what `status` says already (a peer's message) where the reason is not one that we know.
void AddLocalizedMessage(absl::Status& status,
                         const google::rpc::ErrorInfo& info,
                         std::string_view request_id,
                         std::string_view locale) {
  const EnumValueDescriptor* reason = FindReason(info);
  if (reason == nullptr || !reason->options().HasExtension(options::v1::text)) return;
  const options::v1::Text& text = reason->options().GetExtension(options::v1::text);
  std::map<std::string, std::string> values(info.metadata().begin(), info.metadata().end());
  values.try_emplace("request_id", request_id);
  google::rpc::LocalizedMessage message;
  message.set_locale(std::string(locale));
  message.set_message(Fill(locale == "en" ? text.en() : text.id(), values));
  SetDetail(status, message);
}

void LocalizeViolations(absl::Status& status, std::string_view locale) {
  auto bad_request = GetDetail<google::rpc::BadRequest>(status);
  if (!bad_request || locale != "en") return;
  for (auto& violation : *bad_request->mutable_field_violations()) {
    violation.mutable_localized_message()->set_locale("en");
    violation.mutable_localized_message()->set_message(violation.description());
  }
  SetDetail(status, *bad_request);
}

google::rpc::Status Pack(const absl::Status& status) {
  google::rpc::Status packed;
  packed.set_code(static_cast<int>(status.code()));
  packed.set_message(std::string(status.message()));
  std::map<std::string, std::string> details;  // absl::Status gives its payloads in no order
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& value) {
    details.emplace(std::string(url), std::string(value));
  });
  const auto add = [&](const std::string& url, std::string value) {
    auto* any = packed.add_details();
    any->set_type_url(url);
    any->set_value(std::move(value));
  };
  // What a client decides by comes first.
  if (auto info = details.extract(DetailTypeUrl<google::rpc::ErrorInfo>())) {
    add(info.key(), std::move(info.mapped()));
  }
  for (auto& [url, value] : details) add(url, std::move(value));
  return packed;
}

// Drops violations from the end until the whole fits.
google::rpc::Status PackWithinLimit(absl::Status status) {
  google::rpc::Status packed = Pack(status);
  auto bad_request = GetDetail<google::rpc::BadRequest>(status);
  std::size_t size = packed.ByteSizeLong();
  if (!bad_request || size <= kLargestStatus) return packed;
  auto* violations = bad_request->mutable_field_violations();
  int omitted = 0;
  if (!absl::SimpleAtoi(MetadataOf(status, kOmittedViolations), &omitted)) omitted = 0;
  while (size > kLargestStatus && !violations->empty()) {
    size -= violations->rbegin()->ByteSizeLong();
    violations->RemoveLast();
    ++omitted;
  }
  SetDetail(status, *bad_request);
  auto info = GetDetail<google::rpc::ErrorInfo>(status).value_or(google::rpc::ErrorInfo());
  (*info.mutable_metadata())[kOmittedViolations] = std::to_string(omitted);
  SetDetail(status, info);
  return Pack(status);
}

}  // namespace

google::rpc::Status ToRpc(const absl::Status& status,
                          std::string_view domain,
                          std::string_view request_id,
                          std::string_view locale) {
  if (status.ok()) return {};
  auto info = GetDetail<google::rpc::ErrorInfo>(status);
  absl::Status sent = status;
  if (!info || info->reason().empty()) {
    sent = Internal(reasons::INTERNAL_FAULT, "Internal fault; see the log under the request id.");
    info = GetDetail<google::rpc::ErrorInfo>(sent);
  }
  if (info->domain().empty()) info->set_domain(std::string(domain));
  SetDetail(sent, *info);
  AddLocalizedMessage(sent, *info, request_id, locale);
  LocalizeViolations(sent, locale);
  if (!request_id.empty()) {
    google::rpc::RequestInfo request;
    request.set_request_id(std::string(request_id));
    SetDetail(sent, request);
  }
  return PackWithinLimit(std::move(sent));
}

grpc::Status ToGrpc(const absl::Status& status,
                    std::string_view domain,
                    std::string_view request_id,
                    std::string_view locale) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status packed = ToRpc(status, domain, request_id, locale);
  return {
      static_cast<grpc::StatusCode>(packed.code()), packed.message(), packed.SerializeAsString()};
}

absl::Status FromRpc(const google::rpc::Status& status) {
  absl::Status unpacked(static_cast<absl::StatusCode>(status.code()), status.message());
  for (const auto& detail : status.details()) {
    unpacked.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return unpacked;
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status packed;
  // The code of the trailers counts: without our details (a proxy's answer) it is all there is.
  if (!packed.ParseFromString(status.error_details()) || packed.code() != status.error_code()) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  return FromRpc(packed);
}

}  // namespace teraju::errors
