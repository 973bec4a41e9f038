#include "services/feedback/domain/citizen_survey.h"

#include <fmt/format.h>

#include <set>
#include <string>

#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/satisfaction.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/estimate.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

constexpr char kNinth[] = "NINTH";
constexpr char kPrinted[] = "PRINTED";
constexpr int kMeanDigits = 3;

std::vector<rules::ElementAnswers> SumsOf(const v1::Questionnaire& questionnaire,
                                          const std::vector<SurveyAnswer>& answers) {
  std::vector<rules::ElementAnswers> elements;
  for (int i = 0; i < questionnaire.items_size(); ++i) {
    rules::ElementAnswers& element = elements.emplace_back();
    element.element = questionnaire.items(i).topic();
    for (const SurveyAnswer& values : answers) {
      element.sum += values.at(i);
      ++element.answers;
    }
  }
  return elements;
}

absl::Status RequireEndAfter(const v1::CitizenSurvey& survey, absl::Time now) {
  errors::FieldViolations violations;
  if (FromProto(survey.end_time()) <= now) {
    violations.Add("citizenSurvey.endTime",
                   "TIME_PAST",
                   "Waktu penutupan harus di masa depan.",
                   "The end must lie in the future.");
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status PrepareSurvey(v1::CitizenSurvey& survey, absl::Time now) {
  RETURN_IF_ERROR(RequireEndAfter(survey, now));
  errors::FieldViolations violations;
  if (survey.element_weight().empty()) survey.set_element_weight(kNinth);
  if (survey.element_weight() != kNinth && survey.element_weight() != kPrinted) {
    violations.Add("citizenSurvey.elementWeight",
                   "WEIGHT_UNKNOWN",
                   "Pilih NINTH (1/9) atau PRINTED (0,11).",
                   "Choose NINTH (1/9) or PRINTED (0.11).");
  }
  std::set<std::string> units;
  for (int i = 0; i < survey.units_size(); ++i) {
    v1::SurveyUnit& unit = *survey.mutable_units(i);
    if (!units.insert(unit.unit()).second) {
      violations.Add(fmt::format("citizenSurvey.units[{}].unit", i),
                     "UNIT_REPEATED",
                     "Unit ini sudah ada; hapus salah satu.",
                     "The unit is named twice; remove one.");
    }
    unit.set_sample_size(static_cast<int>(rules::SampleSize(unit.population())));
    unit.set_tokens_issued(0);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  survey.set_state(v1::CitizenSurvey::DRAFT);
  *survey.mutable_create_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status RequireState(const v1::CitizenSurvey& survey, v1::CitizenSurvey::State state) {
  if (survey.state() == state) return absl::OkStatus();
  return errors::FailedPrecondition(v1::SURVEY_WRONG_STATE, "The survey is in another state.")
      .With("state", v1::CitizenSurvey::State_Name(survey.state()))
      .With("allowed", v1::CitizenSurvey::State_Name(state));
}

absl::Status OpenSurvey(v1::CitizenSurvey& survey, absl::Time now) {
  RETURN_IF_ERROR(RequireState(survey, v1::CitizenSurvey::DRAFT));
  RETURN_IF_ERROR(RequireEndAfter(survey, now));
  survey.set_state(v1::CitizenSurvey::OPEN);
  return absl::OkStatus();
}

absl::Status BeginClosing(v1::CitizenSurvey& survey) {
  if (survey.state() != v1::CitizenSurvey::CLOSING) {
    RETURN_IF_ERROR(RequireState(survey, v1::CitizenSurvey::OPEN));
  }
  survey.set_state(v1::CitizenSurvey::CLOSING);
  return absl::OkStatus();
}

absl::Status FinishClosing(v1::CitizenSurvey& survey, absl::Time now) {
  RETURN_IF_ERROR(RequireState(survey, v1::CitizenSurvey::CLOSING));
  survey.set_state(v1::CitizenSurvey::CLOSED);
  *survey.mutable_close_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::StatusOr<SurveyStratum> MakeSurveyResult(const v1::Questionnaire& questionnaire,
                                               const v1::CitizenSurvey& survey,
                                               const v1::SurveyUnit& unit,
                                               const std::vector<SurveyAnswer>& answers) {
  SurveyStratum stratum{.population = unit.population()};
  v1::SurveyResult& result = stratum.result;
  result.set_unit(unit.unit());
  result.set_sample_size(unit.sample_size());
  if (answers.size() < kSurveyThreshold) {
    result.set_withheld(true);
    return stratum;
  }
  rules::SatisfactionRules rules;
  if (survey.element_weight() == kPrinted) rules.weight = rules::ElementWeight::kPrinted;
  ASSIGN_OR_RETURN(const auto satisfaction,
                   rules::SatisfactionIndex(SumsOf(questionnaire, answers), rules));
  result.set_answers(static_cast<int>(answers.size()));
  *result.mutable_index() = ToProto(satisfaction.index);
  result.set_grade(std::string(1, rules::GradeLetter(satisfaction.grade)));
  for (std::size_t i = 0; i < satisfaction.elements.size(); ++i) {
    v1::ElementResult& published = *result.add_elements();
    published.set_element(satisfaction.elements[i].element);
    *published.mutable_mean() =
        ToProto(Round(satisfaction.elements[i].mean, kMeanDigits, Rounding::kHalfUp));
    if (const auto deviation = ItemDeviation(answers, static_cast<int>(i)))
      *published.mutable_deviation() = ToDecimal(*deviation, kMeanDigits);
  }
  for (std::string& element : rules::LowestElements(satisfaction, kImprovements)) {
    result.add_improvements(std::move(element));
  }
  stratum.error = IndexError(answers, static_cast<double>(satisfaction.weight), unit.population());
  if (stratum.error.has_value()) SetInterval(*stratum.error, result);
  return stratum;
}

}  // namespace teraju::feedback::domain
