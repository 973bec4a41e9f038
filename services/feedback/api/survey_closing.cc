#include "services/feedback/api/survey_closing.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/citizen_survey.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/survey_answer_store.h"
#include "services/feedback/store/survey_store.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {
namespace {

constexpr char kSurveyFrozen[] = "frozen";
constexpr char kSurveyClosed[] = "closed";

absl::StatusOr<std::vector<SurveyStore::NewResult>> Compute(postgres::Transaction& tx,
                                                            const SurveyKey& key,
                                                            const v1::CitizenSurvey& survey) {
  ASSIGN_OR_RETURN(const auto questionnaire_key,
                   QuestionnaireKey::Parse(survey.questionnaire(), "questionnaire"));
  ASSIGN_OR_RETURN(const v1::Questionnaire questionnaire,
                   QuestionnaireStore(tx).Get(questionnaire_key));
  AnswersByUnit answers = SurveyAnswerStore(tx).ListOpen(key);
  std::vector<SurveyStore::NewResult> results;
  for (const v1::SurveyUnit& unit : survey.units()) {
    SurveyStore::NewResult& result = results.emplace_back();
    result.unit = unit.unit();
    ASSIGN_OR_RETURN(result.result,
                     domain::MakeSurveyResult(questionnaire, survey, unit, answers[unit.unit()]));
  }
  return results;
}

absl::StatusOr<v1::CitizenSurvey> PublishAndForget(postgres::Transaction& tx,
                                                   const SurveyKey& key) {
  SurveyStore surveys(tx);
  std::vector<SurveyStore::NewResult> results;
  ASSIGN_OR_RETURN(
      v1::CitizenSurvey survey,
      surveys.Update(
          key, api::Precondition::None(), [&](v1::CitizenSurvey& changed) -> absl::Status {
            ASSIGN_OR_RETURN(results, Compute(tx, key, changed));
            return domain::FinishClosing(changed, tx.call().time());
          }));
  surveys.InsertResults(key, results);
  std::vector<std::string> kept;
  for (const SurveyStore::NewResult& result : results) {
    if (!result.result.withheld()) kept.push_back(result.unit);
  }
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
