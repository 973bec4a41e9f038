// A town with somebody of every role, and two who have none: a program without a role, and nobody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/harness/suite.h"
#include "tests/scenarios/town.h"

namespace teraju::security {

namespace json = simulation::json;

struct Person {
  std::string role;                          // of the table of permissions; `none`, `nobody`
  std::optional<simulation::Caller> caller;  // absent: calls without a token
};

class People {
 public:
  // Waits until every service knows every role.
  explicit People(harness::Suite& suite);

  scenarios::Town& town() { return town_; }
  std::vector<Person>& all() { return people_; }
  Person& Of(const std::string& role);
  // Gives the program of `role` a further role.
  void Bind(const std::string& of, const std::string& role);

 private:
  void AddProgram(const std::string& name, const std::string& role);
  void AddService(harness::Suite& suite);

  scenarios::Town town_;
  simulation::Caller operator_;
  std::vector<Person> people_;
};

}  // namespace teraju::security
