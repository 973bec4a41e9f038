#include "common/auth/call_context.h"

#include "common/errors/error.h"

namespace teraju::auth {

absl::Status CallContext::Authorize(const Object& object) const {
  return Authorize(permission(), object);
}

absl::Status CallContext::Authorize(std::string_view permission, const Object& object) const {
  asked_ = true;
  if (Allowed(permission, object)) return absl::OkStatus();
  return errors::Denied(permission, object.resource);
}

bool CallContext::Allowed(std::string_view permission, const Object& object) const {
  return authorizer_.Allowed(principal(), permission, object);
}

absl::StatusOr<Scope> CallContext::AuthorizeList(const AgencyId& agency,
                                                 std::string_view resource) const {
  asked_ = true;
  Scope scope = authorizer_.ScopeOf(principal(), permission(), agency);
  if (scope.empty()) return errors::Denied(permission(), resource);
  return scope;
}

}  // namespace teraju::auth
