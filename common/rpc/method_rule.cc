#include "common/rpc/method_rule.h"

#include <fmt/format.h>

#include <optional>

#include "common/errors/status_macros.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using options::v1::Access;

constexpr char kOperations[] = "google.longrunning.Operations";

bool HasDuration(const Descriptor& request, const char* name) {
  const FieldDescriptor* field = request.FindFieldByName(name);
  return field != nullptr && field->message_type() != nullptr &&
         field->message_type()->full_name() == "google.protobuf.Duration";
}

std::optional<Access> AccessOf(const MethodDescriptor& method) {
  Access access;
  if (method.service()->full_name() == kOperations) {
    const bool changes = method.name() == "CancelOperation" || method.name() == "DeleteOperation";
    access.set_permission(changes ? "operations.cancel" : "operations.get");
    return access;
  }
  if (!method.options().HasExtension(options::v1::access)) return std::nullopt;
  return method.options().GetExtension(options::v1::access);
}

}  // namespace

absl::StatusOr<MethodRule> RuleOf(const MethodDescriptor& method) {
  MethodRule rule{.name = fmt::format("{}/{}", method.service()->full_name(), method.name())};
  rule.streams = method.client_streaming() || method.server_streaming();
  rule.waits =
      HasDuration(*method.input_type(), "max_wait") || HasDuration(*method.input_type(), "timeout");
  const std::optional<Access> access = AccessOf(method);
  if (access) {
    rule.max_upload_bytes = access->max_upload_bytes();
    rule.waits = rule.waits || access->waits();
  }
  switch (access ? access->rule_case() : Access::RULE_NOT_SET) {
    case Access::kPermission:
      rule.permission = access->permission();
      return rule;
    case Access::kPublic:
      rule.access = MethodRule::Access::kPublic;
      return rule;
    case Access::kResponseToken:
      rule.access = MethodRule::Access::kResponseToken;
      return rule;
    case Access::RULE_NOT_SET:
      break;
  }
  return absl::FailedPreconditionError(
      fmt::format("method {} has no teraju.options.v1.access", rule.name));
}

absl::StatusOr<MethodRule> RuleOfRequest(const Descriptor& request) {
  const MethodDescriptor* found = nullptr;
  for (int i = 0; i < request.file()->service_count(); ++i) {
    const ServiceDescriptor& service = *request.file()->service(i);
    for (int k = 0; k < service.method_count(); ++k) {
      if (service.method(k)->input_type() != &request) continue;
      if (found != nullptr) {
        return absl::FailedPreconditionError(
            fmt::format("{} is the request of two methods", request.full_name()));
      }
      found = service.method(k);
    }
  }
  if (found == nullptr) {
    return absl::FailedPreconditionError(
        fmt::format("no service beside {} takes it", request.full_name()));
  }
  return RuleOf(*found);
}

absl::Status CheckService(std::string_view service, const auth::PermissionTable& permissions) {
  const ServiceDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service));
  if (descriptor == nullptr)
    return absl::FailedPreconditionError(fmt::format("service {} has no descriptor", service));
  for (int i = 0; i < descriptor->method_count(); ++i) {
    ASSIGN_OR_RETURN(const MethodRule rule, RuleOfRequest(*descriptor->method(i)->input_type()));
    if (rule.access == MethodRule::Access::kPermission && !permissions.Has(rule.permission)) {
      return absl::FailedPreconditionError(fmt::format(
          "method {}: permission '{}' is not in the table", rule.name, rule.permission));
    }
  }
  return absl::OkStatus();
}

}  // namespace teraju::rpc
