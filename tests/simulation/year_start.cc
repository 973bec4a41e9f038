// From nothing to agreed plans: the agency, its people, its goals, the cycle, the work plans.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UnexpectedAnswer("cannot read " + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string Last(const std::string& name) { return name.substr(name.rfind('/') + 1); }

void SignIn(World& world, Caller& caller, const std::string& login, const std::string& password) {
  const Answer session =
      world.rest().Post(nullptr, "/v1/sessions:signIn", {{"login", login}, {"password", password}});
  caller.subject = session.Text("/subject");
  caller.access_token = session.Text("/accessToken");
  caller.refresh_token = session.Text("/refreshToken");
  caller.expires_at = std::time(nullptr) + 600;
}

}  // namespace

void EnterCity(World& world) {
  RestClient& rest = world.rest();
  const std::string id = Last(world.agency);
  world.Step("agency and HR client", [&] {
    std::istringstream secret(ReadFile(world.options().operator_file));
    std::string login;
    std::string password;
    secret >> login >> password;
    SignIn(world, world.operator_account, login, password);
    Caller& boss = world.operator_account;
    rest.Post(&boss,
              "/v1/agencies?agencyId=" + id + "&requestId=" + world.Seeded("agency"),
              {{"displayName", world.agency_name}, {"timeZone", "Asia/Jakarta"}});
    // The secret is shown once, so each run of the simulation has a client of its own.
    const Answer client =
        rest.Post(&boss, "/v1/" + world.agency + "/apiClients", {{"displayName", "HR system"}});
    world.hr.client_id = Last(client.Text("/name"));
    world.hr.client_secret = client.Text("/clientSecret");
    for (const char* role : {"regional_hr", "hr_system", "duty_combiner"}) {
      rest.Post(&boss,
                "/v1/" + world.agency + "/roleBindings",
                {{"subject", "apiClients/" + world.hr.client_id}, {"role", role}});
    }
    for (const char* list : {"goals", "cycles", "campaigns", "courses"}) {
      rest.WaitFor(&world.hr, "/v1/" + world.agency + "/" + list);
    }
  });
  world.Step("import of the HR files", [&] {
    const std::string job =
        rest.Post(&world.hr, "/v1/" + world.agency + "/importJobs", json::object()).Text("/name");
    const std::vector<std::pair<std::string, std::string>> files = {
        {"units", "hierarki-unor.csv"},
        {"employees", "export-data-asn.csv"},
        {"assignments", "penugasan.csv"}};
    for (const auto& [kind, file] : files) {
      std::string path = "/v1/" + job;
      path.append("/files/").append(kind).append(":upload");
      rest.Upload(&world.hr, path, "text/csv", ReadFile(world.options().city + "/" + file));
    }
    const Answer run = rest.Post(&world.hr, "/v1/" + job + ":run", json::object());
    rest.Wait(&world.hr, run.body);
    const Answer done = rest.Get(&world.hr, "/v1/" + job);
    for (const json::value& file : done.body.at("files").as_array()) {
      const std::string kind = TextOf(file, "kind");
      world.Count("rows of " + kind, NumberOf(file, "rows"));
      world.Count("  refused", NumberOf(file, "rejected"));
    }
  });
  world.Step("units and top official", [&] {
    for (const json::value& unit :
         rest.List(&world.hr, "/v1/" + world.agency + "/units", "units")) {
      const std::string name = TextOf(unit, "name");
      world.unit_names[name] = TextOf(unit, "displayName");
      world.unit_parents[name] = TextOf(unit, "parentUnit");
      if (TextOf(unit, "parentUnit").empty()) world.root_unit = name;
    }
    for (const auto& [name, parent] : world.unit_parents) {
      if (parent == world.root_unit) world.top_units.push_back(name);
    }
    std::sort(world.top_units.begin(), world.top_units.end(), [&](const auto& a, const auto& b) {
      return std::pair(world.unit_names[a], a) < std::pair(world.unit_names[b], b);
    });
    const int limit = world.options().units;
    if (limit > 0 && limit < static_cast<int>(world.top_units.size()))
      world.top_units.resize(limit);
    world.mayor = rest.Post(&world.hr,
                            "/v1/" + world.agency + "/officials?requestId=" + world.Seeded("mayor"),
                            {{"displayName", "Wali Kota"},
                             {"positionTitle", "Wali Kota"},
                             {"unit", world.root_unit},
                             {"startDate", Date("2021-02-26")}})
                      .Text("/name");
  });
}

