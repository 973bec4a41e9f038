// The names of evaluation's resources, the keys that they stand for, and the short forms in rows.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/api/resource_name.h"

namespace teraju::evaluation {

inline constexpr api::NamePattern kAgencyName{"agencies/{agency}"};
inline constexpr api::NamePattern kCycleName{"agencies/{agency}/cycles/{cycle}"};
inline constexpr api::NamePattern kPeriodName{"agencies/{agency}/cycles/{cycle}/periods/{period}"};
inline constexpr api::NamePattern kDeadlineName{
    "agencies/{agency}/cycles/{cycle}/deadlines/{deadline}"};
inline constexpr api::NamePattern kWorkPlanName{"agencies/{agency}/workPlans/{work_plan}"};
inline constexpr api::NamePattern kItemName{"agencies/{agency}/workPlans/{work_plan}/items/{item}"};
inline constexpr api::NamePattern kRevisionName{
    "agencies/{agency}/workPlans/{work_plan}/revisions/{revision}"};
inline constexpr api::NamePattern kEntryName{
    "agencies/{agency}/workPlans/{work_plan}/progressEntries/{entry}"};
inline constexpr api::NamePattern kEvidenceName{
    "agencies/{agency}/workPlans/{work_plan}/evidence/{evidence}"};
inline constexpr api::NamePattern kDialogueName{
    "agencies/{agency}/workPlans/{work_plan}/dialogues/{dialogue}"};
inline constexpr api::NamePattern kSupportRequestName{
    "agencies/{agency}/workPlans/{work_plan}/supportRequests/{support_request}"};
inline constexpr api::NamePattern kEvaluationName{"agencies/{agency}/evaluations/{evaluation}"};
inline constexpr api::NamePattern kReceiptName{
    "agencies/{agency}/evaluations/{evaluation}/scoreReceipt"};
inline constexpr api::NamePattern kAnnualResultName{
    "agencies/{agency}/annualResults/{annual_result}"};
inline constexpr api::NamePattern kUnitResultName{"agencies/{agency}/unitResults/{unit_result}"};
inline constexpr api::NamePattern kCalibrationSessionName{
    "agencies/{agency}/calibrationSessions/{calibration_session}"};
inline constexpr api::NamePattern kObjectionName{"agencies/{agency}/objections/{objection}"};
inline constexpr api::NamePattern kObjectionRulesName{"agencies/{agency}/objectionRules"};
inline constexpr api::NamePattern kObjectionStatisticsName{
    "agencies/{agency}/cycles/{cycle}/periods/{period}/objectionStatistics"};
inline constexpr api::NamePattern kAwardName{"agencies/{agency}/awards/{award}"};
inline constexpr api::NamePattern kVacancyName{"agencies/{agency}/vacancies/{vacancy}"};
inline constexpr api::NamePattern kSharingAgreementName{
    "agencies/{agency}/sharingAgreements/{sharing_agreement}"};
inline constexpr api::NamePattern kSharingConsentName{
    "agencies/{agency}/sharingConsents/{sharing_consent}"};
inline constexpr api::NamePattern kApiClientName{"agencies/{agency}/apiClients/{api_client}"};
inline constexpr api::NamePattern kDevelopmentProgrammeName{
    "agencies/{agency}/developmentProgrammes/{development_programme}"};
inline constexpr api::NamePattern kCompetencyAssessmentName{
    "agencies/{agency}/competencyAssessments/{competency_assessment}"};
inline constexpr api::NamePattern kCompetencyProfileName{
    "agencies/{agency}/cycles/{cycle}/competencyProfile"};
inline constexpr api::NamePattern kPackRevisionName{
    "agencies/{agency}/policyPacks/{policy_pack}/revisions/{revision}"};
inline constexpr api::NamePattern kFeedbackNoteName{
    "agencies/{agency}/feedbackNotes/{feedback_note}"};
inline constexpr api::NamePattern kMeetingName{"agencies/{agency}/meetings/{meeting}"};
inline constexpr api::NamePattern kActionItemName{
    "agencies/{agency}/meetings/{meeting}/actionItems/{action_item}"};
inline constexpr api::NamePattern kProjectTeamName{"agencies/{agency}/projectTeams/{project_team}"};
inline constexpr api::NamePattern kAmendmentName{
    "agencies/{agency}/workPlans/{work_plan}/amendments/{amendment}"};
inline constexpr api::NamePattern kPlanTemplateName{
    "agencies/{agency}/planTemplates/{plan_template}"};
inline constexpr api::NamePattern kCascadeReportName{
    "agencies/{agency}/cycles/{cycle}/cascadeReport"};
inline constexpr api::NamePattern kTargetHintsName{
    "agencies/{agency}/workPlans/{work_plan}/targetHints"};
inline constexpr api::NamePattern kPublicReportName{
    "agencies/{agency}/cycles/{cycle}/publicReport"};
inline constexpr api::NamePattern kRehearsalReportName{
    "agencies/{agency}/cycles/{cycle}/rehearsalReport"};
inline constexpr api::NamePattern kFairnessReportName{
    "agencies/{agency}/cycles/{cycle}/fairnessReport"};
inline constexpr api::NamePattern kParticipationName{
    "agencies/{agency}/cycles/{cycle}/participation"};
inline constexpr api::NamePattern kEmployeeName{"agencies/{agency}/employees/{employee}"};
inline constexpr api::NamePattern kWeaknessAccessName{
    "agencies/{agency}/employees/{employee}/weaknessAccess"};
inline constexpr api::NamePattern kOfficialName{"agencies/{agency}/officials/{official}"};
inline constexpr api::NamePattern kUnitName{"agencies/{agency}/units/{unit}"};

struct CycleKey {
  std::string agency;
  std::string cycle;
  std::string ToName() const;
};

struct PeriodKey {
  std::string agency;
  std::string cycle;
  std::string period;
  std::string ToName() const;
  CycleKey cycle_key() const { return {agency, cycle}; }
};

// A revision of a policy pack of the catalog.
struct PackKey {
  std::string agency;
  std::string pack;
  int revision = 0;
  std::string ToName() const;
};

// A resource right below the agency whose id is a UUID: work plans, evaluations, unit results,
// awards.
struct Key {
  std::string agency;
  std::string id;
};

// A resource below a work plan whose id is a UUID.
struct PlanChildKey {
  std::string agency;
  std::string plan;
  std::string id;
  Key plan_key() const { return {agency, plan}; }
};

// A resource below a meeting whose id is a UUID.
struct MeetingChildKey {
  std::string agency;
  std::string meeting;
  std::string id;
};

// INVALID_ARGUMENT (NAME_INVALID) naming `field`.
absl::StatusOr<std::string> ParseAgency(std::string_view name, std::string_view field);
absl::StatusOr<CycleKey> ParseCycle(std::string_view name, std::string_view field);
absl::StatusOr<PeriodKey> ParsePeriod(std::string_view name, std::string_view field);
// The revision is a number from 1.
absl::StatusOr<PackKey> ParsePackRevision(std::string_view name, std::string_view field);
absl::StatusOr<Key> ParseKey(const api::NamePattern& pattern,
                             std::string_view name,
                             std::string_view field);
absl::StatusOr<PlanChildKey> ParsePlanChild(const api::NamePattern& pattern,
                                            std::string_view name,
                                            std::string_view field);

// Of kActionItemName.
absl::StatusOr<MeetingChildKey> ParseMeetingChild(std::string_view name, std::string_view field);

// A full name of an employee or official of the agency that `beside`, a name, belongs to.
absl::Status ParsePerson(std::string_view name, std::string_view beside, std::string_view field);

// `employees/{id}` or `officials/{id}` of a full name, which is what tokens call the person; empty
// for empty.
std::string SubjectOf(std::string_view name);
std::string PersonName(std::string_view agency, std::string_view subject);
// The last segment of a name.
std::string IdOf(std::string_view name);
std::string UnitName(std::string_view agency, std::string_view id);

}  // namespace teraju::evaluation
