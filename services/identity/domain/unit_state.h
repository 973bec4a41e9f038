// What a unit is called and where it stands, from a day until a day: the tree of units over time.
#pragma once

#include <string>

#include "absl/time/civil_time.h"

namespace teraju::identity::domain {

struct UnitState {
  std::string id;
  std::string display_name;
  std::string parent;  // empty: a root
  absl::CivilDay first = absl::CivilDay::min();
  absl::CivilDay last = absl::CivilDay::max();  // included
  bool without_head = false;  // the post of head was abolished: nobody is awaited there
  bool abolished = false;     // the unit is no more; the parent is what took its place
};

}  // namespace teraju::identity::domain
