#include "common/engines/rules/satisfaction.h"

#include <algorithm>

#include "common/errors/error.h"

namespace teraju::rules {
namespace {

constexpr int kLowest = 1;
constexpr int kHighest = 4;
constexpr int kPointsPerStep = 25;
constexpr std::size_t kElements = 9;

absl::Status Refuse(std::string_view why) {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, why);
}

}  // namespace

absl::StatusOr<Satisfaction> SatisfactionIndex(std::span<const ElementAnswers> answers,
                                               const SatisfactionRules& rules) {
  Satisfaction result;
  Rational sum;
  for (const ElementAnswers& element : answers) {
    if (element.sum < kLowest * element.answers || element.sum > kHighest * element.answers) {
      return Refuse("Answers lie from 1 to 4.");
    }
    if (element.answers == 0) continue;
    const Rational mean(element.sum, element.answers);
    result.elements.push_back({element.element, mean});
    sum += mean;
  }
  if (result.elements.empty()) return Refuse("There are no answers.");
  const std::size_t used = result.elements.size();
  const bool printed = rules.weight == ElementWeight::kPrinted && used == kElements;
  result.weight = printed ? Rational(11, 100) : Rational(1, used);
  result.exact = kPointsPerStep * result.weight * sum;
  result.index = Round(result.exact, 2, Rounding::kHalfUp);
  result.grade = GradeOf(result.index, rules);
  return result;
}

std::vector<std::string> LowestElements(const Satisfaction& satisfaction, std::size_t n) {
  std::vector<ElementMean> sorted = satisfaction.elements;
  std::stable_sort(sorted.begin(), sorted.end(), [](const ElementMean& a, const ElementMean& b) {
    return a.mean < b.mean;
  });
  std::vector<std::string> lowest;
  for (std::size_t i = 0; i < std::min(n, sorted.size()); ++i) lowest.push_back(sorted[i].element);
  return lowest;
}

std::int64_t SampleSize(std::int64_t population) {
  if (population <= 0) return 0;
  const Rational spread = Rational(3841, 1000) / 4;  // chi-square * P * (1 - P)
  const Rational margin = Rational(25, 10000);       // d squared
  const Rational size = spread * population / (margin * (population - 1) + spread);
  return static_cast<std::int64_t>(Round(size, 0, Rounding::kHalfUp).unscaled());
}

Grade GradeOf(const Decimal& index, const SatisfactionRules& rules) {
  if (index >= rules.a) return Grade::kA;
  if (index >= rules.b) return Grade::kB;
  if (index >= rules.c) return Grade::kC;
  return Grade::kD;
}

char GradeLetter(Grade grade) { return static_cast<char>('A' + static_cast<int>(grade) - 1); }

Text Label(Grade grade) {
  switch (grade) {
    case Grade::kA:
      return {"Sangat Baik", "very good"};
    case Grade::kB:
      return {"Baik", "good"};
    case Grade::kC:
      return {"Kurang Baik", "fair"};
    case Grade::kD:
      return {"Tidak Baik", "poor"};
  }
  return {};
}

}  // namespace teraju::rules
