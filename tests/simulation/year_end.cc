// The end of the year: unit results by the higher leader, annual ratings, the distribution check,
// final results, awards.
#include <map>

#include "tests/simulation/world.h"

namespace teraju::simulation {

void CloseYear(World& world) {
  RestClient& rest = world.rest();
  const std::string period = world.cycle + "/periods/year";
  const std::string base = "/v1/" + world.agency;
  std::map<std::string, std::string> results;  // unit -> name of its result
  std::map<std::string, std::string> binding;  // unit -> result rating of its head
  world.Step("year scored, unit results set", [&] {
    rest.Wait(
        &world.hr,
        rest.Post(&world.hr, "/v1/" + period + ":score", {{"feedbackCampaign", world.campaign}})
            .body);
    Caller& mayor = world.Of(world.mayor).caller;
    for (const std::string& unit : world.top_units) {
      Luck luck(world.options().seed, unit, "unit result");
      const double level = luck.Normal(0, 1);
      const char* predicate = level > 1.2    ? "UNIT_EXCEPTIONAL"
                              : level > -1.3 ? "UNIT_GOOD"
                                             : "UNIT_NEEDS_IMPROVEMENT";
      binding[unit] = level > 1.2    ? "ABOVE_EXPECTATION"
                      : level > -1.3 ? "AS_EXPECTED"
                                     : "BELOW_EXPECTATION";
      results[unit] =
          rest.Post(&mayor,
                    base + "/unitResults?requestId=" + world.Seeded("unit" + unit),
                    {{"unit", unit},
                     {"period", period},
                     {"predicate", predicate},
                     {"reason", "Capaian perjanjian kinerja dan ekspektasi pimpinan tahun 2025"}})
              .Text("/name");
    }
  });
  world.Step("annual ratings", [&] { RateTeams(world, period, binding); });
  world.Step("distributions checked and confirmed", [&] {
    Caller& mayor = world.Of(world.mayor).caller;
    for (const std::string& unit : world.top_units) {
      const Answer result = rest.Get(&mayor, "/v1/" + results[unit]);
      const bool conforms = FlagOf(ObjectOf(result.body, "distribution"), "conforms");
      world.Count(conforms ? "units that conform to the pattern" : "units that deviate, justified",
                  1);
      json::object body{{"requestId", world.Seeded("confirm" + unit)}};
      if (!conforms)
        body["justification"] =
            "Sebaran mencerminkan capaian nyata yang dibuktikan pada setiap evaluasi";
      rest.Post(&mayor, "/v1/" + results[unit] + ":confirm", body);
    }
  });
  world.Step("final results with receipts", [&] {
    rest.Wait(&world.hr,
              rest.Post(&world.hr, "/v1/" + period + ":publishResults", json::object()).body);
  });
  world.Step("results acknowledged", [&] {
    std::vector<std::pair<std::string, std::string>> results_of;  // person, evaluation
    const std::string all = base + "/evaluations?period=" + period;
    for (const json::value& row : rest.List(&world.hr, all, "evaluations")) {
      results_of.emplace_back(TextOf(row.at("snapshot"), "employee"), TextOf(row, "name"));
      world.Count("predicate " + TextOf(row, "predicate"), 1);
    }
    world.ForEach("acknowledging", results_of.size(), [&](RestClient& client, std::size_t i) {
      client.Post(&world.Of(results_of[i].first).caller,
                  "/v1/" + results_of[i].second + ":acknowledge",
                  {{"requestId", world.Seeded("acknowledge" + results_of[i].second)}});
    });
  });
  world.Step("awards nominated and confirmed", [&] {
    const Answer nominated =
        rest.Post(&world.hr,
                  base + "/awards:nominate",
                  {{"period", period}, {"sharePercent", 5}, {"requestId", world.Seeded("awards")}});
    Caller& mayor = world.Of(world.mayor).caller;
    const json::array awards = ArrayOf(nominated.body, "awards");
    for (const json::value& award : awards) {
      rest.Post(&mayor, "/v1/" + TextOf(award, "name") + ":confirm", {{"confirmed", true}});
    }
    world.Count("awards confirmed", static_cast<std::int64_t>(awards.size()));
  });
}

}  // namespace teraju::simulation
