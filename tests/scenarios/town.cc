#include "tests/scenarios/town.h"

#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "tests/harness/records.h"
#include "tests/scenarios/strangers.h"

namespace teraju::scenarios {

json::value Day(int year, int month, int day) {
  return {{"year", year}, {"month", month}, {"day", day}};
}

json::value Amount(const std::string& value) { return {{"value", value}}; }

Caller SignInAsOperator(harness::Suite& suite, RestClient& rest) {
  std::ifstream file(suite.operator_file());
  std::string login;
  std::string password;
  file >> login >> password;
  const Answer session =
      rest.Post(nullptr, "/v1/sessions:signIn", {{"login", login}, {"password", password}});
  Caller caller;
  caller.access_token = session.Text("/accessToken");
  caller.refresh_token = session.Text("/refreshToken");
  caller.expires_at = std::time(nullptr) + 600;
  return caller;
}

std::string Town::Fresh() { return simulation::RequestId(agency_, std::to_string(++serial_)); }

Town::Town(harness::Suite& suite, const std::string& id, const std::string& name)
    : rest_(std::make_unique<RestClient>("127.0.0.1", suite.rest_port(), tally_)),
      agency_("agencies/" + id) {
  Caller boss = SignInAsOperator(suite, *rest_);
  rest_->Post(&boss, "/v1/agencies?agencyId=" + id, {{"displayName", name}});
  const Answer client =
      rest_->Post(&boss, "/v1/" + agency_ + "/apiClients", {{"displayName", "HR"}});
  const std::string client_name = client.Text("/name");
  hr_.client_id = client_name.substr(client_name.rfind('/') + 1);
  hr_.client_secret = client.Text("/clientSecret");
  for (const char* role : {"regional_hr", "hr_system", "duty_combiner"}) {
    rest_->Post(&boss,
                "/v1/" + agency_ + "/roleBindings",
                {{"subject", "apiClients/" + hr_.client_id}, {"role", role}});
  }
  for (const auto& [service, list] : {std::pair{"catalog", "goals"},
                                      {"evaluation", "cycles"},
                                      {"feedback", "campaigns"},
                                      {"training", "courses"}}) {
    if (suite.Runs(service)) rest_->WaitFor(&hr_, "/v1/" + agency_ + "/" + list);
  }
  root_ = Unit("root", name, "");
  mayor_name_ = rest_
                    ->Post(&hr_,
                           "/v1/" + agency_ + "/officials",
                           {{"displayName", "Wali Kota"},
                            {"positionTitle", "Wali Kota"},
                            {"unit", root_},
                            {"startDate", Day(2021, 2, 26)}})
                    .Text("/name");
  SignInAs(mayor_name_);
}

std::string Town::Unit(const std::string& id, const std::string& name, const std::string& parent) {
  return rest_
      ->Post(&hr_,
             "/v1/" + agency_ + "/units?unitId=" + id,
             {{"displayName", name}, {"parentUnit", parent}})
      .Text("/name");
}

std::string Town::Employee(const std::string& full_name,
                           const std::string& unit,
                           const std::string& title,
                           const std::string& kind,
                           bool leads,
                           const std::string& start) {
  ++serial_;
  char nip[24];
  std::snprintf(nip, sizeof nip, "198001012005011%03d", serial_ % 1000);
  const json::value start_date = Day(
      std::stoi(start.substr(0, 4)), std::stoi(start.substr(5, 2)), std::stoi(start.substr(8, 2)));
  std::string person = rest_
                           ->Post(&hr_,
                                  "/v1/" + agency_ + "/employees",
                                  {{"nip", nip},
                                   {"fullName", full_name},
                                   {"birthDate", Day(1980, 1, 1)},
                                   {"kind", "PNS"},
                                   {"positionKind", kind},
                                   {"positionTitle", title},
                                   {"unit", unit},
                                   {"grade", "33"},
                                   {"legalStatus", "01"},
                                   {"externalId", "person-" + std::to_string(serial_)}})
                           .Text("/name");
  rest_->Post(&hr_,
              "/v1/" + person + "/assignments",
              {{"unit", unit},
               {"positionTitle", title},
               {"kind", "DEFINITIVE"},
               {"leadsUnit", leads},
               {"startDate", start_date}});
  SignInAs(person);
  return person;
}

void Town::SignInAs(const std::string& person) {
  const Answer issued = rest_->Post(&hr_,
                                    "/v1/" + agency_ + "/accounts:issueActivationCodes",
                                    {{"persons", json::array{json::string(person)}}});
  const Answer session = rest_->Post(
      nullptr, "/v1/sessions:activate", {{"code", issued.Text("/activationCodes/0/code")}});
  Caller& caller = callers_[person];
  caller.subject = session.Text("/subject");
  caller.access_token = session.Text("/accessToken");
  caller.refresh_token = session.Text("/refreshToken");
  caller.expires_at = std::time(nullptr) + 600;
}

std::string Town::AgreePlan(const std::string& person,
                            Caller& superior,
                            const std::string& cycle,
                            const json::array& items) {
  std::string name = TextOf(PlanOf(person, cycle), "name");
  const std::string plan = "/v1/" + name;
  rest_->Patch(&As(person), plan, {{"items", items}});
  rest_->Post(&As(person), plan + ":submit", json::object());
  rest_->Post(&superior, plan + ":approve", json::object());
  return name;
}

json::value Town::Run(Caller& caller, const std::string& path, const json::value& body) {
  return rest_->Wait(&caller, rest_->Post(&caller, path, body).body);
}

std::string Town::AdoptPack(const std::string& pack) {
  const Answer adopted =
      rest_->Post(&hr_, "/v1/" + agency_ + "/policyPacks:adopt", {{"pack", pack}});
  return adopted.Text("/name") + "/revisions/" + std::to_string(adopted.Number("/revision"));
}

std::string Town::OpenCycle(const std::string& year, const std::string& local_pack) {
  const int number = std::stoi(year);
  std::string cycle = rest_
                          ->Post(&hr_,
                                 "/v1/" + agency_ + "/cycles?cycleId=" + year,
                                 {{"displayName", "Penilaian kinerja " + year},
                                  {"kind", "ANNUAL"},
                                  {"periodKind", "QUARTERLY"},
                                  {"localPack", local_pack},
                                  {"startDate", Day(number, 1, 1)},
                                  {"endDate", Day(number, 12, 31)}})
                          .Text("/name");
  Run(hr_, "/v1/" + cycle + ":open", json::object());
  return cycle;
}

json::value Town::PlanOf(const std::string& person, const std::string& cycle) {
  const json::array plans =
      rest_->List(&As(person),
                  "/v1/" + agency_ + "/workPlans?cycle=" + cycle + "&employee=" + person,
                  "workPlans");
  if (plans.size() != 1)
    throw std::runtime_error("expected one plan, got " + std::to_string(plans.size()));
  return plans.front();
}

json::value Town::EvaluationOf(const std::string& person, const std::string& period) {
  const json::array found =
      rest_->List(&As(person),
                  "/v1/" + agency_ + "/evaluations?period=" + period + "&employee=" + person,
                  "evaluations");
  if (found.size() != 1)
    throw std::runtime_error("expected one evaluation, got " + std::to_string(found.size()));
  return found.front();
}

Refusal Town::Refused(const std::string& verb,
                      Caller* caller,
                      const std::string& path,
                      const json::value& body) {
  const Answer answer = rest_->Try(verb, caller, path, body);
  Refusal refusal{answer.status, "", ""};
  for (const json::value& detail : ArrayOf(ObjectOf(answer.body, "error"), "details")) {
    const std::string type = TextOf(detail, "@type");
    if (type.ends_with("ErrorInfo")) refusal.reason = TextOf(detail, "reason");
    if (type.ends_with("LocalizedMessage")) refusal.text = TextOf(detail, "message");
  }
  return refusal;
}

bool TownTest::Begin(const std::string& id,
                     const std::string& name,
                     std::map<std::string, std::string> settings) {
  auto suite = harness::Suite::Start({.settings = std::move(settings)});
  EXPECT_TRUE(suite.ok()) << suite.status();
  if (!suite.ok()) return false;
  suite_ = suite->release();
  town_ = new Town(*suite_, id, name);
  return true;
}

// S04: what the scenario has made is nobody's to find who has nothing to do with it.
void TownTest::CheckStrangers() {
  testing::CheckLine line("S04-objects", "answers that tell a stranger what is there", "0");
  const std::vector<std::string> objects = ObjectsIn(*suite_, *town_);
  std::vector<Stranger> strangers = EnterStrangers(*suite_, *town_);
  const Sweep sweep = SweepObjects(*town_, objects, strangers);
  EXPECT_THAT(sweep.leaks, ::testing::IsEmpty());
  EXPECT_LT(sweep.unlooked * 2, sweep.attempts) << "most calls were refused for a field";
  line.Set(static_cast<double>(sweep.leaks.size()), sweep.attempts);
}

// A06: whatever the scenario did is on record.
void TownTest::CheckRecords() {
  testing::CheckLine line("A06-scenario", "effects and refusals without exactly one record", "0");
  const harness::Reconciliation result = harness::Reconcile(*suite_);
  EXPECT_THAT(result.faults, ::testing::IsEmpty());
  line.Set(static_cast<double>(result.faults.size()), result.expected);
}

void TownTest::TearDownTestSuite() {
  if (suite_ != nullptr && town_ != nullptr) {
    CheckStrangers();
    CheckRecords();
  }
  if (suite_ != nullptr && ::testing::UnitTest::GetInstance()->failed_test_count() > 0)
    std::fputs(suite_->Logs().c_str(), stderr);
  delete town_;
  delete suite_;
}

}  // namespace teraju::scenarios
