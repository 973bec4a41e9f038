#include "tests/scenarios/survey.h"

namespace teraju::scenarios {

std::string SurveyQuestions(Town& town) {
  json::array items;
  for (int i = 1; i <= 9; ++i) {
    const std::string element = "U" + std::to_string(i);
    items.push_back({{"itemId", element},
                     {"topic", element},
                     {"textId", "Unsur " + element},
                     {"textEn", "Element " + element}});
  }
  std::string name = town.rest()
                         .Post(&town.hr(),
                               "/v1/" + town.agency() + "/questionnaires",
                               {{"kind", "CITIZEN"},
                                {"displayName", "SKM"},
                                {"items", items},
                                {"scaleMinimum", 1},
                                {"scaleMaximum", 4}})
                         .Text("/name");
  town.rest().Post(&town.hr(), "/v1/" + name + ":publish", json::object());
  return name;
}

SurveyRound OpenSurvey(Town& town,
                       const std::string& questions,
                       const std::string& unit,
                       int population) {
  const Answer survey =
      town.rest().Post(&town.hr(),
                       "/v1/" + town.agency() + "/citizenSurveys",
                       {{"displayName", "Survei kepuasan masyarakat"},
                        {"questionnaire", questions},
                        {"units", json::array{{{"unit", unit}, {"population", population}}}},
                        {"endTime", "2099-12-31T00:00:00Z"}});
  const std::string path = "/v1/" + survey.Text("/name");
  town.rest().Post(&town.hr(), path + ":open", json::object());
  return {
      survey.Text("/name"),
      survey.Number("/units/0/sampleSize"),
      ArrayOf(town.rest()
                  .Post(&town.hr(), path + ":issueTokens", {{"unit", unit}, {"count", population}})
                  .body,
              "surveyTokens")};
}

json::value SurveyAnswer(const json::value& code, int turn, int waiting) {
  json::array answers;
  for (int i = 1; i <= 9; ++i)
    answers.push_back(
        {{"itemId", "U" + std::to_string(i)}, {"value", i == 3 ? waiting : 3 + (turn + i) % 2}});
  return {{"responseToken", TextOf(code, "code")}, {"answers", answers}};
}

void AnswerSurvey(Town& town, const SurveyRound& survey, const std::vector<int>& waiting) {
  for (int i = 0; i < static_cast<int>(waiting.size()); ++i) {
    town.rest().Post(
        nullptr, "/v1/citizenResponses:submit", SurveyAnswer(survey.codes.at(i), i, waiting[i]));
  }
}

json::value CloseSurvey(Town& town, const SurveyRound& survey) {
  town.Run(town.hr(), "/v1/" + survey.name + ":close", json::object());
  return town.rest().List(&town.hr(), "/v1/" + survey.name + "/results", "results").at(0);
}

}  // namespace teraju::scenarios
