// How sure the index of a survey is: intervals for a unit and for all units together.
#pragma once

#include <optional>
#include <vector>

#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// With fewer answers there are no intervals and deviations.
inline constexpr int kFewestForInterval = 10;

// Values of one answer, in the order of the questionnaire's items.
using SurveyAnswer = std::vector<int>;

// Standard error of a unit's index: the deviation of each one's own index (25 times `weight` times
// the sum of the values) over the square root of n, times the square root of 1 - n / population.
// Absent with fewer than kFewestForInterval answers.
std::optional<double> IndexError(const std::vector<SurveyAnswer>& answers,
                                 double weight,
                                 int population);

// Sets the 95 % interval (Student) around the index, within 25 and 100.
void SetInterval(double error, v1::SurveyResult& result);

// Deviation (n - 1) of one item's values; absent with fewer than kFewestForInterval answers.
std::optional<double> ItemDeviation(const std::vector<SurveyAnswer>& answers, int item);

// A unit's part in the overall index.
struct SurveyStratum {
  v1::SurveyResult result;  // may be withheld
  int population = 0;
  std::optional<double> error;  // IndexError
};

// The mean of the units' published indices, weighted by the people they served, rounded half up to
// two digits; nullopt where no unit has a result.
std::optional<v1::SurveyOverall> MakeOverall(const std::vector<SurveyStratum>& strata);

}  // namespace teraju::feedback::domain
