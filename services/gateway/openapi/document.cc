#include "services/gateway/openapi/document.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "services/gateway/openapi/schema.h"
#include "services/gateway/routing/http_rules.h"

namespace teraju::gateway {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using rpc::MethodRule;

// `agencies` -> `agency`, `cycles` -> `cycle`.
std::string Singular(const std::string& collection) {
  if (collection.ends_with("ies")) return collection.substr(0, collection.size() - 3) + "y";
  if (collection.ends_with("sses") || collection.ends_with("ches"))
    return collection.substr(0, collection.size() - 2);
  return collection.ends_with("s") ? collection.substr(0, collection.size() - 1) : collection;
}

// What each wildcard of a route is called. The first one below operations, changes and audit events
// is the service.
std::vector<std::string> ParameterNames(const Route& route) {
  std::map<std::size_t, std::string> own;  // `{kind}`: the field's own name
  for (const auto& variable : route.path.variables) {
    if (!variable.multiple && variable.end - variable.begin == 1)
      own[variable.begin] = variable.field_path;
  }
  std::vector<std::string> names;
  std::string before;
  for (std::size_t i = 0; i < route.path.segments.size(); ++i) {
    const auto& segment = route.path.segments[i];
    if (segment.wildcard == PathTemplate::Wildcard::kNone) {
      before = segment.literal;
      continue;
    }
    std::string name;
    if (before == "operations" || before == "changes" || before == "auditEvents") {
      name = "service";
      before = before == "operations"    ? "operation"
               : before == "auditEvents" ? "auditEvent"
                                         : "change";
    } else if (own.contains(i)) {
      name = own[i];
    } else {
      name = before.empty() ? "id" : Singular(before);
      before.clear();
    }
    while (std::find(names.begin(), names.end(), name) != names.end()) name += "Id";
    names.push_back(std::move(name));
  }
  return names;
}

class OpenApiMaker {
 public:
  OpenApiMaker(const Contract& contract, const RouteTable& routes, const Methods& methods)
      : contract_(contract), routes_(routes), methods_(methods), schemas_(contract) {}

