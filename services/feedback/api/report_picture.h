// Reports and surveys as pictures.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/text.h"
#include "google/api/httpbody.pb.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {

// SVG with what the report shows; `questionnaire` has the items' texts. INVALID_ARGUMENT
// (FIELD_INVALID) for another language than `id` and `en`, or a distribution without its group;
// FAILED_PRECONDITION (REPORT_NOT_PUBLISHED) where the group's distribution is not published.
absl::StatusOr<std::string> DrawReportPicture(const v1::DrawReportRequest& request,
                                              const v1::Report& report,
                                              const v1::Questionnaire& questionnaire);

// Campaigns or surveys in a trend.
inline constexpr int kPeriodsDrawn = 10;

// SVG with the means of each group, report by report; with the campaigns' names. Reports on another
// scale than the last one's are left out: they cannot be compared.
std::string DrawReportTrendPicture(const std::vector<std::pair<std::string, v1::Report>>& reports,
                                   Language language);

// SVG with the index of a unit, survey by survey; with the surveys' names.
std::string DrawSurveyTrendPicture(
    const std::vector<std::pair<std::string, v1::SurveyResult>>& results, Language language);

// `id` (also empty) or `en`. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<Language> ReadLanguage(const std::string& code);

google::api::HttpBody SvgBody(std::string svg);

}  // namespace teraju::feedback
