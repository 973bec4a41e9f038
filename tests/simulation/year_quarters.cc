// Four quarters: progress and evidence, dialogues and support, the superior's ratings, published
// results.
#include <algorithm>
#include <cmath>
#include <map>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

struct Quarter {
  const char* id;
  const char* first;
  const char* last;
  double elapsed;  // share of the year by its end
};
constexpr Quarter kQuarters[] = {{"q1", "2025-01-01", "2025-03-31", 0.25},
                                 {"q2", "2025-04-01", "2025-06-30", 0.50},
                                 {"q3", "2025-07-01", "2025-09-30", 0.75},
                                 {"q4", "2025-10-01", "2025-12-31", 1.00}};

int DayOfYear(const std::string& date) {
  static constexpr int kBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  return kBefore[std::stoi(date.substr(5, 2)) - 1] + std::stoi(date.substr(8, 2));
}

// Share of the plan's days that have passed by `date`.
double Elapsed(const Plan& plan, const std::string& date) {
  const int first = DayOfYear(plan.start);
  const int last = DayOfYear(plan.end);
  return std::clamp(
      (DayOfYear(date) - first + 1) / static_cast<double>(last - first + 1), 0.0, 1.0);
}

json::value Realised(const char* item,
                     const char* indicator,
                     const std::string& date,
                     double value,
                     const char* activity) {
  return {{"itemId", item},
          {"indicatorId", indicator},
          {"kind", "REALISATION"},
          {"date", Date(date)},
          {"activity", activity},
          {"realisation", Decimal(value, 0)}};
}

// What somebody of this quality has reached by the end of the quarter. A few record nothing.
void RecordProgress(World& world, RestClient& rest, Plan& plan, const Quarter& quarter) {
  Person& person = world.Of(plan.employee);
  Luck luck = world.LuckOf(person, plan.start + quarter.id);
  if (luck.Chance(0.01)) return;
  const std::string day = std::min(plan.end, std::string(quarter.last));
  const double level = 0.98 + 0.035 * person.quality + luck.Normal(0, 0.015);
  const double quantity = std::max(0.0, std::round(plan.targets[0] * Elapsed(plan, day) * level));
  const double quality = std::clamp(
      std::round(90 * (0.99 + 0.02 * person.quality + luck.Normal(0, 0.01))), 40.0, 100.0);
  const double days =
      std::max(1.0, std::round(7 * (1.02 - 0.06 * person.quality + luck.Normal(0, 0.05))));
  json::array entries{
      Realised("hk1", "hk1-kuantitas", day, quantity, "Pelaksanaan pekerjaan triwulan ini"),
      Realised("hk1", "hk1-kualitas", day, quality, "Pemeriksaan kesesuaian dengan standar"),
      Realised("hk2", "hk2-waktu", day, days, "Rata-rata waktu penyelesaian permintaan")};
  if (luck.Chance(0.08)) {
    entries.push_back(
        {{"itemId", "hk2"},
         {"kind", "INITIATIVE"},
         {"date", Date(day)},
         {"activity", "Menyusun formulir daring agar pemohon tidak perlu datang dua kali"}});
  }
  rest.Post(&person.caller,
            "/v1/" + plan.name + "/progressEntries:batchCreate",
            {{"progressEntries", entries},
             {"requestId", world.Seeded(plan.employee + plan.start + quarter.id)}});
  if (luck.Chance(0.05)) {
    rest.Upload(&person.caller,
                "/v1/" + plan.name + "/evidence:upload?itemId=hk1",
                "text/plain",
                "Laporan triwulan " + std::string(quarter.id) + ", nomor " + person.key);
  }
}

