#include "services/feedback/domain/citizen_survey.h"

#include <string>

#include "common/testing/status_matchers.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

v1::CitizenSurvey New() {
  v1::CitizenSurvey survey;
  *survey.mutable_end_time() = ToTimestamp(kNow + absl::Hours(1));
  for (const int population : {100, 1000}) {
    v1::SurveyUnit& unit = *survey.add_units();
    unit.set_unit("agencies/a/units/u" + std::to_string(population));
    unit.set_population(population);
  }
  return survey;
}

v1::Questionnaire NineElements() {
  v1::Questionnaire questionnaire;
  for (int i = 1; i <= 9; ++i) questionnaire.add_items()->set_topic("U" + std::to_string(i));
  return questionnaire;
}

// Five respondents with a published result: 81.11, B, lowest U3 and U9.
const std::vector<std::vector<int>> kAnswers = {{4, 3, 3, 4, 3, 4, 4, 3, 3},
                                                {3, 3, 3, 4, 3, 3, 4, 3, 3},
                                                {3, 3, 2, 4, 4, 3, 3, 3, 2},
                                                {4, 4, 3, 4, 3, 4, 4, 4, 3},
                                                {3, 3, 3, 3, 3, 3, 3, 2, 3}};

TEST(PrepareSurvey, SaysTheSampleSizes) {
  v1::CitizenSurvey survey = New();
  EXPECT_THAT(PrepareSurvey(survey, kNow), IsOk());
  EXPECT_EQ(survey.units(0).sample_size(), 80);
  EXPECT_EQ(survey.units(1).sample_size(), 278);
  EXPECT_EQ(survey.element_weight(), "NINTH");
  EXPECT_EQ(survey.state(), v1::CitizenSurvey::DRAFT);
}

TEST(PrepareSurvey, RefusesAUnitTwiceAndUnknownWeights) {
  v1::CitizenSurvey survey = New();
  survey.mutable_units(1)->set_unit(survey.units(0).unit());
  survey.set_element_weight("TENTH");
  const absl::Status status = PrepareSurvey(survey, kNow);
  EXPECT_THAT(status, ViolatesField("citizenSurvey.units[1].unit"));
  EXPECT_THAT(status, ViolatesField("citizenSurvey.elementWeight"));
}

TEST(CitizenSurvey, GoesFromDraftToClosed) {
  v1::CitizenSurvey survey = New();
  EXPECT_THAT(PrepareSurvey(survey, kNow), IsOk());
  EXPECT_THAT(BeginClosing(survey), HasReason(v1::SURVEY_WRONG_STATE));
  EXPECT_THAT(OpenSurvey(survey, kNow + absl::Hours(2)), ViolatesField("citizenSurvey.endTime"));
  EXPECT_THAT(OpenSurvey(survey, kNow), IsOk());
  EXPECT_THAT(FinishClosing(survey, kNow), HasReason(v1::SURVEY_WRONG_STATE));
  EXPECT_THAT(BeginClosing(survey), IsOk());
  EXPECT_THAT(BeginClosing(survey), IsOk());
  EXPECT_THAT(FinishClosing(survey, kNow), IsOk());
  EXPECT_THAT(BeginClosing(survey), HasReason(v1::SURVEY_WRONG_STATE));
}

TEST(MakeSurveyResult, GivesIndexGradeElementsAndImprovements) {
  v1::CitizenSurvey survey = New();
  EXPECT_THAT(PrepareSurvey(survey, kNow), IsOk());
  auto result = MakeSurveyResult(NineElements(), survey, survey.units(0), kAnswers);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->result.index().value(), "81.11");
  EXPECT_EQ(result->result.grade(), "B");
  EXPECT_EQ(result->result.answers(), 5);
  EXPECT_EQ(result->result.sample_size(), 80);
  EXPECT_EQ(result->result.elements(2).mean().value(), "2.800");
  EXPECT_THAT(result->result.improvements(), ElementsAre("U3", "U9"));
  EXPECT_FALSE(result->result.has_lower());
  EXPECT_FALSE(result->result.elements(2).has_deviation());

  survey.set_element_weight("PRINTED");
  result = MakeSurveyResult(NineElements(), survey, survey.units(0), kAnswers);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->result.index().value(), "80.30");
}

TEST(MakeSurveyResult, SaysFromTenAnswersOnHowSureItIs) {
  const v1::CitizenSurvey survey = New();
  std::vector<SurveyAnswer> twice = kAnswers;
  twice.insert(twice.end(), kAnswers.begin(), kAnswers.end());
  const auto made = MakeSurveyResult(NineElements(), survey, survey.units(1), twice);
  ASSERT_THAT(made, IsOk());
  // R: m <- rowMeans(answers) * 25; 81.11 + c(-1, 1) * qt(.975, 9) * sd(m) / sqrt(10) * sqrt(.99)
  EXPECT_EQ(made->result.lower().value(), "75.77");
  EXPECT_EQ(made->result.upper().value(), "86.45");
  EXPECT_EQ(made->result.elements(2).deviation().value(), "0.422");
}

TEST(MakeSurveyResult, WithholdsAUnitBelowTheThreshold) {
  const v1::CitizenSurvey survey = New();
  const auto result =
      MakeSurveyResult(NineElements(), survey, survey.units(0), {kAnswers[0], kAnswers[1]});
  ASSERT_THAT(result, IsOk());
  EXPECT_TRUE(result->result.withheld());
  EXPECT_FALSE(result->result.has_answers());
  EXPECT_FALSE(result->result.has_index());
  EXPECT_EQ(result->result.elements_size(), 0);
}

}  // namespace
}  // namespace teraju::feedback::domain
