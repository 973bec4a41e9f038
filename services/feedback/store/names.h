// The names of feedback's resources, and of the people and units that it refers to.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/api/resource_key.h"
#include "services/feedback/domain/ids.h"

namespace teraju::feedback {

struct QuestionnaireTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/questionnaires/{questionnaire}"};
};
struct CampaignTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/campaigns/{campaign}"};
};
struct SurveyTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/citizenSurveys/{citizen_survey}"};
};
struct ImprovementTag {
  static constexpr api::NamePattern kPattern{
      "agencies/{agency}/improvementActions/{improvement_action}"};
};
using QuestionnaireKey = api::ResourceKey<QuestionnaireTag>;
using CampaignKey = api::ResourceKey<CampaignTag>;
using SurveyKey = api::ResourceKey<SurveyTag>;
using ImprovementKey = api::ResourceKey<ImprovementTag>;

// A resource of a campaign: `agencies/a/campaigns/c/reports/r`.
struct CampaignChild {
  CampaignKey campaign;
  std::string id;
};
// INVALID_ARGUMENT (NAME_INVALID) naming `field`.
absl::StatusOr<CampaignChild> ParseRequestName(std::string_view name, std::string_view field);
absl::StatusOr<CampaignChild> ParseReportName(std::string_view name, std::string_view field);

// How people are stored: `employees/{id}`; ParsePerson also takes `officials/{id}`. Only people of
// `agency`. INVALID_ARGUMENT (NAME_INVALID).
absl::StatusOr<std::string> ParseEmployee(const AgencyId& agency,
                                          std::string_view name,
                                          std::string_view field);
absl::StatusOr<std::string> ParsePerson(const AgencyId& agency,
                                        std::string_view name,
                                        std::string_view field);
// Units are stored by their whole name. INVALID_ARGUMENT (NAME_INVALID) unless it is one of
// `agency`.
absl::Status CheckUnitName(const AgencyId& agency, std::string_view name, std::string_view field);

std::string NominationName(const CampaignKey& campaign, std::string_view nomination);
std::string RequestName(const CampaignKey& campaign, std::string_view request);
std::string ReportName(const CampaignKey& campaign, std::string_view report);
std::string ResultName(const SurveyKey& survey, std::string_view result);
// `agencies/{agency}/employees/{id}` from `employees/{id}`; empty stays empty.
std::string PersonName(const AgencyId& agency, std::string_view person);

}  // namespace teraju::feedback
