#include "services/gateway/proxy/method.h"

#include <memory>
#include <utility>

#include "common/errors/status_macros.h"
#include "google/api/annotations.pb.h"
#include "services/gateway/routing/http_rules.h"
#include "services/gateway/routing/uri.h"

namespace teraju::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// `teraju.evaluation.v1` -> `evaluation`; empty for packages that every service offers.
std::string OwnerOfPackage(const std::string& package) {
  if (package == "google.longrunning" || package == "teraju.changes.v1" ||
      package == "teraju.audit.v1")
    return "";
  const std::vector<std::string_view> parts = Split(package, '.');
  return std::string(parts.size() < 2 ? parts[0] : parts[1]);
}

const FieldDescriptor* StringField(const MethodDescriptor* method, const std::string& name) {
  const FieldDescriptor* field = method->input_type()->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated()
             ? field
             : nullptr;
}

absl::StatusOr<std::unique_ptr<const Method>> Make(const MethodDescriptor* descriptor,
                                                   const json::Plans& plans) {
  auto method = std::make_unique<Method>();
  method->descriptor = descriptor;
  method->path = "/" + descriptor->service()->full_name() + "/" + descriptor->name();
  ASSIGN_OR_RETURN(method->rule, rpc::RuleOf(*descriptor));
  method->request = &plans.Of(descriptor->input_type());
  method->response = &plans.Of(descriptor->output_type());
  method->target = OwnerOfPackage(descriptor->file()->package());
  if (method->target.empty()) {
    method->owner = StringField(descriptor, "name");
    if (method->owner == nullptr) method->owner = StringField(descriptor, "parent");
  }
  method->raw_request = HttpBodyField(descriptor->input_type());
  method->raw_response = IsHttpBody(descriptor->output_type());
  const auto& http = descriptor->options().GetExtension(google::api::http);
  method->read_only = !http.get().empty();
  method->request_id = StringField(descriptor, "request_id");
  const FieldDescriptor* mask = descriptor->input_type()->FindFieldByName("update_mask");
  if (mask != nullptr && mask->message_type() != nullptr &&
      mask->message_type()->well_known_type() ==
          google::protobuf::Descriptor::WELLKNOWNTYPE_FIELDMASK) {
    method->update_mask = mask;
  }
  return method;
}

}  // namespace

absl::StatusOr<Methods> Methods::Of(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services,
    const json::Plans& plans) {
  Methods methods;
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      ASSIGN_OR_RETURN(std::unique_ptr<const Method> made, Make(service->method(i), plans));
      methods.by_descriptor_.emplace(service->method(i), made.get());
      methods.by_path_.emplace(made->path, made.get());
      methods.all_.push_back(std::move(made));
    }
  }
  return methods;
}

const Method* Methods::Find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

std::string TargetOf(const Method& method, const google::protobuf::Message& request) {
  if (method.owner == nullptr) return method.target;
  const std::string name = request.GetReflection()->GetString(request, method.owner);
  const std::vector<std::string_view> segments = Split(name, '/');
  return segments.size() < 2 ? "" : std::string(segments[1]);
}

}  // namespace teraju::gateway
