// Answers of a survey that came in a burst or are copies: told to who runs the survey, never
// dropped.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/feedback/domain/survey_precision.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// So many answers with codes of one batch within one occasion (ten minutes) are a burst.
inline constexpr int kBurstAnswers = 10;
// So many answers of an occasion with the same values and no words are copies; with the same words
// two are.
inline constexpr int kWordlessCopies = 5;

struct CitizenAnswer {
  SurveyAnswer values;
  std::string comment;
  std::string occasion;
};

std::vector<SurveyAnswer> ValuesOf(const std::vector<CitizenAnswer>& answers);

// `result`: what is published of all answers of the unit. The index without the flagged ones is
// absent where it would tell somebody's answer by subtraction.
absl::StatusOr<v1::SurveyScreening> ScreenAnswers(const v1::Questionnaire& questionnaire,
                                                  const v1::CitizenSurvey& survey,
                                                  const v1::SurveyUnit& unit,
                                                  const v1::SurveyResult& result,
                                                  const std::vector<CitizenAnswer>& answers);

}  // namespace teraju::feedback::domain
