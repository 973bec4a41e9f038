// Which fields of requests are for texts, found in the descriptors.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace teraju::security {

// A place in a request for a text: `catalog.v1.Goals.CreateGoal:goal.title`, and where that field
// is declared: `catalog.v1.Goal.title`.
struct TextField {
  std::string place;
  std::string declared;
};

// Every one of every method that writes, at any depth.
std::vector<TextField> TextFields();

// Fields that are not written and read back, with the reason.
struct Excuse {
  std::string field;  // as declared, or a place
  std::string reason;
};
const std::vector<Excuse>& Excuses();

// Fields that are neither in `tried` nor excused, and excuses of nothing.
struct Gaps {
  std::vector<std::string> forgotten;
  std::vector<std::string> needless;
  int excused = 0;
};
Gaps FindGaps(const std::vector<TextField>& fields,
              const std::set<std::string>& tried,
              const std::vector<Excuse>& excuses);

}  // namespace teraju::security
