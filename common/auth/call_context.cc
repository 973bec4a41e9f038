#include "common/auth/call_context.h"

#include <algorithm>

#include "common/errors/error.h"

namespace teraju::auth {
namespace {

// By the last word of a permission: `get`, `list`, `listSegments`, `resolve`.
bool Reads(std::string_view permission) {
  const std::string_view verb = permission.substr(permission.rfind('.') + 1);
  return verb.starts_with("get") || verb.starts_with("list") || verb == "resolve";
}

bool Conflicts(const Principal& principal, const Object& object) {
  const std::string& acting = principal.acting;
  if (object.person == acting) return true;
  return object.person == principal.subject &&
         (object.appraiser == acting || object.next_appraiser == acting ||
          std::find(object.raters.begin(), object.raters.end(), acting) != object.raters.end());
}

}  // namespace

absl::Status CallContext::Authorize(const Object& object) const {
  return Authorize(permission(), object);
}

absl::Status CallContext::Authorize(std::string_view permission, const Object& object) const {
  asked_ = true;
  if (!Allowed(permission, object)) return errors::Denied(permission, object.resource);
  if (principal().acting.empty() || Reads(permission) || !Conflicts(principal(), object))
    return absl::OkStatus();
  return errors::Make(absl::StatusCode::kPermissionDenied,
                      errors::reasons::DUTIES_SEPARATED,
                      "Who speaks for another may not do this to the object.")
      .With("resource", object.resource);
}

bool CallContext::Allowed(std::string_view permission, const Object& object) const {
  return authorizer_.Allowed(principal(), permission, object);
}

absl::StatusOr<Scope> CallContext::AuthorizeList(const AgencyId& agency,
                                                 std::string_view resource) const {
  return AuthorizeList(permission(), agency, resource);
}

absl::StatusOr<Scope> CallContext::AuthorizeList(std::string_view permission,
                                                 const AgencyId& agency,
                                                 std::string_view resource) const {
  asked_ = true;
  Scope scope = authorizer_.ScopeOf(principal(), permission, agency);
  if (scope.empty()) return errors::Denied(permission, resource);
  return scope;
}

}  // namespace teraju::auth
