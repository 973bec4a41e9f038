#include "services/evaluation/domain/competency.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/domain/count_table.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using v1::AssessedCompetency;

std::string AssessmentStateName(Assessment::State state) { return Assessment::State_Name(state); }

std::string FamilyOf(const v1::Snapshot& post, std::string_view echelon) {
  constexpr const char* kStructural[] = {"STRUCTURAL_II", "STRUCTURAL_III", "STRUCTURAL_IV"};
  if (post.position_kind() != "STRUCTURAL") return post.position_kind();
  if (echelon.empty() || echelon[0] < '2' || echelon[0] > '4') return "";
  return kStructural[echelon[0] - '2'];
}

AssessedCompetency::Standing StandingOf(const AssessedCompetency& competency) {
  if (competency.assessed_level() > competency.required_level())
    return AssessedCompetency::STRENGTH;
  return competency.assessed_level() < competency.required_level()
             ? AssessedCompetency::WEAKNESS
             : AssessedCompetency::AS_REQUIRED;
}

AssessedCompetency* FindCompetency(Assessment& assessment, const std::string& name) {
  for (AssessedCompetency& one : *assessment.mutable_competencies()) {
    if (one.competency() == name) return &one;
  }
  return nullptr;
}

bool NeedsEvidence(const AssessedCompetency& competency, const v1::CompetencyLevel& level) {
  return std::abs(level.level() - competency.required_level()) >= kTracedDistance &&
         level.evidence().empty();
}

void NoteLevel(const std::string& field,
               const AssessedCompetency* competency,
               bool repeated,
               bool unfounded,
               errors::FieldViolations& violations) {
  if (competency == nullptr) {
    violations.Add(field + ".competency",
                   "NOT_IN_STANDARD",
                   "Sebutkan kompetensi yang ada dalam standar penilaian ini.",
                   "Name a competency of this assessment's standard.");
  } else if (repeated) {
    violations.Add(field + ".competency",
                   "COMPETENCY_REPEATED",
                   "Sebutkan setiap kompetensi satu kali.",
                   "Name each competency once.");
  } else if (unfounded) {
    violations.Add(field + ".evidence",
                   "EVIDENCE_REQUIRED",
                   "Tingkat ini berjarak dua atau lebih dari yang disyaratkan dan menentukan "
                   "pelatihan atau penempatan. Tuliskan apa yang dikerjakan, dilihat, atau diuji.",
                   "This level is two or more away from the required one and decides about courses "
                   "or posts. Say what was done, seen or tested.");
  }
}

absl::StatusOr<v1::JobPersonMatch> MatchOf(const Assessment& assessment) {
  rules::Json levels = rules::Json::Array();
  for (const AssessedCompetency& one : assessment.competencies()) {
    rules::Json entry = rules::Json::Object();
    entry.Set("actual", one.assessed_level());
    entry.Set("required", one.required_level());
    levels.items.push_back(std::move(entry));
  }
  rules::Json inputs = rules::Json::Object();
  inputs.Set("competencies", std::move(levels));
  // What was begun before standards had bands has none.
  inputs.Set("bands", assessment.match_bands().empty() ? "GENERAL" : assessment.match_bands());
  const rules::PolicyPack& pack = *rules::FindShippedPack("jpm");
  ASSIGN_OR_RETURN(
      const rules::Evaluation result,
      rules::Evaluate(pack, assessment.counts_above() ? "match_uncapped" : "match", inputs));
  v1::JobPersonMatch match;
  *match.mutable_percent() = ToProto(*result.score);
  match.set_match_class(result.predicate);
  const Text label = pack.LabelOf(pack.code_numbers.find(result.predicate)->second);
  match.set_text_id(absl::StrCat(
      "Memenuhi ", match.percent().value(), "% tingkat yang disyaratkan jabatan: ", label.id));
  match.set_text_en(absl::StrCat(
      "Meets ", match.percent().value(), "% of the levels that the post requires: ", label.en));
  match.set_pack(result.pack);
  match.set_revision(result.revision);
  match.set_digest(result.digest);
  return match;
}

enum StandingCount { kAssessed, kStrengths, kAsRequired, kWeaknesses };

CountShape ProfileShape() {
  return {.counts = 4,
          .details = 4,
          .splits = {{kAssessed, kStrengths, kWeaknesses}},
          .stands = {{kAssessed, kStrengths}, {kAssessed, kAsRequired}, {kAssessed, kWeaknesses}}};
}

