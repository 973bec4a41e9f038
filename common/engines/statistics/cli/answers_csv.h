// Answers from a CSV file: a header in any order, the delimiter recognised, every fault with line,
// column, reason and remedy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/engines/statistics/ratings.h"
#include "common/engines/text.h"

namespace teraju::statistics {

struct Fault {
  int line = 0;        // from 1; the header is line 1
  std::string column;  // its name in the header; empty: the whole line
  Text text;           // reason and remedy
};

// Ratings with the names behind their indices, in order of appearance.
struct NamedRatings {
  Ratings ratings;
  std::vector<std::string> ratees;
  std::vector<std::string> raters;
  std::vector<std::string> items;
  std::vector<std::string> groups;
  std::vector<std::string> periods;  // sorted: their order is that of time
  int missing = 0;                   // rows without a value
};

struct ParsedAnswers {
  std::optional<NamedRatings> answers;  // absent where there are faults
  std::vector<Fault> faults;            // at most 20
};

// Columns: rater, ratee, value, and if wanted item, group, period (or penilai, dinilai, nilai,
// butir, kelompok, periode). Delimiter: comma, semicolon, tab or bar, whichever the header has most
// of; with a semicolon a decimal comma is read too. Quotes as in RFC 4180. An empty value is a
// missing answer. A rater answers an item about a ratee once in a period.
ParsedAnswers ParseAnswers(std::string_view csv);

}  // namespace teraju::statistics
