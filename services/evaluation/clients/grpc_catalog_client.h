// The catalog over gRPC.
#pragma once

#include <memory>
#include <utility>

#include "common/rpc/client_call.h"
#include "services/evaluation/clients/catalog_client.h"
#include "teraju/catalog/v1/catalog_service.grpc.pb.h"

namespace teraju::evaluation {

class GrpcCatalogClient final : public CatalogClient {
 public:
  using GoalsClient = rpc::Client<::teraju::catalog::v1::Goals>;
  using IndicatorsClient = rpc::Client<::teraju::catalog::v1::Indicators>;
  using BehaviorsClient = rpc::Client<::teraju::catalog::v1::Behaviors>;
  using CompetenciesClient = rpc::Client<::teraju::catalog::v1::Competencies>;
  using PacksClient = rpc::Client<::teraju::catalog::v1::PolicyPacks>;
  GrpcCatalogClient(std::unique_ptr<GoalsClient::Stub> goals,
                    std::unique_ptr<IndicatorsClient::Stub> indicators,
                    std::unique_ptr<BehaviorsClient::Stub> behaviors,
                    std::unique_ptr<CompetenciesClient::Stub> competencies,
                    std::unique_ptr<PacksClient::Stub> packs,
                    const rpc::TokenSource& own_token)
      : goals_(std::move(goals), own_token),
        indicators_(std::move(indicators), own_token),
        behaviors_(std::move(behaviors), own_token),
        competencies_(std::move(competencies), own_token),
        packs_(std::move(packs), own_token) {}
  GrpcCatalogClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : goals_(channel, own_token),
        indicators_(channel, own_token),
        behaviors_(channel, own_token),
        competencies_(channel, own_token),
        packs_(channel, own_token) {}

  absl::StatusOr<bool> IsGoalPublished(const CallContext& call, const std::string& goal) override;
  absl::StatusOr<std::optional<std::string>> FindIndicatorRevision(
      const CallContext& call, const std::string& indicator) override;
  absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext& call,
                                                       const std::string& name) override;
  absl::StatusOr<std::vector<domain::CascadeGoal>> ListGoals(const CallContext& call,
                                                             const std::string& agency) override;
  absl::StatusOr<std::vector<domain::BehaviorGuides>> ListBehaviors(
      const CallContext& call, const std::string& agency) override;
  absl::StatusOr<std::vector<domain::CompetencyStandard>> ListCompetencyStandards(
      const CallContext& call, const std::string& agency) override;
  absl::StatusOr<std::optional<PackRevision>> FindPackRevision(
      const CallContext& call, const std::string& revision) override;

 private:
  GoalsClient goals_;
  IndicatorsClient indicators_;
  BehaviorsClient behaviors_;
  CompetenciesClient competencies_;
  PacksClient packs_;
};

}  // namespace teraju::evaluation
