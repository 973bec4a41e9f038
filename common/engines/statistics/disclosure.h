// Whether a set of numbers, published together, gives away what a single person answered: by linear
// algebra, and by the bounds of the scale. To be asked before anything is published.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/decimal/rounding.h"

namespace teraju::statistics {

// One number as a linear function of the answers behind it.
struct PublishedNumber {
  struct Term {
    int answer = 0;
    Rational coefficient = 1;
  };
  std::string label;
  std::vector<Term> terms;
  // What the number, as it is printed, says about the function's value: at least `least` and less
  // than `most`, or exactly that where both are the same. Absent: the function alone is judged.
  std::optional<Rational> least;
  std::optional<Rational> most;
  int importance = 0;  // to its readers; ProtectPublication gives up the least important first
};

// The mean of `answers`, printed as `printed` by rounding half up to its digits.
PublishedNumber MeanOf(std::string label, const std::vector<int>& answers, const Decimal& printed);

// Stands for the person of an answer that nobody gave: an empty cell of a table of counts. To know
// that a cell is empty is to know something about less than the fewest persons.
inline constexpr int kNobody = -1;

struct Publication {
  // The person behind each answer: answers are 0 ... size - 1. An answer that stays the same in two
  // periods or reports is one answer: then differences between them are seen through.
  std::vector<int> person;
  // Answers that are no secret (the superior's, one's own), with their values.
  std::map<int, std::int64_t> open_answers;
  std::vector<PublishedNumber> numbers;
  int threshold = 3;  // fewest persons about whose answers anything may be known together
  std::int64_t scale_minimum = 1;
  std::int64_t scale_maximum = 5;
};

enum class LeakKind {
  kDetermined,   // the sum over answers of too few persons follows from the numbers
  kAtTheBounds,  // the numbers are possible only if these answers are what they are
  kUnverified,   // too many combinations to be sure: published only in fewer numbers
};

struct Leak {
  LeakKind kind = LeakKind::kDetermined;
  std::vector<int> persons;
  std::vector<int> answers;
};

// Every leak found; empty: the numbers may be published. kDetermined is exact: nothing is missed
// (see modular.h), and of sets of persons that contain one another the smallest is named. For
// kAtTheBounds each number and each difference of two is used; deeper combinations are not.
std::vector<Leak> AuditPublication(const Publication& publication);

// Which numbers may be published: all, less one of the numbers that make a leak together, the least
// important one, of those the one with the fewest answers, again and again until the audit finds
// nothing.
std::vector<bool> ProtectPublication(const Publication& publication);

}  // namespace teraju::statistics
