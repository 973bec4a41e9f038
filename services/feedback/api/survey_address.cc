#include "services/feedback/api/survey_address.h"

namespace teraju::feedback {

std::string SurveyAddress(service::Settings& settings) {
  constexpr std::size_t kLongest = 200;
  std::string address = settings.Text("SURVEY_ADDRESS", "");
  const bool plain = address.find_first_of("?# ") == std::string::npos;
  if (!address.empty() &&
      (!address.starts_with("https://") || !plain || address.size() > kLongest)) {
    settings.Fault("SURVEY_ADDRESS",
                   "must be an https address of at most 200 characters without ? and #");
  }
  return address;
}

}  // namespace teraju::feedback
