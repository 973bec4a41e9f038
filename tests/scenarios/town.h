// A small agency for a scenario, entered through the gateway as an HR office would enter it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "tests/harness/suite.h"
#include "tests/simulation/rest_client.h"

namespace teraju::scenarios {

using simulation::Answer;
using simulation::ArrayOf;
using simulation::Caller;
using simulation::DecimalOf;
using simulation::FlagOf;
using simulation::NumberOf;
using simulation::ObjectOf;
using simulation::RestClient;
using simulation::TextOf;
namespace json = simulation::json;

// The answer of a call that was refused.
struct Refusal {
  int status = 0;
  std::string reason;  // of ErrorInfo
  std::string text;    // for the person, in the caller's language
  bool operator==(const Refusal&) const = default;
};

class Town {
 public:
  // Enters the agency, its HR client with the roles of an HR office, and the mayor over the root
  // unit.
  Town(harness::Suite& suite, const std::string& id, const std::string& name);

  RestClient& rest() { return *rest_; }
  Caller& hr() { return hr_; }
  Caller& mayor() { return callers_.at(mayor_name_); }
  const std::string& agency() const { return agency_; }
  const std::string& root() const { return root_; }

  // Names of what was entered.
  std::string Unit(const std::string& id, const std::string& name, const std::string& parent);
  // An employee with one definitive post from the start of 2024, or from `start`; signed in.
  // `kind`: STRUCTURAL, FUNCTIONAL or GENERAL.
  std::string Employee(const std::string& full_name,
                       const std::string& unit,
                       const std::string& title,
                       const std::string& kind,
                       bool leads,
                       const std::string& start = "2024-01-01");
  Caller& As(const std::string& person) { return callers_.at(person); }

  // Takes over a shipped policy pack and gives the name of its active revision.
  std::string AdoptPack(const std::string& pack);
  // Opens an annual cycle with quarters, pinned to a policy pack where one is named, and gives its
  // name.
  std::string OpenCycle(const std::string& year, const std::string& local_pack = "");
  // The only work plan, or the only evaluation of a period, of a person.
  json::value PlanOf(const std::string& person, const std::string& cycle);
  json::value EvaluationOf(const std::string& person, const std::string& period);
  // The person's only work plan of the cycle with these results, submitted and approved by the
  // superior; its name.
  std::string AgreePlan(const std::string& person,
                        Caller& superior,
                        const std::string& cycle,
                        const json::array& items);
  // Runs a long operation by its custom verb and waits for it.
  json::value Run(Caller& caller, const std::string& path, const json::value& body);
  Refusal Refused(const std::string& verb,
                  Caller* caller,
                  const std::string& path,
                  const json::value& body);
  // A new request id.
  std::string Fresh();
  // Hands the account over to the person, who is signed in from then on; Employee does so.
  void SignInAs(const std::string& person);

 private:
  simulation::Tally tally_;
  std::unique_ptr<RestClient> rest_;
  std::string agency_;
  std::string root_;
  std::string mayor_name_;
  Caller hr_;
  std::map<std::string, Caller> callers_;
  int serial_ = 0;
};

// A scenario's tests share one suite and one town, which the scenario's SetUpTestSuite begins.
class TownTest : public ::testing::Test {
 protected:
  // False, with the test failed, where the suite does not start. `settings`: further TERAJU_…
  // variables.
  static bool Begin(const std::string& id,
                    const std::string& name,
                    std::map<std::string, std::string> settings = {});
  // Whatever the tests have made is looked at by strangers and reconciled with the records. Shows
  // the suite's logs where a test failed.
  static void TearDownTestSuite();
  static void CheckStrangers();
  static void CheckRecords();

  inline static harness::Suite* suite_ = nullptr;
  inline static Town* town_ = nullptr;
};

// The operator of the installation, who makes agencies.
Caller SignInAsOperator(harness::Suite& suite, RestClient& rest);

json::value Day(int year, int month, int day);
json::value Amount(const std::string& value);

}  // namespace teraju::scenarios
