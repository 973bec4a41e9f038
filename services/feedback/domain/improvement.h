// What a unit does about a low element of a survey, and whether it shows in the next one.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// Whether the unit's result has the element. FAILED_PRECONDITION: SURVEY_RESULT_WITHHELD,
// SURVEY_ELEMENT_UNKNOWN.
absl::Status CheckImprovement(const v1::ImprovementAction& action, const v1::SurveyResult& result);

// FAILED_PRECONDITION (IMPROVEMENT_ENDED) unless it is planned.
absl::Status RequirePlanned(const v1::ImprovementAction& action);

// PLANNED to DONE or DROPPED; nothing follows these. FAILED_PRECONDITION (IMPROVEMENT_ENDED).
absl::Status EndImprovement(v1::ImprovementAction& action,
                            v1::ImprovementAction::State state,
                            std::string_view outcome,
                            absl::Time now);

// The element in two results of the unit, with the 95 % interval of the difference (normal, two
// independent samples). Nullopt where one of them does not have it. The caller adds the survey.
std::optional<v1::ImprovementEffect> MakeEffect(std::string_view element,
                                                const v1::SurveyResult& before,
                                                const v1::SurveyResult& after);

}  // namespace teraju::feedback::domain
