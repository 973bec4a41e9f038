// Who is asked about whom.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// Where a person stood on a day. Persons are `employees/{id}` or `officials/{id}`, units are
// whole names.
struct ReportingLine {
  std::string employee;
  std::string appraiser;
  std::string unit;
  std::vector<std::string> unit_path;  // the unit and every unit above it, nearest first
};

struct RaterChoice {
  std::string ratee;
  std::string rater;
  v1::RaterGroup group;

  friend bool operator==(const RaterChoice&, const RaterChoice&) = default;
};

// RATER_IS_RATEE (INVALID_ARGUMENT) unless rater and ratee are the same exactly for SELF.
absl::Status CheckRater(const RaterChoice& choice);

// INVALID_ARGUMENT (FIELD_INVALID) when a pair of ratee and rater stands there twice.
absl::Status RequireDistinct(const std::vector<RaterChoice>& choices);

struct SuggestionRules {
  int peers = 0;
  int subordinates = 0;
  std::string unit;  // only ratees of this unit and those below it; empty: everybody
  std::string seed;  // decides who is drawn
};

// For every ratee: oneself, the appraiser, up to `peers` others under the same appraiser, up to
// `subordinates` of those whom the ratee appraises. Those under one appraiser are shuffled by the
// seed into a ring and everybody is rated by the next ones in it: nobody has to rate more peers
// than others do, and the raters of an office stay connected. Equal input gives equal output,
// whatever its order.
std::vector<RaterChoice> SuggestRaters(std::vector<ReportingLine> lines,
                                       const SuggestionRules& rules);

// Whether all raters can be compared: those who share no ratee, directly or through others, are on
// scales of their own.
struct Connections {
  int ratees = 0;
  int raters = 0;
  int components = 0;
  // The fewest further choices, as peers, that connect everybody.
  std::vector<RaterChoice> connecting;
};

// Oneself does not count, and is never proposed.
Connections ConnectChoices(const std::vector<RaterChoice>& choices);

}  // namespace teraju::feedback::domain
