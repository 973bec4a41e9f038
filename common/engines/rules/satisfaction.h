// The index of citizens' satisfaction (IKM) of a service: PermenPANRB 14/2017.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/rounding.h"
#include "common/engines/text.h"

namespace teraju::rules {

// The answers to one element (`U1` … `U9`), each from 1 to 4. Without answers the element is
// dropped (a service without a tariff).
struct ElementAnswers {
  std::string element;
  std::int64_t sum = 0;
  std::int64_t answers = 0;
};

enum class ElementWeight {
  kExact,    // 1 / number of elements used
  kPrinted,  // 0.11 for nine elements, as the regulation prints it: the maximum is then 99.00;
             // exact where one is dropped
};

// Mutu pelayanan.
enum class Grade { kA = 1, kB = 2, kC = 3, kD = 4 };

// The least index of each grade but D.
struct SatisfactionRules {
  ElementWeight weight = ElementWeight::kExact;
  Decimal a{Integer(8831), 2};
  Decimal b{Integer(7661), 2};
  Decimal c{Integer(6500), 2};
};

struct ElementMean {
  std::string element;
  Rational mean;  // NRR, nilai rata-rata
};

struct Satisfaction {
  std::vector<ElementMean> elements;  // those with answers, in the given order
  Rational weight;                    // of each
  Rational exact;                     // 25 * sum of weight * mean
  Decimal index;  // rounded half up to two digits, before grading: the bands have gaps of 0.01
  Grade grade = Grade::kD;
};

// INVALID_ARGUMENT (FIELD_INVALID) without any answer, or where a sum cannot come from answers of 1
// to 4.
absl::StatusOr<Satisfaction> SatisfactionIndex(std::span<const ElementAnswers> answers,
                                               const SatisfactionRules& rules = {});

// The `n` elements with the lowest means, lowest first, in the given order where equal: what to
// improve first.
std::vector<std::string> LowestElements(const Satisfaction& satisfaction, std::size_t n);

// How many of `population` to ask (Morgan and Krejcie; chi-square 3.841, P 0.5, d 0.05), rounded
// half up; 0 for 0.
std::int64_t SampleSize(std::int64_t population);

// Of an index rounded to two digits.
Grade GradeOf(const Decimal& index, const SatisfactionRules& rules = {});

// `A` to `D`.
char GradeLetter(Grade grade);
Text Label(Grade grade);

}  // namespace teraju::rules
