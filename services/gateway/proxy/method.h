// What the gateway knows about each method, made once from descriptors: where it runs, how its
// messages look, what its fields mean to HTTP.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/rpc/method_rule.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/json/plan.h"

namespace teraju::gateway {

struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;  // `/teraju.evaluation.v1.Cycles/CloseCycle`
  rpc::MethodRule rule;
  const json::MessagePlan* request = nullptr;
  const json::MessagePlan* response = nullptr;

  // The service that runs it (`evaluation`). Empty for what every service offers (operations,
  // changes, audit events): there the second segment of the field `owner` says it.
  std::string target;
  const google::protobuf::FieldDescriptor* owner = nullptr;

  const google::protobuf::FieldDescriptor* raw_request =
      nullptr;  // its google.api.HttpBody, if it has one
  bool raw_response = false;
  bool read_only = false;  // bound to GET
  const google::protobuf::FieldDescriptor* request_id = nullptr;
  const google::protobuf::FieldDescriptor* update_mask = nullptr;

  bool upload() const { return descriptor->client_streaming(); }
  bool download() const { return descriptor->server_streaming(); }
};

class Methods {
 public:
  // Fails where a method has no access rule.
  static absl::StatusOr<Methods> Of(
      const std::vector<const google::protobuf::ServiceDescriptor*>& services,
      const json::Plans& plans);

  const Method& Of(const google::protobuf::MethodDescriptor* descriptor) const {
    return *by_descriptor_.at(descriptor);
  }
  // By the path that gRPC uses; null where unknown.
  const Method* Find(std::string_view path) const;

 private:
  std::vector<std::unique_ptr<const Method>> all_;
  absl::flat_hash_map<const google::protobuf::MethodDescriptor*, const Method*> by_descriptor_;
  absl::flat_hash_map<std::string_view, const Method*> by_path_;
};

// The service that answers this request: the method's own, or the one that the request's owner
// field names. Empty where it names none.
std::string TargetOf(const Method& method, const google::protobuf::Message& request);

}  // namespace teraju::gateway
