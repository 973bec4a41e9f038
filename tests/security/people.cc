#include "tests/security/people.h"

#include <ctime>
#include <fstream>
#include <stdexcept>

namespace teraju::security {

People::People(harness::Suite& suite)
    : town_(suite, "matrix", "Kota Uji"),
      operator_(scenarios::SignInAsOperator(suite, town_.rest())) {
  people_.push_back({"nobody", std::nullopt});
  AddProgram("none", "");
  const std::string employee =
      town_.Employee("Pegawai", town_.root(), "Analis", "FUNCTIONAL", /*leads=*/false);
  people_.push_back({"employee", town_.As(employee)});
  people_.push_back({"official", town_.mayor()});
  people_.push_back({"operator", operator_});
  AddService(suite);
  for (const char* role : {"regional_hr",
                           "unit_hr",
                           "appraisal_team",
                           "inspector",
                           "other_agency",
                           "hr_system",
                           "duty_combiner",
                           "agency_admin"})
    AddProgram(role, role);
  // Bindings are read all at once: who knows the last knows all.
  Person& last = people_.back();
  for (const char* list : {"units", "goals", "cycles", "campaigns", "courses"})
    town_.rest().WaitFor(&*last.caller, "/v1/" + town_.agency() + "/" + list);
}

Person& People::Of(const std::string& role) {
  for (Person& person : people_) {
    if (person.role == role) return person;
  }
  throw std::out_of_range(role);
}

void People::Bind(const std::string& of, const std::string& role) {
  const json::value unit =
      role == "unit_hr" ? json::value(json::string(town_.root())) : json::value(json::string(""));
  town_.rest().Post(
      &operator_,
      "/v1/" + town_.agency() + "/roleBindings",
      {{"subject", "apiClients/" + Of(of).caller->client_id}, {"role", role}, {"unit", unit}});
}

void People::AddProgram(const std::string& name, const std::string& role) {
  const simulation::Answer client = town_.rest().Post(
      &operator_, "/v1/" + town_.agency() + "/apiClients", {{"displayName", name}});
  simulation::Caller caller;
  caller.client_id = client.Text("/name").substr(client.Text("/name").rfind('/') + 1);
  caller.client_secret = client.Text("/clientSecret");
  people_.push_back({name, caller});
  if (!role.empty()) Bind(name, role);
  // Fetches the token, which gRPC needs as well.
  town_.Refused("GET", &*people_.back().caller, "/v1/agencies", nullptr);
}

void People::AddService(harness::Suite& suite) {
  simulation::Caller caller;
  caller.client_id = "evaluation";
  std::ifstream(suite.folder() + "/service-evaluation") >> caller.client_secret;
  people_.push_back({"service", caller});
  town_.Refused("GET", &*people_.back().caller, "/v1/agencies", nullptr);
}

}  // namespace teraju::security
