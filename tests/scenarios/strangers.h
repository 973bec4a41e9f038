// S04, the objects: people and programs that nothing connects with a town ask for everything in it.
// To them what is there is as if it were not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/scenarios/town.h"

namespace teraju::scenarios {

// Somebody who asks, and the roles that he holds in the town; none in another agency.
struct Stranger {
  std::string what;
  Caller caller;
  std::vector<std::string> roles;
};

struct Sweep {
  std::int64_t attempts = 0;  // an object that is there, beside one that is not
  std::int64_t unlooked = 0;  // of them refused for a field before an object was looked for
  std::vector<std::string> leaks;
};

// A program of another agency with every role there is, a person of it; in the town an HR program
// of a unit without people, a program that reads for another agency, and a colleague in a unit of
// his own.
std::vector<Stranger> EnterStrangers(harness::Suite& suite, Town& town);

// The names of everything in the town that the services' records know. Asked before strangers come:
// they get objects of their own.
std::vector<std::string> ObjectsIn(harness::Suite& suite, const Town& town);

// Calls every method that names an object with up to two of the objects of each kind, and with the
// name of none: both must be answered in the same words, unless the caller's role reaches
// everything in the agency. Whatever a list shows can be read one by one.
Sweep SweepObjects(Town& town,
                   const std::vector<std::string>& objects,
                   std::vector<Stranger>& strangers);

}  // namespace teraju::scenarios
