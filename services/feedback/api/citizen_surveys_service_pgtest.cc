#include "services/feedback/api/survey_fixture.h"

namespace teraju::feedback {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;
using CitizenSurveysStub = v1::CitizenSurveys::StubInterface;

using CitizenSurveysServiceTest = SurveyApiTest;

TEST_F(CitizenSurveysServiceTest, GivesTheIndexOfAUnitAndWithholdsASmallOne) {
  const std::string survey = OpenSurvey();
  const std::vector<std::vector<int>> answers = {{4, 3, 3, 4, 3, 4, 4, 3, 3},
                                                 {3, 3, 3, 4, 3, 3, 4, 3, 3},
                                                 {3, 3, 2, 4, 4, 3, 3, 3, 2},
                                                 {4, 4, 3, 4, 3, 4, 4, 4, 3},
                                                 {3, 3, 3, 3, 3, 3, 3, 2, 3}};
  const auto codes = Issue(kHr, survey, "dinas", 5);
  ASSERT_THAT(codes, IsOk());
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Respond(codes->survey_tokens(i).code(), answers[i]), IsOk());
    EXPECT_THAT(Respond(codes->survey_tokens(i).code(), answers[i]),
                HasReason(v1::RESPONSE_TOKEN_INVALID));
  }
  const auto few = Issue(kHr, survey, "pasar", 2);
  ASSERT_THAT(few, IsOk());
  for (const v1::SurveyToken& token : few->survey_tokens()) {
    EXPECT_THAT(Respond(token.code(), std::vector<int>(9, 4)), IsOk());
  }
  EXPECT_THAT(Results(survey), HasReason(v1::REPORT_NOT_PUBLISHED));

  CloseSurvey(survey);
  const auto results = Results(survey);
  ASSERT_THAT(results, IsOk());
  ASSERT_EQ(results->results_size(), 2);
  for (const v1::SurveyResult& result : results->results()) {
    if (result.unit() == "agencies/dumai/units/pasar") {
      EXPECT_TRUE(result.withheld());
      EXPECT_FALSE(result.has_index());
    } else {
      EXPECT_EQ(result.index().value(), "81.11");
      EXPECT_EQ(result.grade(), "B");
      EXPECT_THAT(result.improvements(), ElementsAre("U3", "U9"));
    }
  }
  // Over the units that are shown.
  v1::GetCitizenSurveyRequest get;
  get.set_name(survey);
  const auto closed = Call<v1::CitizenSurveys>(kR0, &CitizenSurveysStub::GetCitizenSurvey, get);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->overall().index().value(), "81.11");
  EXPECT_EQ(closed->overall().units(), 1);
  EXPECT_EQ(closed->overall().units_withheld(), 1);
  EXPECT_EQ(closed->overall().population(), 1000);
  EXPECT_THAT(Query("SELECT DISTINCT unit FROM citizen_answers"),
              ElementsAre("agencies/dumai/units/dinas"));
  EXPECT_THAT(Query(kOpenTables), ElementsAre());
}

TEST_F(CitizenSurveysServiceTest, RefusesUnitsThatTheAgencyDoesNotHave) {
  v1::CreateCitizenSurveyRequest request = New();
  request.mutable_citizen_survey()->mutable_units(1)->set_unit("agencies/dumai/units/none");
  EXPECT_THAT(Call<v1::CitizenSurveys>(kHr, &CitizenSurveysStub::CreateCitizenSurvey, request),
              ViolatesField("citizenSurvey.units[1].unit"));
}

TEST_F(CitizenSurveysServiceTest, LetsAUnitsHrIssueCodesForItsUnitOnly) {
  const std::string survey = OpenSurvey();
  const auto issued = Issue(kUnitHr, survey, "dinas", 2);
  ASSERT_THAT(issued, IsOk());
  EXPECT_NE(issued->survey_tokens(0).code(), issued->survey_tokens(1).code());
  EXPECT_THAT(Issue(kUnitHr, survey, "pasar", 2), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Issue(kUnitHr, survey, "kota", 2), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Issue(kHr, survey, "kota", 2), HasReason(v1::SURVEY_UNIT_UNKNOWN));
  EXPECT_THAT(Issue(kR0, survey, "dinas", 2), HasReason(PERMISSION_DENIED));
}

TEST_F(CitizenSurveysServiceTest, KeepsOnlyHashesOfCodes) {
  const std::string survey = OpenSurvey();
  const auto issued = Issue(kHr, survey, "dinas", 1);
  ASSERT_THAT(issued, IsOk());
  EXPECT_THAT(Query("SELECT encode(token_hash, 'hex') = encode(sha256('" +
                    issued->survey_tokens(0).code() + "'), 'hex') FROM survey_tokens"),
              ElementsAre("t"));
  v1::GetCitizenSurveyRequest get;
  get.set_name(survey);
  EXPECT_EQ(Call<v1::CitizenSurveys>(kR0, &CitizenSurveysStub::GetCitizenSurvey, get)
                ->units(0)
                .tokens_issued(),
            1);
}

TEST_F(CitizenSurveysServiceTest, IssuesCodesOnlyWhileOpen) {
  const auto made = Call<v1::CitizenSurveys>(kHr, &CitizenSurveysStub::CreateCitizenSurvey, New());
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(Issue(kHr, made->name(), "dinas", 1), HasReason(v1::SURVEY_WRONG_STATE));
}

}  // namespace
}  // namespace teraju::feedback
