// What the descriptors say about a method: who may call it, how large an upload may be, whether it
// waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/permissions.h"
#include "google/protobuf/descriptor.h"

namespace teraju::rpc {

struct MethodRule {
  enum class Access { kPermission, kPublic, kResponseToken };

  std::string name;  // `teraju.evaluation.v1.Cycles/CloseCycle`
  Access access = Access::kPermission;
  std::string permission;             // for kPermission
  std::int64_t max_upload_bytes = 0;  // for uploads
  bool streams = false;
  bool waits = false;  // for an event, as long as its `max_wait` or `timeout` says, or for others
};

// The rule of a method. google.longrunning.Operations has none in its file, so its rules are known
// here (`operations.get`, `operations.cancel`). FAILED_PRECONDITION for a method without
// `teraju.options.v1.access`.
absl::StatusOr<MethodRule> RuleOf(const google::protobuf::MethodDescriptor& method);

// The method that takes this request: one of the services in the request's file.
// FAILED_PRECONDITION when none or several do.
absl::StatusOr<MethodRule> RuleOfRequest(const google::protobuf::Descriptor& request);

// Whether a service may be offered: it is known, and every method has a rule, its permission is in
// the table, its request type belongs to it alone. FAILED_PRECONDITION naming the method otherwise.
absl::Status CheckService(std::string_view service, const auth::PermissionTable& permissions);

}  // namespace teraju::rpc
