// A report as a picture.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {

// SVG with what the report shows; `questionnaire` has the items' texts. INVALID_ARGUMENT
// (FIELD_INVALID) for another language than `id` and `en`, or a distribution without its group;
// FAILED_PRECONDITION (REPORT_NOT_PUBLISHED) where the group's distribution is not published.
absl::StatusOr<std::string> DrawReportPicture(const v1::DrawReportRequest& request,
                                              const v1::Report& report,
                                              const v1::Questionnaire& questionnaire);

}  // namespace teraju::feedback
