#include "services/evaluation/clients/grpc_catalog_client.h"

#include "absl/strings/str_cat.h"
#include "services/evaluation/clients/peer_errors.h"

namespace teraju::evaluation {
namespace {

namespace catalog = ::teraju::catalog::v1;

}  // namespace

absl::StatusOr<bool> GrpcCatalogClient::IsGoalPublished(const CallContext& call,
                                                        const std::string& goal) {
  catalog::GetGoalRequest request;
  request.set_name(goal);
  const auto response = goals_.Call(call, &GoalsClient::Stub::GetGoal, request);
  if (response.ok()) return response->state() == catalog::Goal::PUBLISHED;
  if (IsAbsent(response.status())) return false;
  return Passed(response.status(), "catalog");
}

absl::StatusOr<std::optional<std::string>> GrpcCatalogClient::FindIndicatorRevision(
    const CallContext& call, const std::string& indicator) {
  catalog::GetIndicatorRequest request;
  request.set_name(indicator);
  const auto response = indicators_.Call(call, &IndicatorsClient::Stub::GetIndicator, request);
  if (!response.ok()) {
    if (IsAbsent(response.status())) return std::nullopt;
    return Passed(response.status(), "catalog");
  }
  if (response->state() != catalog::Indicator::PUBLISHED) return std::nullopt;
  return absl::StrCat(indicator, "/revisions/", response->revision());
}

absl::StatusOr<std::optional<PackRevision>> GrpcCatalogClient::FindPackRevision(
    const CallContext& call, const std::string& revision) {
  catalog::GetPolicyPackRevisionRequest request;
  request.set_name(revision);
  const auto response = packs_.Call(call, &PacksClient::Stub::GetPolicyPackRevision, request);
  if (!response.ok()) {
    if (IsAbsent(response.status())) return std::nullopt;
    return Passed(response.status(), "catalog");
  }
  return PackRevision{.definition = response->definition(),
                      .digest = response->digest(),
                      .active = response->state() == catalog::PolicyPack::ACTIVE};
}

}  // namespace teraju::evaluation
