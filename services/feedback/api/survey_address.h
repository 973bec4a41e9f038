// Where citizens use the codes of a survey, as it is printed on paper.
#pragma once

#include <string>

#include "common/service/settings.h"

namespace teraju::feedback {

// `SURVEY_ADDRESS`: https, without `?` and `#`, at most 200 characters; empty where there is no
// such page. Anything else is a fault of the settings.
std::string SurveyAddress(service::Settings& settings);

}  // namespace teraju::feedback
