#include "services/gateway/routing/http_rules.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "common/errors/status_macros.h"
#include "google/api/annotations.pb.h"
#include "services/gateway/routing/uri.h"

namespace teraju::gateway {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// Operations carry the name of the service that runs them (`operations/{service}/{id}`), which
// Google's own patterns for this mixin do not say. WaitOperation has no route: waiting is polling,
// bounded by the client. Nor has DeleteOperation, which no service offers.
const std::map<std::string, HttpRule>& MixinRules() {
  static const auto* const rules = [] {
    auto* made = new std::map<std::string, HttpRule>;
    (*made)["google.longrunning.Operations.ListOperations"].set_get("/v1/{name=operations/*}");
    (*made)["google.longrunning.Operations.GetOperation"].set_get("/v1/{name=operations/*/*}");
    HttpRule& cancel = (*made)["google.longrunning.Operations.CancelOperation"];
    cancel.set_post("/v1/{name=operations/*/*}:cancel");
    cancel.set_body("*");
    return made;
  }();
  return *rules;
}

// Of a mixin only what is above, whatever Google's patterns add.
const HttpRule& RuleOf(const MethodDescriptor* method) {
  if (method->service()->full_name() != "google.longrunning.Operations")
    return method->options().GetExtension(google::api::http);
  const auto rule = MixinRules().find(method->full_name());
  return rule != MixinRules().end() ? rule->second : HttpRule::default_instance();
}

std::pair<std::string, std::string> MethodAndPattern(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return {"GET", rule.get()};
    case HttpRule::kPut:
      return {"PUT", rule.put()};
    case HttpRule::kPost:
      return {"POST", rule.post()};
    case HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    case HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    default:
      return {};
  }
}

const FieldDescriptor* FindField(const Descriptor* type, std::string_view path) {
  const FieldDescriptor* field = nullptr;
  for (const std::string_view name : Split(path, '.')) {
    if (type == nullptr) return nullptr;
    field = type->FindFieldByName(std::string(name));
    if (field == nullptr || field->is_repeated()) return nullptr;
    type = field->message_type();
  }
  return field;
}

absl::Status Check(const Route& route) {
  const MethodDescriptor* method = route.method;
  const auto wrong = [&](std::string_view what) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {} {}: {}", method->full_name(), route.http_method, route.pattern, what));
  };
  for (const PathTemplate::Variable& variable : route.path.variables) {
    const FieldDescriptor* field = FindField(method->input_type(), variable.field_path);
    if (field == nullptr || field->message_type() != nullptr) {
      return wrong(fmt::format("{} is no scalar field of the request", variable.field_path));
    }
  }
  if (!route.body.empty() && route.body != "*" &&
      method->input_type()->FindFieldByName(route.body) == nullptr) {
    return wrong(fmt::format("the body {} is no field of the request", route.body));
  }
  if (!route.body.empty() && (route.http_method == "GET" || route.http_method == "DELETE"))
    return wrong("takes no body");
  if (!route.response_body.empty()) return wrong("response_body is not used in this suite");
  if (method->client_streaming()) {
    const FieldDescriptor* body = HttpBodyField(method->input_type());
    if (method->server_streaming() || body == nullptr || route.body != body->name()) {
      return wrong("only uploads of google.api.HttpBody stream from the client");
    }
  } else if (method->server_streaming() && !IsHttpBody(method->output_type())) {
    return wrong("only downloads of google.api.HttpBody stream to the client");
  }
  return absl::OkStatus();
}

absl::StatusOr<Route> MakeRoute(const MethodDescriptor* method, const HttpRule& rule) {
  Route route{.method = method};
  std::tie(route.http_method, route.pattern) = MethodAndPattern(rule);
  if (route.http_method.empty())
    return absl::InvalidArgumentError(method->full_name() + ": has an HTTP rule without a pattern");
  ASSIGN_OR_RETURN(route.path, PathTemplate::Parse(route.pattern));
  route.body = rule.body();
  route.response_body = rule.response_body();
  route.colons_in_ids = IsHttpBody(method->output_type()) && !method->server_streaming() &&
                        route.path.verb.empty() &&
                        route.path.segments.back().wildcard != PathTemplate::Wildcard::kNone;
  RETURN_IF_ERROR(Check(route));
  return route;
}

}  // namespace

bool IsHttpBody(const Descriptor* type) { return type->full_name() == "google.api.HttpBody"; }

const FieldDescriptor* HttpBodyField(const Descriptor* type) {
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!field->is_repeated() && field->message_type() != nullptr &&
        IsHttpBody(field->message_type()))
      return field;
  }
  return nullptr;
}

absl::StatusOr<std::vector<Route>> RoutesOf(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  std::vector<Route> routes;
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      const HttpRule& rule = RuleOf(method);
      if (rule.pattern_case() == HttpRule::PATTERN_NOT_SET) continue;
      ASSIGN_OR_RETURN(Route route, MakeRoute(method, rule));
      routes.push_back(std::move(route));
      for (const HttpRule& more : rule.additional_bindings()) {
        ASSIGN_OR_RETURN(Route other, MakeRoute(method, more));
        routes.push_back(std::move(other));
      }
    }
  }
  return routes;
}

}  // namespace teraju::gateway