void OpenYear(World& world) {
  RestClient& rest = world.rest();
  world.Step("cycle 2025 opened", [&] {
    world.cycle =
        rest.Post(&world.hr,
                  "/v1/" + world.agency + "/cycles?cycleId=2025&requestId=" + world.Seeded("cycle"),
                  {{"displayName", "Penilaian kinerja 2025"},
                   {"kind", "ANNUAL"},
                   {"periodKind", "QUARTERLY"},
                   {"startDate", Date("2025-01-01")},
                   {"endDate", Date("2025-12-31")}})
            .Text("/name");
    std::vector<std::string> scopes = {""};
    if (world.options().units > 0) scopes = world.top_units;
    for (const std::string& unit : scopes) {
      const Answer open = rest.Post(&world.hr,
                                    "/v1/" + world.cycle + ":open",
                                    {{"unit", unit}, {"requestId", world.Seeded("open" + unit)}});
      rest.Wait(&world.hr, open.body);
    }
    for (const json::value& row : rest.List(
             &world.hr, "/v1/" + world.agency + "/workPlans?cycle=" + world.cycle, "workPlans")) {
      auto plan = std::make_unique<Plan>();
      const json::value& snapshot = row.at("snapshot");
      plan->name = TextOf(row, "name");
      plan->employee = TextOf(snapshot, "employee");
      plan->appraiser = TextOf(snapshot, "appraiser");
      plan->unit = TextOf(snapshot, "unit");
      plan->position_kind = TextOf(snapshot, "positionKind");
      plan->leads_unit = FlagOf(snapshot, "leadsUnit");
      plan->start = DateText(snapshot.at("startDate"));
      plan->end = DateText(snapshot.at("endDate"));
      for (std::string unit = plan->unit; !unit.empty() && unit != world.root_unit;
           unit = world.unit_parents[unit]) {
        plan->top_unit = unit;
        ++plan->depth;
      }
      world.plans.push_back(std::move(plan));
    }
    world.Count("work plans", static_cast<std::int64_t>(world.plans.size()));
    SetDeadline(world);
  });
}

