// Who appraises a person and why, on a day or over the days of a segment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity::domain {

// An assignment as the calculation sees it. Open ends are absl::CivilDay::max().
struct Post {
  std::string person;  // `employees/{id}`
  std::string unit;
  std::string title;
  v1::Assignment::Kind kind = v1::Assignment::DEFINITIVE;
  bool leads_unit = false;
  absl::CivilDay first;
  absl::CivilDay last = absl::CivilDay::max();
  int share = 0;  // of a secondment, in percent
};

// An official's term at the head of a unit.
struct Term {
  std::string person;  // `officials/{id}`
  std::string unit;
  absl::CivilDay first;
  absl::CivilDay last = absl::CivilDay::max();
};

// A superior, where and by what right.
struct Superior {
  std::string person;
  std::string unit;
  std::string unit_name;
  bool official = false;
  v1::Assignment::Kind kind = v1::Assignment::DEFINITIVE;  // of an employee
};

// One who appraises, for a part of the person's work in a unit.
struct Share {
  Superior superior;
  std::string unit;
  std::string unit_name;
  int percent = 100;
};

// The units passed over on the way to the appraiser, by name, each list nearest first.
struct PassedOver {
  std::vector<std::string> vacant;
  std::vector<std::string> without_head;  // the level was abolished
  std::vector<std::string> abolished;     // the unit was abolished
  std::vector<std::string> own;           // led by the person beside the own post
  std::vector<std::string> subordinate;   // led by somebody whom the person leads
};

// The reporting line of one person.
struct Line {
  std::string unit;
  std::vector<std::string> unit_path;  // the unit and those above it, nearest first
  bool leads_unit = false;
  // Who has the largest share; absent: every post above is vacant and no official is in office.
  std::optional<Superior> appraiser;
  std::optional<Superior> next_appraiser;
  std::vector<Share> shares;  // home first
  PassedOver passed_over;
};

// Days of one person in one unit and post under one appraiser. Where something else of the line
// changes within it, the line is that of its last day.
struct Segment {
  std::string person;
  absl::CivilDay first;
  absl::CivilDay last;
  std::string title;
  Line line;
};

// How the appraiser was found, for people.
struct Explanation {
  std::string id;
  std::string en;
};
Explanation Explain(const Line& line);

}  // namespace teraju::identity::domain
