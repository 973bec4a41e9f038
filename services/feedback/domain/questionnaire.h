// The rules for questionnaires and for answers to them.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// INVALID_ARGUMENT (FIELD_INVALID) naming every fault: items with the same id, a scale outside 1 to
// 10; for citizens the scale 1 to 4 and each item about another element `U1` to `U9`.
absl::Status CheckQuestionnaire(const v1::Questionnaire& questionnaire);

// DRAFT to PUBLISHED. FAILED_PRECONDITION (QUESTIONNAIRE_PUBLISHED).
absl::Status PublishQuestionnaire(v1::Questionnaire& questionnaire);

// Whether a campaign or survey may use it. FAILED_PRECONDITION (QUESTIONNAIRE_NOT_PUBLISHED),
// INVALID_ARGUMENT (QUESTIONNAIRE_KIND_WRONG).
absl::Status RequireUsable(const v1::Questionnaire& questionnaire, v1::Questionnaire::Kind kind);

// The values in the order of the questionnaire's items. In a draft items may be missing: their
// value is 0. INVALID_ARGUMENT (ANSWER_INVALID) for an unknown item, one answered twice or off the
// scale; ANSWER_MISSING. No value is repeated in an error.
absl::StatusOr<std::vector<int>> ReadAnswers(
    const v1::Questionnaire& questionnaire,
    const google::protobuf::RepeatedPtrField<v1::Answer>& answers,
    bool draft);

// INVALID_ARGUMENT (FIELD_INVALID) for a comment where the questionnaire has none.
absl::Status CheckComment(const v1::Questionnaire& questionnaire, std::string_view comment);

}  // namespace teraju::feedback::domain
