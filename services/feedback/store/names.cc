#include "services/feedback/store/names.h"

#include <fmt/format.h>

#include <vector>

#include "common/errors/status_macros.h"

namespace teraju::feedback {
namespace {

constexpr api::NamePattern kNomination{
    "agencies/{agency}/campaigns/{campaign}/nominations/{nomination}"};
constexpr api::NamePattern kRequest{"agencies/{agency}/campaigns/{campaign}/requests/{request}"};
constexpr api::NamePattern kReport{"agencies/{agency}/campaigns/{campaign}/reports/{report}"};
constexpr api::NamePattern kResult{
    "agencies/{agency}/citizenSurveys/{citizen_survey}/results/{result}"};
constexpr api::NamePattern kEmployee{"agencies/{agency}/employees/{employee}"};
constexpr api::NamePattern kOfficial{"agencies/{agency}/officials/{official}"};
constexpr api::NamePattern kUnit{"agencies/{agency}/units/{unit}"};

absl::StatusOr<CampaignChild> ParseChild(const api::NamePattern& pattern,
                                         std::string_view name,
                                         std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, pattern.Parse(name, field));
  return CampaignChild{{AgencyId(ids[0]), CampaignId(ids[1])}, ids[2]};
}

// The id behind the agency, of a resource of another service.
absl::StatusOr<std::string> ParseForeign(const api::NamePattern& pattern,
                                         const AgencyId& agency,
                                         std::string_view name,
                                         std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, pattern.Parse(name, field));
  // Of another agency: refused as what the pattern does not know.
  if (ids[0] != agency.value()) return pattern.Parse("", field).status();
  return ids[1];
}

}  // namespace

absl::StatusOr<CampaignChild> ParseRequestName(std::string_view name, std::string_view field) {
  return ParseChild(kRequest, name, field);
}

absl::StatusOr<CampaignChild> ParseReportName(std::string_view name, std::string_view field) {
  return ParseChild(kReport, name, field);
}

absl::StatusOr<std::string> ParseEmployee(const AgencyId& agency,
                                          std::string_view name,
                                          std::string_view field) {
  ASSIGN_OR_RETURN(const std::string id, ParseForeign(kEmployee, agency, name, field));
  return "employees/" + id;
}

absl::StatusOr<std::string> ParsePerson(const AgencyId& agency,
                                        std::string_view name,
                                        std::string_view field) {
  if (!kOfficial.Matches(name)) return ParseEmployee(agency, name, field);
  ASSIGN_OR_RETURN(const std::string id, ParseForeign(kOfficial, agency, name, field));
  return "officials/" + id;
}

absl::Status CheckUnitName(const AgencyId& agency, std::string_view name, std::string_view field) {
  return ParseForeign(kUnit, agency, name, field).status();
}

std::string NominationName(const CampaignKey& campaign, std::string_view nomination) {
  return kNomination.Format({campaign.agency.value(), campaign.id.value(), nomination});
}
std::string RequestName(const CampaignKey& campaign, std::string_view request) {
  return kRequest.Format({campaign.agency.value(), campaign.id.value(), request});
}
std::string ReportName(const CampaignKey& campaign, std::string_view report) {
  return kReport.Format({campaign.agency.value(), campaign.id.value(), report});
}
std::string ResultName(const SurveyKey& survey, std::string_view result) {
  return kResult.Format({survey.agency.value(), survey.id.value(), result});
}
std::string PersonName(const AgencyId& agency, std::string_view person) {
  return person.empty() ? "" : fmt::format("agencies/{}/{}", agency.value(), person);
}

}  // namespace teraju::feedback