v1::CompetencyCounts ToCounts(const CountRow& row) {
  v1::CompetencyCounts counts;
  counts.set_unit(row.unit);
  if (row.shown[kAssessed]) counts.set_assessed(row.counts[kAssessed]);
  if (row.shown[kStrengths]) counts.set_strengths(row.counts[kStrengths]);
  if (row.shown[kAsRequired]) counts.set_as_required(row.counts[kAsRequired]);
  if (row.shown[kWeaknesses]) counts.set_weaknesses(row.counts[kWeaknesses]);
  return counts;
}

}  // namespace

std::string_view ActionName(CompetencyAction action) {
  switch (action) {
    case CompetencyAction::kAssessSelf:
      return "assessSelf";
    case CompetencyAction::kAssess:
      return "assess";
    case CompetencyAction::kSubmit:
      return "submit";
    case CompetencyAction::kReturn:
      return "return";
    case CompetencyAction::kAcknowledge:
      return "acknowledge";
    case CompetencyAction::kConclude:
      return "conclude";
    case CompetencyAction::kCancel:
      return "cancel";
  }
  return "";
}

absl::StatusOr<CompetencyStandard> ChooseStandard(std::span<const CompetencyStandard> standards,
                                                  std::string_view named,
                                                  const v1::Snapshot& post,
                                                  std::string_view echelon) {
  const auto find = [&](auto fits) {
    return std::find_if(standards.begin(), standards.end(), fits);
  };
  auto found = standards.end();
  if (!named.empty()) {
    found = find([&](const CompetencyStandard& one) { return one.name == named; });
  } else {
    found = find(
        [&](const CompetencyStandard& one) { return one.job_family == post.position_title(); });
    if (found == standards.end()) {
      const std::string family = FamilyOf(post, echelon);
      found = find([&](const CompetencyStandard& one) { return one.job_family == family; });
    }
  }
  if (found == standards.end()) {
    return errors::FailedPrecondition(v1::COMPETENCY_STANDARD_MISSING,
                                      "No competency standard fits the post.")
        .With("position", post.position_title());
  }
  return *found;
}

absl::Status MoveAssessment(Assessment& assessment, CompetencyAction action) {
  const std::span<const CompetencyTransition> table(kCompetencyTransitions);
  const auto next = Next(table, assessment.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::COMPETENCY_WRONG_STATE,
                                      "The competency assessment is in another state.")
        .With("state", AssessmentStateName(assessment.state()))
        .With("allowed", AllowedStates(table, action, AssessmentStateName));
  }
  assessment.set_state(*next);
  return absl::OkStatus();
}

Assessment OpenAssessment(const v1::WorkPlan& plan,
                          const CompetencyStandard& standard,
                          absl::Time now) {
  Assessment assessment;
  assessment.set_work_plan(plan.name());
  assessment.set_competency_standard(standard.name);
  assessment.set_cycle(plan.cycle());
  *assessment.mutable_snapshot() = plan.snapshot();
  assessment.set_state(Assessment::DRAFT);
  assessment.mutable_competencies()->Assign(standard.required.begin(), standard.required.end());
  assessment.set_match_bands(standard.match_bands);
  assessment.set_counts_above(standard.counts_above);
  SetTime(*assessment.mutable_create_time(), now);
  return assessment;
}

absl::Status SetLevels(Assessment& assessment,
                       CompetencyAction action,
                       const google::protobuf::RepeatedPtrField<v1::CompetencyLevel>& levels) {
  RETURN_IF_ERROR(MoveAssessment(assessment, action));
  const bool own = action == CompetencyAction::kAssessSelf;
  errors::FieldViolations violations;
  std::set<std::string> named;
  for (int i = 0; i < levels.size(); ++i) {
    const v1::CompetencyLevel& level = levels[i];
    AssessedCompetency* competency = FindCompetency(assessment, level.competency());
    const bool repeated = !named.insert(level.competency()).second;
    const bool unfounded = competency != nullptr && !own && NeedsEvidence(*competency, level);
    NoteLevel(absl::StrCat("levels[", i, "]"), competency, repeated, unfounded, violations);
    if (competency == nullptr) continue;
    if (own) {
      competency->set_self_level(level.level());
      continue;
    }
    competency->set_assessed_level(level.level());
    competency->set_evidence(level.evidence());
    competency->set_standing(StandingOf(*competency));
  }
  return violations.ToStatus();
}