// One dialogue in twenty, and the support asked for in it, granted and given.
void Talk(World& world, RestClient& rest, Plan& plan, const Quarter& quarter) {
  Person& person = world.Of(plan.employee);
  Person& superior = world.Of(plan.appraiser);
  if (!world.LuckOf(person, "talk" + plan.start + quarter.id).Chance(0.05)) return;
  const std::string day = std::min(plan.end, std::string(quarter.last));
  const std::string key = plan.employee + plan.start + quarter.id;
  const std::string dialogue =
      rest.Post(&superior.caller,
                "/v1/" + plan.name + "/dialogues?requestId=" + world.Seeded(key + "dialogue"),
                {{"date", Date(day)},
                 {"progressNote", "Sesuai rencana"},
                 {"obstacleNote", "Data dari unit lain sering terlambat"},
                 {"solutionNote", "Jadwal penyampaian data disepakati bersama"}})
          .Text("/name");
  rest.Post(&person.caller,
            "/v1/" + dialogue + ":acknowledge",
            {{"note", "Setuju"}, {"requestId", world.Seeded(key + "acknowledge")}});
  const std::string support =
      rest.Post(&person.caller,
                "/v1/" + plan.name + "/supportRequests?requestId=" + world.Seeded(key + "support"),
                {{"kind", "RESOURCE"}, {"text", "Pemindai dokumen"}})
          .Text("/name");
  rest.Post(&superior.caller,
            "/v1/" + support + ":grant",
            {{"dueDate", Date(day)}, {"requestId", world.Seeded(key + "grant")}});
  rest.Post(
      &person.caller, "/v1/" + support + ":fulfil", {{"requestId", world.Seeded(key + "fulfil")}});
}

// A leader meets the team after the quarter; what the last meeting agreed on is done by then.
// `agreed`: the action of each leader's last meeting.
void MeetTeams(World& world, const Quarter& quarter, std::map<std::string, std::string>& agreed) {
  std::map<std::string, std::vector<const Plan*>> teams;
  for (const auto& plan : world.plans) {
    if (plan->end >= quarter.last && plan->start <= quarter.last)
      teams[plan->appraiser].push_back(plan.get());
  }
  int meetings = 0;
  for (const auto& [leader, team] : teams) {
    Person& superior = world.Of(leader);
    if (superior.official || team.size() < 3 || !world.LuckOf(superior, "meets").Chance(0.1))
      continue;
    Person& owner = world.Of(team.front()->employee);
    if (const auto last = agreed.find(leader); last != agreed.end()) {
      world.rest().Post(&superior.caller,
                        "/v1/" + last->second + ":complete",
                        {{"outcome", "Berjalan sejak pertengahan triwulan"}});
    }
    json::array attendants;
    for (const Plan* plan : team) {
      if (attendants.size() < 10) attendants.push_back(json::string(plan->employee));
    }
    const std::string key = leader + quarter.id;
    const std::string meeting =
        world.rest()
            .Post(&superior.caller,
                  "/v1/" + world.agency + "/meetings?requestId=" + world.Seeded(key + "meeting"),
                  {{"period", world.cycle + "/periods/" + quarter.id},
                   {"date", Date(quarter.last)},
                   {"attendants", attendants},
                   {"progressNote", "Sebagian besar target triwulan tercapai"},
                   {"improvementNote", "Data dari unit lain terlambat"}})
            .Text("/name");
    agreed[leader] =
        world.rest()
            .Post(&superior.caller,
                  "/v1/" + meeting + "/actionItems?requestId=" + world.Seeded(key + "action"),
                  {{"text", "Jadwal penyampaian data disepakati dengan unit lain"},
                   {"owner", owner.name},
                   {"dueDate", Date(quarter.last)}})
            .Text("/name");
    world.rest().Post(&superior.caller, "/v1/" + meeting + ":close", json::object());
    ++meetings;
  }
  world.Count("evaluation meetings", meetings);
}

bool InQuarter(const Plan& plan, const Quarter& quarter) {
  return plan.start <= quarter.last && plan.end >= quarter.first;
}

}  // namespace

