#include "tests/security/targets.h"

#include <memory>

#include "google/longrunning/operations.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "tests/contract/methods.h"

namespace teraju::security {

using google::protobuf::MethodDescriptor;
using options::v1::Access;

std::string Replace(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

namespace {

constexpr const char* kServices[] = {"identity", "catalog", "evaluation", "feedback", "training"};

// `/v1/{name=agencies/*/goals/*}:publish` with ids in place of stars.
std::string Fill(std::string pattern, const std::string& agency, const std::string& service) {
  pattern = Replace(std::move(pattern), "agencies/*", agency);
  for (const char* shared : {"changes/*", "auditEvents/*", "dataReads/*"})
    pattern = Replace(std::move(pattern), shared, Replace(shared, "*", service));
  while (pattern.find("/*") != std::string::npos)
    pattern = Replace(std::move(pattern), "/*", std::string("/") + kSomeId);
  std::string path;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t open = pattern.find('{', at);
    path += pattern.substr(at, open - at);
    if (open == std::string::npos) break;
    const std::size_t close = pattern.find('}', open);
    const std::string variable = pattern.substr(open + 1, close - open - 1);
    const std::size_t equals = variable.find('=');
    path += equals == std::string::npos ? "x" : variable.substr(equals + 1);
    at = close + 1;
  }
  return path;
}

// A method that every service offers is found by the owner's name in its first field.
std::string OwnerOnly(const MethodDescriptor& method,
                      const std::string& pattern,
                      const std::string& service) {
  const std::size_t equals = pattern.find('=');
  const std::string name = Fill(
      "{" + pattern.substr(pattern.find('{') + 1, pattern.find('}') - pattern.find('{') - 1) + "}",
      "",
      service);
  const auto* field = method.input_type()->FindFieldByNumber(1);
  if (equals == std::string::npos || field == nullptr) return "";
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> message(
      factory.GetPrototype(method.input_type())->New());
  message->GetReflection()->SetString(message.get(), field, name);
  return message->SerializeAsString();
}

const Access& Permission(const char* permission) {
  auto* access = new Access;
  access->set_permission(permission);
  return *access;
}

// google.longrunning.Operations of a service: Google's proto states neither routes nor permissions.
std::vector<Target> OperationTargets(const std::string& service) {
  static const Access& get = Permission("operations.get");
  static const Access& cancel = Permission("operations.cancel");
  const std::string all = "operations/" + service;
  const std::string one = all + "/" + kSomeId;
  const std::string methods = "google.longrunning.Operations/";
  google::longrunning::ListOperationsRequest list;
  list.set_name(all);
  google::longrunning::GetOperationRequest named;  // as are the others, in their first field
  named.set_name(one);
  return {{methods + "ListOperations", &get, "GET", "/v1/" + all, "", list.SerializeAsString()},
          {methods + "GetOperation", &get, "GET", "/v1/" + one, "", named.SerializeAsString()},
          {methods + "CancelOperation",
           &cancel,
           "POST",
           "/v1/" + one + ":cancel",
           "",
           named.SerializeAsString()}};
}

}  // namespace

std::vector<Target> Targets(const std::string& agency, const std::string& other) {
  std::vector<Target> targets;
  for (const MethodDescriptor* method : contract::Methods()) {
    const auto [verb, pattern] = contract::RouteOf(*method);
    const bool shared = pattern.find("changes/*") != std::string::npos ||
                        pattern.find("auditEvents/*") != std::string::npos ||
                        pattern.find("dataReads/*") != std::string::npos;
    const bool names_agency = pattern.find("agencies/*") != std::string::npos;
    for (const char* service : kServices) {
      targets.push_back({method->service()->full_name() + "/" + method->name(),
                         &contract::AccessOf(*method),
                         verb,
                         Fill(pattern, agency, service),
                         names_agency ? Fill(pattern, other, service) : "",
                         shared ? OwnerOnly(*method, pattern, service) : ""});
      if (!shared) break;
    }
  }
  for (const char* service : kServices) {
    for (Target& target : OperationTargets(service)) targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace teraju::security
