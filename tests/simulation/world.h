// The simulated city: who works there, how good they truly are and how severely they judge. Seeded;
// the truth stays here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/rest_client.h"

namespace teraju::simulation {

struct Options {
  std::string host = "127.0.0.1";
  std::string port = "8080";
  std::string city;  // folder with the three HR files
  std::string
      operator_file;   // what identity wrote at first start: login and password of the operator
  std::string report;  // where the closing page of text is written too
  std::uint32_t seed = 2025;
  int units = 0;  // 0: every unit
  int workers = 8;
};

struct Plan {
  std::string name;      // `agencies/{a}/workPlans/{p}`
  std::string employee;  // `agencies/{a}/employees/{e}`
  std::string appraiser;
  std::string unit;
  std::string top_unit;       // the unit directly below the root that it belongs to
  std::string position_kind;  // STRUCTURAL, FUNCTIONAL, GENERAL
  bool leads_unit = false;
  int depth = 0;      // of its unit below the root
  std::string start;  // first and last day, `YYYY-MM-DD`
  std::string end;
  std::vector<std::string> items;
  std::vector<double> targets;  // of each item's first indicator
};

// An employee or official with what nobody in the suite is told: the true values that the
// simulation draws from.
struct Person {
  std::string name;
  std::string key;  // SIASN id, stable over runs
  bool official = false;
  double quality = 0;   // standard normal
  double conduct = 0;   // standard normal, related to quality
  double severity = 0;  // as a rater, in points of the five-point scale, normal with deviation 0.5
  Caller caller;
  std::vector<Plan*> plans;
};

// A random generator that gives the same numbers to the same person and purpose, in whatever order
// the work is done.
class Luck {
 public:
  Luck(std::uint32_t seed, std::string_view key, std::string_view purpose);
  double Normal(double mean, double deviation);
  int Between(int low, int high);  // both included
  bool Chance(double probability);

 private:
  std::mt19937_64 engine_;
};

class World {
 public:
  explicit World(Options options);
  ~World();

  const Options& options() const { return options_; }
  Tally& tally() { return tally_; }
  // The main thread's connection.
  RestClient& rest() { return *rest_; }
  std::string Seeded(std::string_view words) const;  // a request id

  // Runs `work` for 0 … count-1 on the workers' connections, with a line of progress. The first
  // failure stops all.
  void ForEach(const std::string& what,
               std::size_t count,
               const std::function<void(RestClient&, std::size_t)>& work);
  // Runs one step, timed.
  void Step(const std::string& what, const std::function<void()>& work);
  // Counts for the closing page, in the order of the first mention.
  void Count(const std::string& what, std::int64_t number);

  Luck LuckOf(const Person& person, std::string_view purpose) const {
    return {options_.seed, person.key, purpose};
  }
  Person& Of(const std::string& name) { return *persons.at(name); }

  std::string agency;  // `agencies/kota-dumai`
  std::string agency_name;
  std::string root_unit;
  std::map<std::string, std::string> unit_names;
  std::map<std::string, std::string> unit_parents;
  std::vector<std::string> top_units;  // the units below the root that take part
  Caller operator_account;
  Caller hr;          // the HR office's API client
  std::string mayor;  // the top official's name
  std::map<std::string, std::unique_ptr<Person>> persons;
  std::vector<std::unique_ptr<Plan>> plans;
  std::vector<std::string> indicators;  // of each top unit, in its order
  std::string cycle;
  std::string campaign;
  json::value campaign_quality = json::object();  // as its closing told it
  std::string survey;
  std::string training_plan;
  struct Account {
    std::string who;
    std::string login;
    std::string password;
  };
  std::vector<Account> accounts;  // for a person who wants to look around

  struct StepTime {
    std::string what;
    double seconds;
    std::int64_t calls;
  };
  const std::vector<StepTime>& steps() const { return steps_; }
  const std::vector<std::pair<std::string, std::int64_t>>& counts() const { return counts_; }
  double seconds() const;

 private:
  Options options_;
  Tally tally_;
  std::unique_ptr<RestClient> rest_;
  std::vector<std::unique_ptr<RestClient>> workers_;
  std::vector<StepTime> steps_;
  std::vector<std::pair<std::string, std::int64_t>> counts_;
  std::int64_t start_;
};

// Dates in the JSON form of google.type.Date, from `YYYY-MM-DD`, and back.
json::value Date(const std::string& text);
std::string DateText(const json::value& date);
json::value Decimal(double value, int digits);
json::value Rupiah(std::int64_t amount);

// Lets every superior rate the own team for a period; `binding` maps a unit to the result rating of
// its head.
void RateTeams(World& world,
               const std::string& period,
               const std::map<std::string, std::string>& binding);

// Until when work plans are handed in.
void SetDeadline(World& world);

// The steps of the year, in order (year_*.cc).
void EnterCity(World& world);  // agency, HR client, import, official
void SignEverybodyIn(World& world);
void SetGoals(World& world);
void OpenYear(World& world);
void AgreePlans(World& world);
void LiveQuarters(World& world);
void GatherFeedback(World& world);
void AskCitizens(World& world);
void AssessCompetencies(World& world);
void CloseYear(World& world);
void PlanTraining(World& world);
void PairMentors(World& world);
void FollowUp(World& world);
std::string ClosingPage(World& world);

}  // namespace teraju::simulation