absl::Status SubmitAssessment(Assessment& assessment, absl::CivilDay today, absl::Time now) {
  RETURN_IF_ERROR(MoveAssessment(assessment, CompetencyAction::kSubmit));
  const auto missing = std::count_if(
      assessment.competencies().begin(),
      assessment.competencies().end(),
      [](const AssessedCompetency& competency) { return competency.assessed_level() == 0; });
  if (missing > 0) {
    return errors::FailedPrecondition(v1::COMPETENCY_INCOMPLETE,
                                      "Not every competency has a level.")
        .With("missing", absl::StrCat(missing));
  }
  ASSIGN_OR_RETURN(*assessment.mutable_match(), MatchOf(assessment));
  *assessment.mutable_respond_until_date() = time::ToDate(today + kDaysToRespond);
  SetTime(*assessment.mutable_submit_time(), now);
  return absl::OkStatus();
}

absl::Status ReturnAssessment(Assessment& assessment, std::string_view comment) {
  RETURN_IF_ERROR(MoveAssessment(assessment, CompetencyAction::kReturn));
  if (!assessment.return_comment().empty()) {
    return errors::FailedPrecondition(v1::COMPETENCY_RETURNED,
                                      "The person has asked to look at it again before.");
  }
  assessment.set_return_comment(std::string(comment));
  assessment.clear_match();
  return absl::OkStatus();
}

absl::Status AcknowledgeAssessment(Assessment& assessment,
                                   std::string_view comment,
                                   absl::Time now) {
  RETURN_IF_ERROR(MoveAssessment(assessment, CompetencyAction::kAcknowledge));
  assessment.set_acknowledgement(std::string(comment));
  SetTime(*assessment.mutable_acknowledge_time(), now);
  SetTime(*assessment.mutable_final_time(), now);
  return absl::OkStatus();
}

absl::Status ConcludeAssessment(Assessment& assessment, absl::CivilDay today, absl::Time now) {
  RETURN_IF_ERROR(MoveAssessment(assessment, CompetencyAction::kConclude));
  ASSIGN_OR_RETURN(const absl::CivilDay until, time::ToCivilDay(assessment.respond_until_date()));
  if (today <= until) {
    return errors::FailedPrecondition(v1::COMPETENCY_TOO_EARLY,
                                      "The person still has time to respond.")
        .With("until", time::FormatDay(until));
  }
  SetTime(*assessment.mutable_final_time(), now);
  return absl::OkStatus();
}

absl::Status CancelAssessment(Assessment& assessment, std::string_view reason) {
  RETURN_IF_ERROR(MoveAssessment(assessment, CompetencyAction::kCancel));
  assessment.set_cancel_reason(std::string(reason));
  return absl::OkStatus();
}

std::vector<v1::CompetencyCounts> CountCompetencies(std::span<const Assessment> assessments,
                                                    int threshold) {
  // What is said of one competency tells nothing about another: each has a table of its own.
  std::map<std::string, std::vector<TabulatedPerson>> people;
  std::map<std::string, std::string> titles;
  for (const Assessment& assessment : assessments) {
    const auto& path = assessment.snapshot().unit_path();
    const int from = std::max(path.size() - 2, 0);
    const std::vector<std::string> units(path.begin() + from, path.end());
    for (const AssessedCompetency& one : assessment.competencies()) {
      people[one.competency()].push_back({units, one.standing() - AssessedCompetency::STRENGTH});
      titles[one.competency()] = one.title();
    }
  }
  const CountShape shape = ProfileShape();
  std::vector<v1::CompetencyCounts> profile;
  for (const auto& [competency, counted] : people) {
    std::vector<CountRow> rows = CountByUnit(shape, counted);
    WithholdSmall(threshold, rows);
    WithholdComplements(shape, counted, threshold, rows);
    for (const CountRow& row : rows) {
      if (std::find(row.shown.begin(), row.shown.end(), true) == row.shown.end()) continue;
      v1::CompetencyCounts& counts = profile.emplace_back(ToCounts(row));
      counts.set_competency(competency);
      counts.set_title(titles[competency]);
    }
  }
  return profile;
}

}  // namespace teraju::evaluation::domain
