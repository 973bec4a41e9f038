// A citizen survey (SKM) of one office, as an HR client runs it and citizens answer it.
#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/town.h"

namespace teraju::scenarios {

struct SurveyRound {
  std::string name;
  std::int64_t sample_size = 0;  // of those served
  json::array codes;             // one for each of those served
};

// A published questionnaire of the nine elements, U1 to U9.
std::string SurveyQuestions(Town& town);

// A survey of the office among so many people served, with a code for each.
SurveyRound OpenSurvey(Town& town,
                       const std::string& questions,
                       const std::string& unit,
                       int population);

// The answer number `turn`: U3 (waiting) is rated as given, everything else 3 or 4.
json::value SurveyAnswer(const json::value& code, int turn, int waiting);

// One answer for each rating of waiting.
void AnswerSurvey(Town& town, const SurveyRound& survey, const std::vector<int>& waiting);

// Closes it and gives the result of the office.
json::value CloseSurvey(Town& town, const SurveyRound& survey);

}  // namespace teraju::scenarios
