#include "services/catalog/clients/grpc_identity_client.h"

#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

// Deeper than any unit tree: identity keeps it free of circles.
constexpr int kMaxDepth = 32;

absl::Status Unknown(const std::string& unit) {
  return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "No such unit.").With("unit", unit);
}

absl::Status Translate(const absl::Status& status, const std::string& unit) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return status;
    default:
      return Unknown(unit);
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> GrpcIdentityClient::UnitPath(const CallContext& call,
                                                                      const AgencyId& agency,
                                                                      const std::string& unit) {
  std::vector<std::string> path;
  if (unit.empty()) return path;
  if (api::AgencyOf(unit) != agency.value()) return Unknown(unit);
  identity::v1::GetUnitRequest request;
  request.set_name(unit);
  while (!request.name().empty() && path.size() < kMaxDepth) {
    const auto found =
        units_.CallAsService(call, &identity::v1::Units::StubInterface::GetUnit, request);
    if (!found.ok()) return Translate(found.status(), unit);
    path.push_back(found->name());
    request.set_name(found->parent_unit());
  }
  return path;
}

}  // namespace teraju::catalog
