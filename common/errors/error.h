// A failure as data: a code, a stable reason from a generated enum, metadata, a developer's
// message. What a person reads is the reason's `teraju.options.v1.text`, filled from the metadata.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/rpc/error_details.pb.h"
#include "teraju/errors/v1/error_reason.pb.h"

namespace teraju::errors {

namespace reasons = ::teraju::errors::v1;

// Builds a status: `return errors::NotFound(reasons::RESOURCE_NOT_FOUND, "No such
// cycle.").With("resource", name);`
class Error {
 public:
  Error(absl::StatusCode code,
        const google::protobuf::EnumDescriptor* reasons,
        int reason,
        std::string_view message);

  // Adds one entry of metadata, cut to 500 bytes. Never personal data.
  Error&& With(std::string_view key, std::string_view value) &&;
  // Tells the client when to try again (google.rpc.RetryInfo).
  Error&& RetryAfter(absl::Duration delay) &&;

  // Also what a function returns that gives absl::StatusOr<T>.
  operator absl::Status() &&;  // NOLINT(google-explicit-constructor): reads as a return value

 private:
  absl::StatusCode code_;
  std::string message_;
  google::rpc::ErrorInfo info_;
  absl::Duration retry_after_ = absl::InfiniteDuration();
};

template <typename E>
concept Reason = google::protobuf::is_proto_enum<E>::value;

template <Reason E>
Error Make(absl::StatusCode code, E reason, std::string_view message) {
  return {code, google::protobuf::GetEnumDescriptor<E>(), static_cast<int>(reason), message};
}
template <Reason E>
Error InvalidArgument(E reason, std::string_view message) {
  return Make(absl::StatusCode::kInvalidArgument, reason, message);
}
template <Reason E>
Error NotFound(E reason, std::string_view message) {
  return Make(absl::StatusCode::kNotFound, reason, message);
}
template <Reason E>
Error AlreadyExists(E reason, std::string_view message) {
  return Make(absl::StatusCode::kAlreadyExists, reason, message);
}
template <Reason E>
Error FailedPrecondition(E reason, std::string_view message) {
  return Make(absl::StatusCode::kFailedPrecondition, reason, message);
}
template <Reason E>
Error PermissionDenied(E reason, std::string_view message) {
  return Make(absl::StatusCode::kPermissionDenied, reason, message);
}
template <Reason E>
Error Unauthenticated(E reason, std::string_view message) {
  return Make(absl::StatusCode::kUnauthenticated, reason, message);
}
template <Reason E>
Error Aborted(E reason, std::string_view message) {
  return Make(absl::StatusCode::kAborted, reason, message);
}
template <Reason E>
Error ResourceExhausted(E reason, std::string_view message) {
  return Make(absl::StatusCode::kResourceExhausted, reason, message);
}
template <Reason E>
Error Unavailable(E reason, std::string_view message) {
  return Make(absl::StatusCode::kUnavailable, reason, message);
}
template <Reason E>
Error Internal(E reason, std::string_view message) {
  return Make(absl::StatusCode::kInternal, reason, message);
}

// The refusals that every service gives in the same words.
absl::Status ResourceNotFound(std::string_view resource);
absl::Status ResourceExists(std::string_view resource);
absl::Status EtagMismatch(std::string_view resource);
// AIP-211: says the same whether the resource is out of scope or absent.
absl::Status Denied(std::string_view permission, std::string_view resource);

// The reason of a status, as the enum value's name; empty when it has none.
std::string ReasonOf(const absl::Status& status);
// An entry of its metadata; empty when absent.
std::string MetadataOf(const absl::Status& status, std::string_view key);

// Reads and writes a google.rpc detail kept as a payload under its type URL (so at most one of
// each, AIP-193).
template <typename Detail>
std::string DetailTypeUrl() {
  return "type.googleapis.com/" + Detail::descriptor()->full_name();
}
template <typename Detail>
std::optional<Detail> GetDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(DetailTypeUrl<Detail>());
  Detail detail;
  if (!payload || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}
template <typename Detail>
void SetDetail(absl::Status& status, const Detail& detail) {
  status.SetPayload(DetailTypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

}  // namespace teraju::errors
