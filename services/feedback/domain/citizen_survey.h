// The life and the results of a survey of citizens served (SKM, PermenPANRB 14/2017).
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/feedback/domain/survey_precision.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// A unit with fewer answers has no published result.
inline constexpr int kSurveyThreshold = 3;
// How many of the lowest elements are to be improved first.
inline constexpr int kImprovements = 2;

// A new survey: sets state, default weight and the sample size of each unit. INVALID_ARGUMENT
// (FIELD_INVALID) for a unit twice, another weight than NINTH and PRINTED, an end in the past.
absl::Status PrepareSurvey(v1::CitizenSurvey& survey, absl::Time now);

// FAILED_PRECONDITION (SURVEY_WRONG_STATE) in any other state.
absl::Status RequireState(const v1::CitizenSurvey& survey, v1::CitizenSurvey::State state);

// DRAFT to OPEN.
absl::Status OpenSurvey(v1::CitizenSurvey& survey, absl::Time now);
// OPEN to CLOSING. A closing that broke off may begin again.
absl::Status BeginClosing(v1::CitizenSurvey& survey);
// CLOSING to CLOSED.
absl::Status FinishClosing(v1::CitizenSurvey& survey, absl::Time now);

// The result of a unit from its answers: index (IKM) with its interval, grade, means of the
// elements (NRR, three decimals, half up) and what to improve. The caller adds name and time.
// Withheld below the threshold.
absl::StatusOr<SurveyStratum> MakeSurveyResult(const v1::Questionnaire& questionnaire,
                                               const v1::CitizenSurvey& survey,
                                               const v1::SurveyUnit& unit,
                                               const std::vector<SurveyAnswer>& answers);

}  // namespace teraju::feedback::domain
