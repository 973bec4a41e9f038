#include "common/errors/error.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/errors/utf8.h"

namespace teraju::errors {
namespace {

constexpr std::size_t kLongestText = 500;

google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  const std::int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &duration);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(duration)));
  return proto;
}

google::rpc::ResourceInfo Resource(std::string_view name) {
  google::rpc::ResourceInfo info;
  info.set_resource_name(ClipUtf8(name, kLongestText));
  return info;
}

}  // namespace

Error::Error(absl::StatusCode code,
             const google::protobuf::EnumDescriptor* reasons,
             int reason,
             std::string_view message)
    : code_(code), message_(ClipUtf8(message, kLongestText)) {
  const auto* value = reasons->FindValueByNumber(reason);
  info_.set_reason(value == nullptr ? "" : value->name());
}

Error&& Error::With(std::string_view key, std::string_view value) && {
  (*info_.mutable_metadata())[std::string(key)] = ClipUtf8(value, kLongestText);
  return std::move(*this);
}

Error&& Error::RetryAfter(absl::Duration delay) && {
  retry_after_ = std::max(delay, absl::ZeroDuration());
  return std::move(*this);
}

Error::operator absl::Status() && {
  absl::Status status(code_, message_);
  SetDetail(status, info_);
  if (retry_after_ != absl::InfiniteDuration()) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = ToProto(retry_after_);
    SetDetail(status, retry);
  }
  return status;
}

absl::Status ResourceNotFound(std::string_view resource) {
  absl::Status status =
      NotFound(reasons::RESOURCE_NOT_FOUND, fmt::format("Not found: {}", resource))
          .With("resource", resource);
  SetDetail(status, Resource(resource));
  return status;
}

absl::Status ResourceExists(std::string_view resource) {
  absl::Status status =
      AlreadyExists(reasons::RESOURCE_EXISTS, fmt::format("It exists already: {}", resource))
          .With("resource", resource);
  SetDetail(status, Resource(resource));
  return status;
}

absl::Status EtagMismatch(std::string_view resource) {
  return Aborted(reasons::ETAG_MISMATCH,
                 fmt::format("The etag does not match the current one of {}", resource))
      .With("resource", resource);
}

absl::Status Denied(std::string_view permission, std::string_view resource) {
  return PermissionDenied(
             reasons::PERMISSION_DENIED,
             fmt::format("Permission '{}' denied on resource '{}' (or it might not exist).",
                         permission,
                         resource))
      .With("permission", permission)
      .With("resource", resource);
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = GetDetail<google::rpc::ErrorInfo>(status);
  return info ? info->reason() : std::string();
}

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  const auto info = GetDetail<google::rpc::ErrorInfo>(status);
  if (!info) return {};
  const auto entry = info->metadata().find(std::string(key));
  return entry == info->metadata().end() ? std::string() : entry->second;
}

}  // namespace teraju::errors
