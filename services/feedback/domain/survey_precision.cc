#include "services/feedback/domain/survey_precision.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/rules/satisfaction.h"
#include "common/engines/statistics/distributions.h"
#include "services/feedback/domain/estimate.h"

namespace teraju::feedback::domain {
namespace {

constexpr double kLowestIndex = 25;
constexpr double kHighestIndex = 100;
constexpr int kIndexDigits = 2;

double DeviationOf(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

template <typename Message>
void SetBounds(double index, double half, Message& message) {
  *message.mutable_lower() = ToDecimal(std::max(kLowestIndex, index - half), kIndexDigits);
  *message.mutable_upper() = ToDecimal(std::min(kHighestIndex, index + half), kIndexDigits);
}

}  // namespace

std::optional<double> IndexError(const std::vector<SurveyAnswer>& answers,
                                 double weight,
                                 int population) {
  if (answers.size() < kFewestForInterval) return std::nullopt;
  std::vector<double> own;
  own.reserve(answers.size());
  for (const SurveyAnswer& answer : answers) {
    int sum = 0;
    for (const int value : answer) sum += value;
    own.push_back(kLowestIndex * weight * sum);
  }
  const auto n = static_cast<double>(answers.size());
  const double unasked = std::max(0.0, 1 - n / population);
  return DeviationOf(own) * std::sqrt(unasked / n);
}

void SetInterval(double error, v1::SurveyResult& result) {
  const double index = std::stod(result.index().value());
  SetBounds(
      index, statistics::StudentQuantile(kIntervalTail, result.answers() - 1) * error, result);
}

std::optional<double> ItemDeviation(const std::vector<SurveyAnswer>& answers, int item) {
  if (answers.size() < kFewestForInterval) return std::nullopt;
  std::vector<double> values;
  values.reserve(answers.size());
  for (const SurveyAnswer& answer : answers) values.push_back(answer.at(item));
  return DeviationOf(values);
}

std::optional<v1::SurveyOverall> MakeOverall(const std::vector<SurveyStratum>& strata) {
  v1::SurveyOverall overall;
  Rational weighted;
  double variance = 0;
  bool sure = true;
  for (const SurveyStratum& stratum : strata) {
    const auto index = teraju::FromProto(stratum.result.index());
    if (stratum.result.withheld() || !index.ok()) {
      overall.set_units_withheld(overall.units_withheld() + 1);
      continue;
    }
    overall.set_units(overall.units() + 1);
    overall.set_answers(overall.answers() + stratum.result.answers());
    overall.set_population(overall.population() + stratum.population);
    weighted += ToRational(*index) * stratum.population;
    sure = sure && stratum.error.has_value();
    variance += std::pow(stratum.population * stratum.error.value_or(0), 2);
  }
  if (overall.units() == 0) return std::nullopt;
  const Decimal index =
      Round(weighted / Rational(overall.population()), kIndexDigits, Rounding::kHalfUp);
  *overall.mutable_index() = ToProto(index);
  overall.set_grade(std::string(1, rules::GradeLetter(rules::GradeOf(index))));
  if (sure) {
    const double error = std::sqrt(variance) / static_cast<double>(overall.population());
    SetBounds(std::stod(overall.index().value()),
              statistics::NormalQuantile(kIntervalTail) * error,
              overall);
  }
  return overall;
}

}  // namespace teraju::feedback::domain
