// The rules of competency assessments: the levels that somebody sees in a person's work, against
// those that the post requires (PermenPANRB 38/2017).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/competencies_service.pb.h"

namespace teraju::evaluation::domain {

enum class CompetencyAction {
  kAssessSelf,
  kAssess,
  kSubmit,
  kReturn,
  kAcknowledge,
  kConclude,
  kCancel
};
inline constexpr CompetencyAction kCompetencyActions[] = {CompetencyAction::kAssessSelf,
                                                          CompetencyAction::kAssess,
                                                          CompetencyAction::kSubmit,
                                                          CompetencyAction::kReturn,
                                                          CompetencyAction::kAcknowledge,
                                                          CompetencyAction::kConclude,
                                                          CompetencyAction::kCancel};
std::string_view ActionName(CompetencyAction action);

using Assessment = v1::CompetencyAssessment;
using CompetencyTransition = Transition<Assessment::State, CompetencyAction>;
inline constexpr CompetencyTransition kCompetencyTransitions[] = {
    {Assessment::DRAFT, CompetencyAction::kAssessSelf, Assessment::DRAFT},
    {Assessment::DRAFT, CompetencyAction::kAssess, Assessment::DRAFT},
    {Assessment::DRAFT, CompetencyAction::kSubmit, Assessment::SUBMITTED},
    {Assessment::DRAFT, CompetencyAction::kCancel, Assessment::CANCELLED},
    {Assessment::SUBMITTED, CompetencyAction::kReturn, Assessment::DRAFT},
    {Assessment::SUBMITTED, CompetencyAction::kAcknowledge, Assessment::FINAL},
    {Assessment::SUBMITTED, CompetencyAction::kConclude, Assessment::FINAL},
    {Assessment::SUBMITTED, CompetencyAction::kCancel, Assessment::CANCELLED},
};

// One step lies within what two careful assessors may differ by. Two decide about a course or a
// post, and have to be traced to what was done, seen or tested.
inline constexpr int kTracedDistance = 2;
// The person cannot hold it up for ever.
inline constexpr int kDaysToRespond = 14;

// The levels that a family of posts requires, as the catalog has them.
struct CompetencyStandard {
  std::string name;
  std::string job_family;
  std::vector<v1::AssessedCompetency> required;  // competency, kind, title and required level
  std::string match_bands = "GENERAL";           // a choice of the pack `jpm`
  bool counts_above = false;
};

// That with the name `named`, or else of the post's title, or else of its kind; a structural post's
// by `echelon` (`31` is III.a). FAILED_PRECONDITION (COMPETENCY_STANDARD_MISSING).
absl::StatusOr<CompetencyStandard> ChooseStandard(std::span<const CompetencyStandard> standards,
                                                  std::string_view named,
                                                  const v1::Snapshot& post,
                                                  std::string_view echelon);

// Moves by the table alone. FAILED_PRECONDITION (COMPETENCY_WRONG_STATE); so below.
absl::Status MoveAssessment(Assessment& assessment, CompetencyAction action);

// A draft about the person of `plan`.
Assessment OpenAssessment(const v1::WorkPlan& plan,
                          const CompetencyStandard& standard,
                          absl::Time now);

// Levels are of whom the action says: the person or the assessor. INVALID_ARGUMENT naming each
// level of a competency outside the standard, named twice, or of an assessor without evidence
// though it is kTracedDistance away from the required one.
absl::Status SetLevels(Assessment& assessment,
                       CompetencyAction action,
                       const google::protobuf::RepeatedPtrField<v1::CompetencyLevel>& levels);

// FAILED_PRECONDITION (COMPETENCY_INCOMPLETE).
absl::Status SubmitAssessment(Assessment& assessment, absl::CivilDay today, absl::Time now);

// FAILED_PRECONDITION (COMPETENCY_RETURNED): once.
absl::Status ReturnAssessment(Assessment& assessment, std::string_view comment);

absl::Status AcknowledgeAssessment(Assessment& assessment,
                                   std::string_view comment,
                                   absl::Time now);

// FAILED_PRECONDITION (COMPETENCY_TOO_EARLY) while the person has time to respond.
absl::Status ConcludeAssessment(Assessment& assessment, absl::CivilDay today, absl::Time now);

absl::Status CancelAssessment(Assessment& assessment, std::string_view reason);

// Final assessments of different people, counted for the agency and every unit right below its
// root, with what is below them, by competency. Counts about fewer people than `threshold` are
// withheld, and those from which they would follow. A row without any count is left out.
std::vector<v1::CompetencyCounts> CountCompetencies(std::span<const Assessment> assessments,
                                                    int threshold);

}  // namespace teraju::evaluation::domain
