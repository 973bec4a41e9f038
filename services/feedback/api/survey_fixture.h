// The fixture of tests with surveys of citizens.
#pragma once

#include <string>
#include <vector>

#include "services/feedback/api/feedback_fixture.h"

namespace teraju::feedback {

// Two units, each of a thousand people served.
class SurveyApiTest : public FeedbackApiTest {
 protected:
  v1::CreateCitizenSurveyRequest New() {
    v1::CreateCitizenSurveyRequest request;
    request.set_parent("agencies/dumai");
    v1::CitizenSurvey& survey = *request.mutable_citizen_survey();
    survey.set_display_name("SKM 2025");
    survey.set_questionnaire(Questionnaire(v1::Questionnaire::CITIZEN, 9));
    *survey.mutable_end_time() = domain::ToTimestamp(host_.clock().Now() + absl::Hours(24));
    for (const char* unit : {"dinas", "pasar"}) {
      v1::SurveyUnit& added = *survey.add_units();
      added.set_unit(std::string("agencies/dumai/units/") + unit);
      added.set_population(1000);
    }
    return request;
  }
  std::string OpenSurvey() {
    const auto made = Call<v1::CitizenSurveys>(
        kHr, &v1::CitizenSurveys::StubInterface::CreateCitizenSurvey, New());
    EXPECT_THAT(made, testing::IsOk());
    EXPECT_EQ(made->units(0).sample_size(), 278);
    v1::OpenCitizenSurveyRequest open;
    open.set_name(made->name());
    EXPECT_THAT(
        Call<v1::CitizenSurveys>(kHr, &v1::CitizenSurveys::StubInterface::OpenCitizenSurvey, open),
        testing::IsOk());
    return made->name();
  }
  absl::StatusOr<v1::IssueSurveyTokensResponse> Issue(const testing::Caller& caller,
                                                      const std::string& survey,
                                                      const std::string& unit,
                                                      int count) {
    v1::IssueSurveyTokensRequest request;
    request.set_name(survey);
    request.set_unit("agencies/dumai/units/" + unit);
    request.set_count(count);
    return Call<v1::CitizenSurveys>(
        caller, &v1::CitizenSurveys::StubInterface::IssueSurveyTokens, request);
  }
  auto Respond(const std::string& code, const std::vector<int>& values) {
    v1::SubmitCitizenResponseRequest request;
    request.set_response_token(code);
    for (std::size_t i = 0; i < values.size(); ++i) {
      v1::Answer& answer = *request.add_answers();
      answer.set_item_id("i" + std::to_string(i + 1));
      answer.set_value(values[i]);
    }
    return Call<v1::Responses>({}, &v1::Responses::StubInterface::SubmitCitizenResponse, request);
  }
  void CloseSurvey(const std::string& survey) {
    v1::CloseCitizenSurveyRequest close;
    close.set_name(survey);
    EXPECT_THAT(Call<v1::CitizenSurveys>(
                    kHr, &v1::CitizenSurveys::StubInterface::CloseCitizenSurvey, close),
                testing::IsOk());
    EXPECT_TRUE(AwaitOperations());
  }
  auto Results(const std::string& survey) {
    v1::ListSurveyResultsRequest request;
    request.set_parent(survey);
    return Call<v1::CitizenSurveys>(
        kR0, &v1::CitizenSurveys::StubInterface::ListSurveyResults, request);
  }
};

}  // namespace teraju::feedback
