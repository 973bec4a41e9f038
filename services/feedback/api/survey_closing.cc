#include "services/feedback/api/survey_closing.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/citizen_survey.h"
#include "services/feedback/domain/survey_screening.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/survey_answer_store.h"
#include "services/feedback/store/survey_store.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {
namespace {

constexpr char kSurveyFrozen[] = "frozen";
constexpr char kSurveyClosed[] = "closed";

struct Outcome {
  std::vector<domain::SurveyStratum> strata;
  std::vector<v1::SurveyScreening> screenings;
};

absl::StatusOr<Outcome> Compute(postgres::Transaction& tx,
                                const SurveyKey& key,
                                const v1::CitizenSurvey& survey) {
  ASSIGN_OR_RETURN(const auto questionnaire_key,
                   QuestionnaireKey::Parse(survey.questionnaire(), "questionnaire"));
  ASSIGN_OR_RETURN(const v1::Questionnaire questionnaire,
                   QuestionnaireStore(tx).Get(questionnaire_key));
  AnswersByUnit answers = SurveyAnswerStore(tx).ListOpen(key);
  Outcome outcome;
  for (const v1::SurveyUnit& unit : survey.units()) {
    const std::vector<domain::CitizenAnswer>& given = answers[unit.unit()];
    ASSIGN_OR_RETURN(
        domain::SurveyStratum stratum,
        domain::MakeSurveyResult(questionnaire, survey, unit, domain::ValuesOf(given)));
    if (!stratum.result.withheld()) {
      ASSIGN_OR_RETURN(outcome.screenings.emplace_back(),
                       domain::ScreenAnswers(questionnaire, survey, unit, stratum.result, given));
    }
    outcome.strata.push_back(std::move(stratum));
  }
  return outcome;
}

absl::StatusOr<v1::CitizenSurvey> PublishAndForget(postgres::Transaction& tx,
                                                   const SurveyKey& key) {
  SurveyStore surveys(tx);
  Outcome outcome;
  ASSIGN_OR_RETURN(
      v1::CitizenSurvey survey,
      surveys.Update(
          key, api::Precondition::None(), [&](v1::CitizenSurvey& changed) -> absl::Status {
            ASSIGN_OR_RETURN(outcome, Compute(tx, key, changed));
            if (auto overall = domain::MakeOverall(outcome.strata))
              *changed.mutable_overall() = *std::move(overall);
            return domain::FinishClosing(changed, tx.call().time());
          }));
  std::vector<v1::SurveyResult> results;
  std::vector<std::string> kept;
  for (domain::SurveyStratum& stratum : outcome.strata) {
    if (!stratum.result.withheld()) kept.push_back(stratum.result.unit());
    results.push_back(std::move(stratum.result));
  }
  surveys.InsertResults(key, results);
  surveys.InsertScreenings(key, outcome.screenings);
  SurveyAnswerStore answers(tx);
  answers.Keep(key, kept);
  answers.Drop(key);
  RecordChange(tx, key.Name(), "citizenSurvey.closed");
  return survey;
}

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CloseCitizenSurvey(
    operations::Work& work) {
  v1::CloseCitizenSurveyRequest request;
  if (!work.request().UnpackTo(&request)) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The request does not parse.");
  }
  ASSIGN_OR_RETURN(const auto key, SurveyKey::Parse(request.name(), "name"));
  auto survey = std::make_unique<v1::CitizenSurvey>();
  if (work.checkpoint() == kSurveyClosed) {
    RETURN_IF_ERROR(work.Step(kSurveyClosed, 2, 2, [&](postgres::Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(*survey, SurveyStore(tx).Get(key));
      return absl::OkStatus();
    }));
    return survey;
  }
  RETURN_IF_ERROR(work.Step(kSurveyFrozen, 1, 2, [&](postgres::Transaction& tx) {
    SurveyAnswerStore(tx).AwaitRunning();
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(work.Step(kSurveyClosed, 2, 2, [&](postgres::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(*survey, PublishAndForget(tx, key));
    return absl::OkStatus();
  }));
  return survey;
}

}  // namespace teraju::feedback
