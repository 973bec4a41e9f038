// Singkil: citizens are asked, a low element is improved, and everybody sees what changed.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/survey.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// The office of social affairs with the officer who sees to what citizens find low.
class SingkilSurvey : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("singkil", "Pemerintah Kabupaten Singkil"));
    social_ = town_->Unit("dinsos", "Dinas Sosial", town_->root());
    head_ = town_->Employee("Kepala", social_, "Kepala Dinas Sosial", "STRUCTURAL", true);
    officer_ = town_->Employee("Petugas", social_, "Pekerja Sosial", "FUNCTIONAL", false);
  }

  static std::string Base() { return "/v1/" + town_->agency(); }
  static std::string social_, head_, officer_;
};
std::string SingkilSurvey::social_, SingkilSurvey::head_, SingkilSurvey::officer_;

TEST_F(SingkilSurvey, Line4_CitizensAnswerWithoutAnAccountAndTheLowElementIsImproved) {
  RestClient& rest = town_->rest();
  const std::string questions = SurveyQuestions(*town_);
  const SurveyRound first = OpenSurvey(*town_, questions, social_, 10);
  // Of ten people served ten are to be asked (Morgan and Krejcie).
  EXPECT_EQ(first.sample_size, 10);
  ASSERT_THAT(first.codes, SizeIs(10));
  AnswerSurvey(*town_, first, {2, 2, 1, 2, 3, 2, 2, 1, 2, 3});
  // A code works once, and one made up not at all; both are refused in the same words.
  const Refusal used = town_->Refused(
      "POST", nullptr, "/v1/citizenResponses:submit", SurveyAnswer(first.codes[0], 0, 2));
  EXPECT_EQ(used.reason, "RESPONSE_TOKEN_INVALID");
  EXPECT_EQ(used,
            town_->Refused("POST",
                           nullptr,
                           "/v1/citizenResponses:submit",
                           SurveyAnswer({{"code", "AAAAAAAAAAAAAAAAAAAAAAAAAA"}}, 0, 2)));
  const json::value result = CloseSurvey(*town_, first);
  EXPECT_EQ(NumberOf(result, "answers"), 10);
  // Ten codes of one sheet used at once: who runs the survey is told, and every answer counts.
  const json::array screenings =
      rest.List(&town_->hr(), "/v1/" + first.name + "/screenings", "screenings");
  ASSERT_THAT(screenings, SizeIs(1));
  EXPECT_EQ(NumberOf(screenings[0], "burstAnswers"), 10);
  EXPECT_EQ(town_->Refused("GET", nullptr, "/v1/" + first.name + "/screenings", nullptr).status,
            401);
  const json::array elements = ArrayOf(result, "elements");
  ASSERT_THAT(elements, SizeIs(9));
  EXPECT_EQ(DecimalOf(elements[2], "mean"), 2);
  // Everybody served has answered: nothing is left to chance.
  EXPECT_EQ(DecimalOf(result, "lower"), DecimalOf(result, "index"));
  // What is to be improved first becomes an action with owner and date.
  EXPECT_EQ(ArrayOf(result, "improvements").at(0), json::value("U3"));
  const std::string action = rest.Post(&town_->hr(),
                                       Base() + "/improvementActions",
                                       {{"citizenSurvey", first.name},
                                        {"unit", social_},
                                        {"element", "U3"},
                                        {"description", "Antrean daring dibuka"},
                                        {"owner", officer_},
                                        {"dueDate", Day(2026, 6, 30)}})
                                 .Text("/name");
  rest.Post(&town_->As(officer_),
            "/v1/" + action + ":complete",
            {{"outcome", "Antrean daring dipakai sejak April"}});

  const SurveyRound second = OpenSurvey(*town_, questions, social_, 10);
  // Codes on paper: a page, made once.
  const Answer page = rest.Try("POST",
                               &town_->hr(),
                               "/v1/" + second.name + ":printTokens",
                               {{"unit", social_}, {"count", 2}});
  EXPECT_THAT(std::string(page.body.as_string()), HasSubstr("Kode sekali pakai"));
  AnswerSurvey(*town_, second, {4, 3, 4, 3, 3, 4, 3, 4, 3, 4});
  CloseSurvey(*town_, second);
  // The index over both surveys as a picture, for everybody of the agency.
  const std::string trend = Base() + "/surveyTrend:draw?unit=" + social_;
  const auto draw = [&](const std::string& path) {
    return std::string(rest.Try("GET", &town_->As(officer_), path, nullptr).body.as_string());
  };
  EXPECT_THAT(draw(trend), HasSubstr("Indeks Kepuasan Masyarakat"));
  EXPECT_THAT(draw(trend + "&languageCode=en"), HasSubstr("Index of citizens"));
  // Everybody may read what changed, and nobody reads whose task it was.
  const json::array shown = rest.List(nullptr, Base() + "/publicImprovements", "improvements");
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(TextOf(shown[0], "outcome"), "Antrean daring dipakai sejak April");
  EXPECT_FALSE(shown[0].as_object().contains("owner"));
  const json::value effect = ObjectOf(shown[0], "effect");
  EXPECT_EQ(TextOf(effect, "citizenSurvey"), second.name);
  EXPECT_EQ(TextOf(ObjectOf(effect, "change"), "value"), "1.500");
  EXPECT_EQ(TextOf(effect, "verdict"), "IMPROVED");
}

