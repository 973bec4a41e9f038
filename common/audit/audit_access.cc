#include "common/audit/audit_access.h"

#include <string_view>

#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

constexpr api::NamePattern kAgencyName{"agencies/{agency}"};
// Stands for the agency of what belongs to the installation.
constexpr std::string_view kInstallation = "-";
constexpr api::NamePattern kCollection{"auditEvents/{service}"};

}  // namespace

absl::StatusOr<std::string> AuthorizeLog(const CallContext& call,
                                         const std::string& agency,
                                         const std::string& resource) {
  const std::string id(api::AgencyOf(agency));
  RETURN_IF_ERROR(call.Authorize({.resource = resource, .agency = AgencyId(id)}));
  RETURN_IF_ERROR(kAgencyName.Parse(agency, "agency", /*allow_wildcard=*/true).status());
  return id == kInstallation ? "" : id;
}

absl::Status CheckCollection(const std::string& parent, const std::string& service) {
  ASSIGN_OR_RETURN(const auto name, kCollection.Parse(parent, "parent"));
  if (name[0] != service) return errors::ResourceNotFound(parent);
  return absl::OkStatus();
}

}  // namespace teraju::audit