void SignEverybodyIn(World& world) {
  RestClient& rest = world.rest();
  std::vector<Person*> everybody;
  world.Step("activation codes", [&] {
    std::map<std::string, std::string> keys;
    std::map<std::string, std::string> mails;
    for (const json::value& employee :
         rest.List(&world.hr, "/v1/" + world.agency + "/employees?view=FULL", "employees")) {
      keys[TextOf(employee, "name")] = TextOf(employee, "externalId");
      mails[TextOf(employee, "name")] = TextOf(employee, "email");
    }
    const auto add = [&](const std::string& name) {
      if (name.empty() || world.persons.contains(name)) return;
      auto person = std::make_unique<Person>();
      person->name = name;
      person->official = name.find("/officials/") != std::string::npos;
      person->key = person->official ? "official" : keys[name];
      Luck truth = world.LuckOf(*person, "truth");
      person->quality = truth.Normal(0, 1);
      person->conduct = 0.6 * person->quality + 0.8 * truth.Normal(0, 1);
      person->severity = truth.Normal(0, 0.5);
      world.persons[name] = std::move(person);
    };
    for (const auto& plan : world.plans) {
      add(plan->employee);
      add(plan->appraiser);
      world.Of(plan->employee).plans.push_back(plan.get());
    }
    add(world.mayor);
    // A leader and somebody of the same unit get a password, so that a person can look around after
    // the run.
    for (const bool leads : {true, false}) {
      for (const auto& plan : world.plans) {
        if (plan->leads_unit != leads || plan->top_unit != world.top_units.front() ||
            mails[plan->employee].empty())
          continue;
        world.accounts.push_back(
            {plan->employee, mails[plan->employee], world.Seeded("password" + plan->employee)});
        break;
      }
    }
    for (auto& [name, person] : world.persons) everybody.push_back(person.get());
    world.Count("persons", static_cast<std::int64_t>(everybody.size()));
  });
  world.Step("everybody signed in", [&] {
    std::vector<std::string> codes(everybody.size());
    for (std::size_t from = 0; from < everybody.size(); from += 1000) {
      json::array names;
      const std::size_t to = std::min(from + 1000, everybody.size());
      for (std::size_t i = from; i < to; ++i) names.push_back(json::string(everybody[i]->name));
      const Answer issued = rest.Post(&world.hr,
                                      "/v1/" + world.agency + "/accounts:issueActivationCodes",
                                      {{"persons", names}});
      for (std::size_t i = from; i < to; ++i) {
        codes[i] = TextOf(issued.body.at("activationCodes").at(i - from), "code");
      }
    }
    world.ForEach("signing in", everybody.size(), [&](RestClient& client, std::size_t i) {
      json::object body{{"code", codes[i]}};
      for (const World::Account& account : world.accounts) {
        if (account.who == everybody[i]->name) body["newPassword"] = account.password;
      }
      const Answer session = client.Post(nullptr, "/v1/sessions:activate", body);
      Caller& caller = everybody[i]->caller;
      caller.subject = session.Text("/subject");
      caller.access_token = session.Text("/accessToken");
      caller.refresh_token = session.Text("/refreshToken");
      caller.expires_at = std::time(nullptr) + 600;
    });
  });
}

void SetGoals(World& world) {
  static constexpr const char* kGoals[] = {"Meningkatnya kualitas pelayanan publik",
                                           "Meningkatnya kualitas sumber daya manusia",
                                           "Meningkatnya tata kelola pemerintahan yang bersih",
                                           "Meningkatnya pertumbuhan ekonomi daerah",
                                           "Meningkatnya kualitas lingkungan dan infrastruktur"};
  RestClient& rest = world.rest();
  world.Step("goals, indicators, behaviours, competencies", [&] {
    const std::string base = "/v1/" + world.agency;
    rest.Post(&world.hr, base + "/behaviors:adopt", {{"set", "berakhlak"}});
    rest.Post(&world.hr, base + "/competencies:adopt", json::object());
    std::vector<std::string> goals;
    for (int i = 0; i < 5; ++i) {
      const std::string key = "goal" + std::to_string(i);
      const std::string name = rest.Post(&world.hr,
                                         base + "/goals?requestId=" + world.Seeded(key),
                                         {{"kind", "STRATEGIC_GOAL"},
                                          {"title", kGoals[i]},
                                          {"firstYear", 2025},
                                          {"lastYear", 2029}})
                                   .Text("/name");
      rest.Post(
          &world.hr, "/v1/" + name + ":publish", {{"requestId", world.Seeded(key + "publish")}});
      goals.push_back(name);
    }
    for (std::size_t i = 0; i < world.top_units.size(); ++i) {
      const std::string& unit = world.top_units[i];
      const std::string name =
          rest.Post(&world.hr,
                    base + "/indicators?requestId=" + world.Seeded("indicator" + unit),
                    {{"title", "Capaian program " + world.unit_names[unit]},
                     {"goal", goals[i % goals.size()]},
                     {"unit", unit},
                     {"unitOfMeasure", "persen"},
                     {"polarity", "HIGHER_IS_BETTER"},
                     {"baseline", Decimal(82, 0)},
                     {"target", Decimal(90, 0)},
                     {"dataSource", "Laporan kinerja triwulanan unit"}})
              .Text("/name");
      rest.Post(
          &world.hr, "/v1/" + name + ":publish", {{"requestId", world.Seeded("publish" + unit)}});
      world.indicators.push_back(name);
    }
    world.Count("strategic goals", 5);
    world.Count("unit indicators", static_cast<std::int64_t>(world.indicators.size()));
  });
}

}  // namespace teraju::simulation
