// What others say: 360-degree feedback by raters of known severity on people of known quality, and
// a survey of citizens.
#include <algorithm>
#include <cmath>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

constexpr const char* kValues[][3] = {
    {"BERORIENTASI_PELAYANAN",
     "Memahami dan memenuhi kebutuhan masyarakat",
     "Understands and meets the needs of the public"},
    {"AKUNTABEL", "Bertanggung jawab dan dapat dipercaya", "Is responsible and can be trusted"},
    {"KOMPETEN", "Terus belajar dan mengembangkan kapabilitas", "Keeps learning and developing"},
    {"HARMONIS", "Peduli dan menghargai perbedaan", "Cares and respects differences"},
    {"LOYAL",
     "Berdedikasi dan menjaga nama baik instansi",
     "Is dedicated and protects the good name of the office"},
    {"ADAPTIF",
     "Terus berinovasi dan antusias menghadapi perubahan",
     "Innovates and welcomes change"},
    {"KOLABORATIF", "Membangun kerja sama yang sinergis", "Builds cooperation"}};

constexpr const char* kElements[][3] = {
    {"U1", "Kesesuaian persyaratan", "Requirements"},
    {"U2", "Kemudahan prosedur", "Procedure"},
    {"U3", "Kecepatan waktu", "Time taken"},
    {"U4", "Kewajaran biaya", "Cost"},
    {"U5", "Kesesuaian produk layanan", "Product of the service"},
    {"U6", "Kemampuan petugas", "Competence of staff"},
    {"U7", "Perilaku petugas", "Conduct of staff"},
    {"U8", "Penanganan pengaduan", "Handling of complaints"},
    {"U9", "Sarana dan prasarana", "Facilities"}};

template <std::size_t N>
json::array Questions(const char* const (&rows)[N][3]) {
  json::array items;
  for (const auto& row : rows) {
    items.push_back(
        {{"itemId", row[0]}, {"topic", row[0]}, {"textId", row[1]}, {"textEn", row[2]}});
  }
  return items;
}

std::string Publish(World& world, const std::string& key, const json::value& questionnaire) {
  RestClient& rest = world.rest();
  std::string name =
      rest.Post(&world.hr,
                "/v1/" + world.agency + "/questionnaires?requestId=" + world.Seeded(key),
                questionnaire)
          .Text("/name");
  rest.Post(&world.hr, "/v1/" + name + ":publish", {{"requestId", world.Seeded(key + "publish")}});
  return name;
}

}  // namespace

void GatherFeedback(World& world) {
  RestClient& rest = world.rest();
  world.Step("360-degree campaign launched", [&] {
    const std::string questions = Publish(world,
                                          "360",
                                          {{"kind", "MULTI_RATER"},
                                           {"displayName", "Perilaku kerja BerAKHLAK"},
                                           {"items", Questions(kValues)},
                                           {"scaleMinimum", 1},
                                           {"scaleMaximum", 5}});
    world.campaign =
        rest.Post(&world.hr,
                  "/v1/" + world.agency + "/campaigns?requestId=" + world.Seeded("campaign"),
                  {{"displayName", "Umpan balik 360 tahun 2025"},
                   {"questionnaire", questions},
                   {"endTime", "2099-12-31T00:00:00Z"}})
            .Text("/name");
    std::vector<std::string> scopes = {""};
    if (world.options().units > 0) scopes = world.top_units;
    for (const std::string& unit : scopes) {
      rest.Wait(&world.hr,
                rest.Post(&world.hr,
                          "/v1/" + world.campaign + "/nominations:suggest",
                          {{"date", Date("2025-11-15")},
                           {"peers", 5},
                           {"subordinates", 3},
                           {"unit", unit},
                           {"approve", true},
                           {"requestId", world.Seeded("suggest" + unit)}})
                    .body);
    }
    // Whoever shares nobody with the others is given one of them, so that all can be compared.
    const json::array connecting =
        ArrayOf(rest.Get(&world.hr, "/v1/" + world.campaign + ":checkRaters").body, "connecting");
    if (!connecting.empty())
      rest.Post(&world.hr,
                "/v1/" + world.campaign + "/nominations:batchCreate",
                {{"nominations", connecting}, {"approve", true}});
    rest.Post(
        &world.hr, "/v1/" + world.campaign + ":launch", {{"requestId", world.Seeded("launch")}});
  });
  world.Step("360-degree answers", [&] {
    std::vector<Person*> raters;
    for (auto& [name, person] : world.persons) raters.push_back(person.get());
    std::atomic<std::int64_t> answers = 0;
    world.ForEach("answering", raters.size(), [&](RestClient& client, std::size_t i) {
      Person& rater = *raters[i];
      for (const json::value& request :
           client.List(&rater.caller, "/v1/" + world.campaign + "/requests", "requests")) {
        const std::string token = TextOf(request, "responseToken");
        const auto ratee = world.persons.find(TextOf(request, "ratee"));
        if (token.empty() || ratee == world.persons.end()) continue;
        Luck luck = world.LuckOf(rater, "answer" + ratee->second->key);
        if (luck.Chance(0.08)) continue;  // some never answer
        json::array values;
        for (const auto& row : kValues) {
          const double opinion =
              3.7 + 0.55 * ratee->second->conduct - rater.severity + luck.Normal(0, 0.5);
          values.push_back({{"itemId", row[0]},
                            {"value", std::clamp(static_cast<int>(std::lround(opinion)), 1, 5)}});
        }
        // No bearer token: the response token is all that the suite learns.
        client.Post(
            nullptr, "/v1/responses:submit", {{"responseToken", token}, {"answers", values}});
        ++answers;
      }
    });
    world.Count("360-degree answers", answers);
  });
  world.Step("campaign closed, reports published", [&] {
    rest.Wait(&world.hr,
              rest.Post(&world.hr, "/v1/" + world.campaign + ":close", json::object()).body);
    const json::value closed = rest.Get(&world.hr, "/v1/" + world.campaign).body;
    world.campaign_quality = ObjectOf(closed, "quality");
    const json::value counts = ObjectOf(closed, "counts");
    world.Count("feedback groups shown", NumberOf(counts, "groupsShown"));
    world.Count("feedback groups withheld", NumberOf(counts, "groupsWithheld"));
  });
}

