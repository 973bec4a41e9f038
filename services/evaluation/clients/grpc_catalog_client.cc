#include "services/evaluation/clients/grpc_catalog_client.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "common/api/resource_key.h"
#include "services/evaluation/clients/peer_errors.h"

namespace teraju::evaluation {
namespace {

namespace catalog = ::teraju::catalog::v1;

constexpr int kPage = 1000;

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

absl::StatusOr<std::optional<std::string>> GrpcCatalogClient::FindTitle(const CallContext& call,
                                                                        const std::string& name) {
  absl::StatusOr<std::string> title;
  if (name.find("/goals/") != std::string::npos) {
    catalog::GetGoalRequest request;
    request.set_name(name);
    const auto goal = goals_.Call(call, &GoalsClient::Stub::GetGoal, request);
    title = goal.ok() ? absl::StatusOr<std::string>(goal->title()) : goal.status();
  } else {
    catalog::GetIndicatorRequest request;
    request.set_name(name);
    const auto indicator = indicators_.Call(call, &IndicatorsClient::Stub::GetIndicator, request);
    title = indicator.ok() ? absl::StatusOr<std::string>(indicator->title()) : indicator.status();
  }
  if (title.ok()) return *title;
  if (MayPass(title.status())) return Passed(title.status(), "catalog");
  return std::nullopt;
}

absl::StatusOr<std::vector<domain::CascadeGoal>> GrpcCatalogClient::ListGoals(
    const CallContext& call, const std::string& agency) {
  std::vector<domain::CascadeGoal> goals;
  std::map<std::string, std::size_t> index;
  catalog::ListGoalsRequest request;
  request.set_parent("agencies/" + agency);
  request.set_page_size(kPage);
  do {
    const auto page = goals_.Call(call, &GoalsClient::Stub::ListGoals, request);
    if (!page.ok()) return Passed(page.status(), "catalog");
    for (const catalog::Goal& goal : page->goals()) {
      if (goal.state() != catalog::Goal::PUBLISHED) continue;
      index[goal.name()] = goals.size();
      goals.push_back({goal.name(), goal.title(), goal.parent_goal(), {}});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  catalog::ListIndicatorsRequest indicators;
  indicators.set_parent("agencies/" + agency);
  indicators.set_page_size(kPage);
  do {
    const auto page = indicators_.Call(call, &IndicatorsClient::Stub::ListIndicators, indicators);
    if (!page.ok()) return Passed(page.status(), "catalog");
    for (const catalog::Indicator& indicator : page->indicators()) {
      const auto found = index.find(indicator.goal());
      if (found != index.end()) goals[found->second].indicators.push_back(indicator.name());
    }
    indicators.set_page_token(page->next_page_token());
  } while (!indicators.page_token().empty());
  return goals;
}

absl::StatusOr<std::vector<domain::BehaviorGuides>> GrpcCatalogClient::ListBehaviors(
    const CallContext& call, const std::string& agency) {
  std::vector<domain::BehaviorGuides> behaviors;
  catalog::ListBehaviorsRequest request;
  request.set_parent("agencies/" + agency);
  request.set_page_size(kPage);
  do {
    const auto page = behaviors_.Call(call, &BehaviorsClient::Stub::ListBehaviors, request);
    if (!page.ok()) return Passed(page.status(), "catalog");
    for (const catalog::Behavior& one : page->behaviors()) {
      behaviors.push_back({.id = api::IdOf(one.name()),
                           .title = {one.title_id(), one.title_en()},
                           .guides = {one.guides().begin(), one.guides().end()}});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return behaviors;
}

absl::StatusOr<std::vector<domain::CompetencyStandard>> GrpcCatalogClient::ListCompetencyStandards(
    const CallContext& call, const std::string& agency) {
  std::map<std::string, catalog::Competency> competencies;
  catalog::ListCompetenciesRequest request;
  request.set_parent("agencies/" + agency);
  request.set_page_size(kPage);
  do {
    const auto page =
        competencies_.Call(call, &CompetenciesClient::Stub::ListCompetencies, request);
    if (!page.ok()) return Passed(page.status(), "catalog");
    for (const catalog::Competency& one : page->competencies()) competencies[one.name()] = one;
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::vector<domain::CompetencyStandard> standards;
  catalog::ListCompetencyStandardsRequest standards_request;
  standards_request.set_parent("agencies/" + agency);
  standards_request.set_page_size(kPage);
  do {
    const auto page = competencies_.Call(
        call, &CompetenciesClient::Stub::ListCompetencyStandards, standards_request);
    if (!page.ok()) return Passed(page.status(), "catalog");
    for (const catalog::CompetencyStandard& one : page->competency_standards()) {
      domain::CompetencyStandard& standard = standards.emplace_back();
      standard.name = one.name();
      standard.job_family = one.job_family();
      if (one.match_rule().bands() != catalog::MatchRule::BANDS_UNSPECIFIED)
        standard.match_bands = catalog::MatchRule::Bands_Name(one.match_rule().bands());
      standard.counts_above = one.match_rule().counts_above();
      for (const catalog::RequiredLevel& level : one.required_levels()) {
        const catalog::Competency& competency = competencies[level.competency()];
        v1::AssessedCompetency& required = standard.required.emplace_back();
        required.set_competency(level.competency());
        required.set_kind(static_cast<v1::AssessedCompetency::Kind>(competency.kind()));
        required.set_title(competency.title());
        required.set_required_level(level.level());
      }
    }
    standards_request.set_page_token(page->next_page_token());
  } while (!standards_request.page_token().empty());
  return standards;
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