// Every superior reads the own team's evaluations and rates them: results by the computed evidence,
// behaviour by what the superior has seen; some judge otherwise, and give their reason. `binding`:
// result ratings that follow from a unit result.
void RateTeams(World& world,
               const std::string& period,
               const std::map<std::string, std::string>& binding) {
  std::vector<Person*> superiors;
  for (const auto& plan : world.plans) superiors.push_back(&world.Of(plan->appraiser));
  std::sort(superiors.begin(), superiors.end());
  superiors.erase(std::unique(superiors.begin(), superiors.end()), superiors.end());
  std::atomic<std::int64_t> rated = 0;
  world.ForEach("rating", superiors.size(), [&](RestClient& rest, std::size_t i) {
    Person& superior = *superiors[i];
    const json::array team = rest.List(
        &superior.caller,
        "/v1/" + world.agency + "/evaluations?period=" + period + "&appraiser=" + superior.name,
        "evaluations");
    json::array requests;
    for (const json::value& evaluation : team) {
      const json::value& snapshot = evaluation.at("snapshot");
      Person& person = world.Of(TextOf(snapshot, "employee"));
      Luck luck = world.LuckOf(person, "rating" + period + DateText(snapshot.at("startDate")));
      json::object request{{"name", evaluation.at("name")}};
      const std::string suggested =
          TextOf(ObjectOf(evaluation, "computed"), "suggestedResultRating");
      const auto bound =
          binding.find(FlagOf(snapshot, "leadsUnit") ? TextOf(snapshot, "unit") : "");
      if (bound != binding.end()) {
        request["resultRating"] = bound->second;
        request["resultReason"] = "Mengikuti predikat unit kerja yang dipimpin";
      } else if (suggested.empty()) {
        request["resultRating"] = "BELOW_EXPECTATION";
        request["resultReason"] = "Tidak ada realisasi yang dicatat";
      } else if (luck.Chance(0.04)) {
        request["resultRating"] = suggested == "AS_EXPECTED" ? "BELOW_EXPECTATION" : "AS_EXPECTED";
        request["resultReason"] = "Bobot pekerjaan tidak tercermin sepenuhnya pada angka";
      } else {
        request["resultRating"] = suggested;
      }
      const double seen = person.conduct + luck.Normal(0, 0.4) - superior.severity;
      request["behaviorRating"] = seen > 1      ? "ABOVE_EXPECTATION"
                                  : seen < -2.2 ? "BELOW_EXPECTATION"
                                                : "AS_EXPECTED";
      if (seen > 1 || seen < -2.2)
        request["behaviorReason"] = "Diamati sepanjang periode dan dibahas pada dialog kinerja";
      requests.push_back(std::move(request));
      if (requests.size() == 100) {
        rest.Post(&superior.caller,
                  "/v1/" + world.agency + "/evaluations:batchRate",
                  {{"requests", requests}});
        rated += 100;
        requests.clear();
      }
    }
    if (requests.empty()) return;
    rest.Post(&superior.caller,
              "/v1/" + world.agency + "/evaluations:batchRate",
              {{"requests", requests}});
    rated += static_cast<std::int64_t>(requests.size());
  });
  world.Count("ratings by superiors", rated);
}

void LiveQuarters(World& world) {
  std::map<std::string, std::string> agreed;
  for (const Quarter& quarter : kQuarters) {
    std::vector<Plan*> plans;
    for (const auto& plan : world.plans) {
      if (InQuarter(*plan, quarter)) plans.push_back(plan.get());
    }
    world.Step(std::string("progress, evidence, dialogues of ") + quarter.id, [&] {
      world.ForEach("recording", plans.size(), [&](RestClient& rest, std::size_t i) {
        RecordProgress(world, rest, *plans[i], quarter);
        Talk(world, rest, *plans[i], quarter);
      });
    });
    const std::string period = world.cycle + "/periods/" + quarter.id;
    world.Step(std::string("results of ") + quarter.id, [&] {
      RestClient& rest = world.rest();
      rest.Wait(&world.hr, rest.Post(&world.hr, "/v1/" + period + ":score", json::object()).body);
      RateTeams(world, period, {});
      rest.Wait(&world.hr,
                rest.Post(&world.hr, "/v1/" + period + ":publishResults", json::object()).body);
    });
    world.Step(std::string("evaluation meetings after ") + quarter.id,
               [&] { MeetTeams(world, quarter, agreed); });
  }
}

}  // namespace teraju::simulation