void AskCitizens(World& world) {
  RestClient& rest = world.rest();
  std::vector<std::string> served;
  world.Step("citizen survey opened", [&] {
    for (const auto& [unit, name] : world.unit_names) {
      const bool office = name.starts_with("Puskesmas") || name.starts_with("UPT Puskesmas") ||
                          name.starts_with("Kelurahan") ||
                          name.find("Kependudukan") != std::string::npos ||
                          name.starts_with("RSUD") || name.starts_with("Rumah Sakit");
      if (office && served.size() < 24) served.push_back(unit);
    }
    const std::string questions = Publish(world,
                                          "skm",
                                          {{"kind", "CITIZEN"},
                                           {"displayName", "Survei Kepuasan Masyarakat"},
                                           {"items", Questions(kElements)},
                                           {"scaleMinimum", 1},
                                           {"scaleMaximum", 4}});
    json::array units;
    for (const std::string& unit : served) units.push_back({{"unit", unit}, {"population", 100}});
    world.survey =
        rest.Post(&world.hr,
                  "/v1/" + world.agency + "/citizenSurveys?requestId=" + world.Seeded("survey"),
                  {{"displayName", "SKM 2025"},
                   {"questionnaire", questions},
                   {"units", units},
                   {"endTime", "2099-12-31T00:00:00Z"}})
            .Text("/name");
    rest.Post(
        &world.hr, "/v1/" + world.survey + ":open", {{"requestId", world.Seeded("survey open")}});
  });
  world.Step("citizens' answers", [&] {
    std::vector<std::pair<std::string, std::string>> codes;  // unit, code
    for (const std::string& unit : served) {
      const Answer issued = rest.Post(
          &world.hr, "/v1/" + world.survey + ":issueTokens", {{"unit", unit}, {"count", 84}});
      for (const json::value& token : ArrayOf(issued.body, "surveyTokens")) {
        codes.emplace_back(unit, TextOf(token, "code"));
      }
    }
    world.ForEach("citizens", codes.size(), [&](RestClient& client, std::size_t i) {
      Luck place(world.options().seed, codes[i].first, "service");
      const double level = 3.2 + 0.25 * place.Normal(0, 1);
      Luck luck(world.options().seed, codes[i].first + std::to_string(i), "citizen");
      json::array values;
      for (const auto& row : kElements) {
        const double opinion = level + luck.Normal(0, 0.55);
        values.push_back({{"itemId", row[0]},
                          {"value", std::clamp(static_cast<int>(std::lround(opinion)), 1, 4)}});
      }
      client.Post(nullptr,
                  "/v1/citizenResponses:submit",
                  {{"responseToken", codes[i].second}, {"answers", values}});
    });
    rest.Wait(&world.hr,
              rest.Post(&world.hr, "/v1/" + world.survey + ":close", json::object()).body);
    world.Count("citizens' answers", static_cast<std::int64_t>(codes.size()));
  });
}

}  // namespace teraju::simulation