TEST_F(SingkilSurvey, Line6_ANeedOfCitizensLeadsToProgrammeIndicatorPlansAndTraining) {
  RestClient& rest = town_->rest();
  const SurveyRound round = OpenSurvey(*town_, SurveyQuestions(*town_), social_, 10);
  AnswerSurvey(*town_, round, {2, 2, 1, 2, 3, 2, 2, 1, 2, 3});
  CloseSurvey(*town_, round);
  const std::string need = rest.Post(&town_->hr(),
                                     Base() + "/improvementActions",
                                     {{"citizenSurvey", round.name},
                                      {"unit", social_},
                                      {"element", "U3"},
                                      {"description", "Pendampingan di loket"},
                                      {"owner", officer_},
                                      {"dueDate", Day(2026, 6, 30)}})
                               .Text("/name");
  // The programme that answers it, with its indicator and what has to be learnt for it.
  json::value draft = {{"kind", "PROGRAMME"},
                       {"title", "Layanan ramah warga"},
                       {"needs", json::array{"agencies/plaju/improvementActions/x"}},
                       {"trainingTopics", json::array{"PELAYANAN"}},
                       {"firstYear", 2026},
                       {"lastYear", 2026}};
  const Refusal elsewhere = town_->Refused("POST", &town_->hr(), Base() + "/goals", draft);
  EXPECT_EQ(elsewhere.reason, "FIELD_INVALID");
  draft.as_object()["needs"] = json::array{json::value(need)};
  const std::string programme = rest.Post(&town_->hr(), Base() + "/goals", draft).Text("/name");
  rest.Post(&town_->hr(), "/v1/" + programme + ":publish", json::object());
  const std::string indicator = rest.Post(&town_->hr(),
                                          Base() + "/indicators",
                                          {{"title", "Persentase warga yang didampingi"},
                                           {"goal", programme},
                                           {"unit", social_},
                                           {"unitOfMeasure", "persen"},
                                           {"polarity", "HIGHER_IS_BETTER"},
                                           {"baseline", Amount("40")},
                                           {"target", Amount("90")},
                                           {"dataSource", "Buku loket"}})
                                    .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + indicator + ":publish", json::object());
  const std::string plan = town_->AgreePlan(officer_,
                                            town_->As(head_),
                                            town_->OpenCycle("2026"),
                                            {{{"itemId", "hk1"},
                                              {"kind", "MAIN"},
                                              {"title", "Warga didampingi di loket"},
                                              {"supports", indicator},
                                              {"indicators",
                                               {{{"indicatorId", "dampingan"},
                                                 {"aspect", "QUANTITY"},
                                                 {"title", "Warga didampingi"},
                                                 {"unitOfMeasure", "orang"},
                                                 {"polarity", "HIGHER_IS_BETTER"},
                                                 {"target", Amount("200")}}}}}});
  const std::string course = rest.Post(&town_->hr(),
                                       Base() + "/courses",
                                       {{"title", "Pelayanan prima"},
                                        {"topics", json::array{"PELAYANAN"}},
                                        {"type", "8"},
                                        {"learningHours", 24}})
                                 .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + course + ":publish", json::object());

  // From the need to all that hangs on it.
  const json::array answering = rest.List(&town_->hr(), Base() + "/goals?need=" + need, "goals");
  ASSERT_THAT(answering, SizeIs(1));
  EXPECT_EQ(TextOf(answering[0], "name"), programme);
  const json::array measured =
      rest.List(&town_->hr(), Base() + "/indicators?goal=" + programme, "indicators");
  ASSERT_THAT(measured, SizeIs(1));
  const json::array serving =
      rest.List(&town_->hr(), Base() + "/workPlans?supports=" + indicator, "workPlans");
  ASSERT_THAT(serving, SizeIs(1));
  EXPECT_EQ(TextOf(serving[0], "name"), plan);
  const std::string topic(ArrayOf(answering[0], "trainingTopics").at(0).as_string());
  const json::array taught = rest.List(&town_->hr(), Base() + "/courses?topic=" + topic, "courses");
  ASSERT_THAT(taught, SizeIs(1));
  EXPECT_EQ(TextOf(taught[0], "name"), course);
}

}  // namespace
}  // namespace teraju::scenarios