  absl::StatusOr<std::string> Run(const std::string& version) {
    json::object paths;
    for (const Route& route : routes_.routes()) {
      json::object& item = paths[ConcretePath(route)].is_null()
                               ? paths[ConcretePath(route)].emplace_object()
                               : paths[ConcretePath(route)].get_object();
      const std::string verb = Lower(route.http_method);
      if (item.contains(verb)) {
        return absl::InvalidArgumentError(
            fmt::format("two routes are {} {}", route.http_method, ConcretePath(route)));
      }
      item[verb] = Operation(route);
    }
    return json::serialize(
        json::object{{"openapi", "3.1.0"},
                     {"info",
                      {{"title", "Teraju"},
                       {"version", version},
                       {"description",
                        "Performance appraisal, feedback and training of civil servants. Errors "
                        "follow AIP-193."},
                       {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
                     {"tags", Tags()},
                     {"paths", std::move(paths)},
                     {"components", Components()},
                     {"security", json::array{json::object{{"bearer", json::array()}}}}});
  }

 private:
  static std::string Lower(std::string text) {
    absl::AsciiStrToLower(&text);
    return text;
  }

  json::array Tags() const {
    json::array tags;
    for (const auto* service : contract_.services()) {
      tags.push_back(
          json::object{{"name", service->name()}, {"description", contract_.CommentOf(service)}});
    }
    return tags;
  }

  json::object Components() {
    json::object schemas = schemas_.TakeComponents();
    schemas["Error"] = {
        {"type", "object"},
        {"description",
         "What went wrong (AIP-193). `details` holds google.rpc.ErrorInfo with a stable reason, "
         "field violations, "
         "and a sentence in the caller's language."},
        {"required", {"error"}},
        {"properties",
         {{"error",
           {{"type", "object"},
            {"required", {"code", "status", "message"}},
            {"properties",
             {{"code", {{"type", "integer"}}},
              {"status", {{"type", "string"}}},
              {"message", {{"type", "string"}}},
              {"details",
               {{"type", "array"},
                {"items", {{"type", "object"}, {"additionalProperties", true}}}}}}}}}}}};
    return {
        {"schemas", std::move(schemas)},
        {"responses",
         {{"Error",
           {{"description", "The call was refused or failed."},
            {"content",
             {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Error"}}}}}}}}}}},
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}};
  }

  json::object Operation(const Route& route) {
    const Method& method = methods_.Of(route.method);
    const std::string comment = contract_.CommentOf(route.method);
    json::object operation = {{"operationId", OperationId(route)},
                              {"tags", json::array{route.method->service()->name()}}};
    if (!comment.empty()) {
      operation["summary"] = comment.substr(0, std::min(comment.find(". "), comment.find('\n')));
      operation["description"] = comment;
    }
    if (method.rule.access == MethodRule::Access::kPermission) {
      operation["x-permission"] = method.rule.permission;
    } else {
      operation["security"] = json::array();
    }
    if (json::array parameters = Parameters(route, method); !parameters.empty())
      operation["parameters"] = std::move(parameters);
    if (!route.body.empty()) operation["requestBody"] = RequestBody(route, method);
    operation["responses"] = {{"200", Success(method)},
                              {"default", {{"$ref", "#/components/responses/Error"}}}};
    return operation;
  }

  // Additional bindings of a method are operations of their own.
  std::string OperationId(const Route& route) {
    std::string id = route.method->service()->name() + "_" + route.method->name();
    while (!operation_ids_.insert(id).second) id += "_";
    return id;
  }

  json::array Parameters(const Route& route, const Method& method) {
    json::array parameters;
    for (const std::string& name : ParameterNames(route)) {
      parameters.push_back(json::object{
          {"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    if (route.body != "*") AddQuery(route, method.descriptor->input_type(), "", "", 0, parameters);
    if (method.request_id != nullptr) {
      parameters.push_back(
          json::object{{"name", "Idempotency-Key"},
                       {"in", "header"},
                       {"description", "The same as `requestId`: makes the call safe to repeat."},
                       {"schema", {{"type", "string"}, {"format", "uuid"}}}});
    }
    return parameters;
  }

  // Every field that neither path nor body gives; of nested messages their fields, two levels deep.
  void AddQuery(const Route& route,
                const Descriptor* type,
                const std::string& prefix,
                const std::string& json_prefix,
                int depth,
                json::array& parameters) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const std::string path = prefix + field->name();
      const std::string name = json_prefix + field->json_name();
      if (IsBound(route, path) || IsOutputOnly(field) || field->is_map()) continue;
      const Descriptor* message = field->message_type();
      if (message != nullptr &&
          message->well_known_type() == Descriptor::WELLKNOWNTYPE_UNSPECIFIED) {
        if (!field->is_repeated() && depth < 2)
          AddQuery(route, message, path + ".", name + ".", depth + 1, parameters);
        continue;
      }
      json::object schema = schemas_.Of(field);
      json::object parameter = {{"name", name}, {"in", "query"}};
      if (schema.contains("description")) parameter["description"] = schema["description"];
      schema.erase("description");
      if (depth == 0 && IsRequired(field)) parameter["required"] = true;
      parameter["schema"] = std::move(schema);
      parameters.push_back(std::move(parameter));
    }
  }

  static bool IsBound(const Route& route, const std::string& path) {
    if (path == route.body) return true;
    for (const auto& variable : route.path.variables) {
      if (variable.field_path == path) return true;
    }
    return false;
  }

  json::object RequestBody(const Route& route, const Method& method) {
    const FieldDescriptor* field =
        route.body == "*" ? nullptr : method.descriptor->input_type()->FindFieldByName(route.body);
    if (field != nullptr && field == method.raw_request) {
      json::object body = {{"required", true},
                           {"content", {{"*/*", {{"schema", json::object()}}}}}};
      if (method.rule.max_upload_bytes > 0)
        body["description"] = fmt::format("At most {} bytes.", method.rule.max_upload_bytes);
      return body;
    }
    json::object schema = field == nullptr ? BodySchema(route, method.descriptor->input_type())
                                           : schemas_.OfValue(field);
    return {{"required", field != nullptr && IsRequired(field)},
            {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
  }

  // The request without what the path already says.
  json::object BodySchema(const Route& route, const Descriptor* type) {
    json::object properties;
    json::array required;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (IsBound(route, field->name())) continue;
      properties[field->json_name()] = schemas_.Of(field);
      if (IsRequired(field)) required.emplace_back(field->json_name());
    }
    json::object schema = {{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
  }

  json::object Success(const Method& method) {
    if (method.raw_response) {
      return {{"description", "The document as it is."},
              {"content", {{"*/*", {{"schema", json::object()}}}}}};
    }
    return {{"description", "Done."},
            {"content",
             {{"application/json", {{"schema", schemas_.Of(method.descriptor->output_type())}}}}}};
  }

  const Contract& contract_;
  const RouteTable& routes_;
  const Methods& methods_;
  Schemas schemas_;
  std::set<std::string> operation_ids_;
};

}  // namespace

std::string ConcretePath(const Route& route) {
  const std::vector<std::string> names = ParameterNames(route);
  std::string path;
  std::size_t next = 0;
  for (const auto& segment : route.path.segments) {
    path += "/";
    path += segment.wildcard == PathTemplate::Wildcard::kNone ? segment.literal
                                                              : "{" + names[next++] + "}";
  }
  return route.path.verb.empty() ? path : path + ":" + route.path.verb;
}

absl::StatusOr<std::string> MakeOpenApi(const Contract& contract,
                                        const RouteTable& routes,
                                        const Methods& methods,
                                        const std::string& version) {
  return OpenApiMaker(contract, routes, methods).Run(version);
}

}  // namespace teraju::gateway
