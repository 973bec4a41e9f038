// What a year leads to: competencies beside the standard of the post, objections, programmes for
// low performers, what is done about citizens' complaints, and what the public is told.
#include <algorithm>
#include <ctime>
#include <map>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

constexpr int kDay = 86400;

// A day so many days from now.
json::value InDays(int days) {
  const std::time_t then = std::time(nullptr) + static_cast<std::time_t>(days) * kDay;
  char text[16];
  std::tm parts{};
  std::strftime(text, sizeof text, "%Y-%m-%d", gmtime_r(&then, &parts));
  return Date(text);
}

// The plans that a sample of people worked by at the end of the year.
std::vector<Plan*> Sample(World& world, const char* purpose, double share) {
  std::vector<Plan*> sample;
  for (const auto& plan : world.plans) {
    const bool last = plan->end == "2025-12-31";
    if (last && world.LuckOf(world.Of(plan->employee), purpose).Chance(share))
      sample.push_back(plan.get());
  }
  return sample;
}

// The superior sees levels near what the post requires; two levels away needs evidence, and none is
// so far away.
void Assess(World& world, RestClient& rest, const Plan& plan, const std::string& standard) {
  Person& person = world.Of(plan.employee);
  Person& superior = world.Of(plan.appraiser);
  const std::string key = plan.employee + "competency";
  const Answer begun =
      rest.Post(&superior.caller,
                "/v1/" + world.agency + "/competencyAssessments?requestId=" + world.Seeded(key),
                {{"workPlan", plan.name}, {"competencyStandard", standard}});
  const std::string assessment = "/v1/" + begun.Text("/name");
  Luck luck = world.LuckOf(person, "competency");
  json::array levels;
  for (const json::value& competency : ArrayOf(begun.body, "competencies")) {
    const double seen = person.quality / 2 + luck.Normal(0, 0.6);
    const int step = seen > 0.8 ? 1 : seen < -0.6 ? -1 : 0;
    levels.push_back({{"competency", TextOf(competency, "competency")},
                      {"level", NumberOf(competency, "requiredLevel") + step}});
  }
  rest.Post(&superior.caller, assessment + ":assess", {{"levels", levels}});
  rest.Post(&superior.caller, assessment + ":submit", json::object());
  rest.Post(&person.caller, assessment + ":acknowledge", {{"comment", "Sepakat"}});
}

// Who finds the result wrong says so; the superior answers, and the superior's superior decides.
void Object(World& world, RestClient& rest, const json::value& evaluation) {
  const std::string key = TextOf(evaluation, "name") + "objection";
  Person& person = world.Of(TextOf(evaluation.at("snapshot"), "employee"));
  Person& superior = world.Of(TextOf(evaluation.at("snapshot"), "appraiser"));
  const Answer filed =
      rest.Post(&person.caller,
                "/v1/" + world.agency + "/objections?requestId=" + world.Seeded(key),
                {{"evaluation", TextOf(evaluation, "name")},
                 {"reason", "Pekerjaan tambahan pada triwulan keempat belum tercatat"}});
  const std::string objection = "/v1/" + filed.Text("/name");
  rest.Post(&superior.caller,
            objection + ":respond",
            {{"text", "Pekerjaan itu ada pada laporan bulanan, tetapi di luar SKP"}});
  Person& decider = world.Of(filed.Text("/decider"));
  json::object decision{{"reason", "Laporan bulanan sudah diperhitungkan"}};
  if (world.LuckOf(person, "objection").Chance(0.3)) {
    decision["resultRating"] = "AS_EXPECTED";
    decision["reason"] = "Laporan bulanan membuktikan pekerjaan tambahan itu";
    world.Count("objections that changed a result", 1);
  }
  rest.Post(&decider.caller, objection + ":decide", decision);
}

void BeginProgramme(World& world, RestClient& rest, const json::value& result) {
  Person& person = world.Of(TextOf(result.at("snapshot"), "employee"));
  Person& superior = world.Of(TextOf(result.at("snapshot"), "appraiser"));
  const Answer programme = rest.Post(
      &superior.caller,
      "/v1/" + world.agency +
          "/developmentProgrammes?requestId=" + world.Seeded(TextOf(result, "name") + "programme"),
      {{"annualResult", TextOf(result, "name")},
       {"goals",
        json::array{{{"text", "Permintaan selesai tepat waktu"},
                     {"measure", "Rata-rata hari per bulan"},
                     {"dueDate", InDays(90)},
                     {"support", "Pendampingan rekan senior dua jam seminggu"}}}}});
  rest.Post(&person.caller,
            "/v1/" + programme.Text("/name") + ":acknowledge",
            {{"comment", "Saya mulai pekan depan"}});
}

}  // namespace

void SetDeadline(World& world) {
  const std::time_t tomorrow = std::time(nullptr) + kDay;
  char text[32];
  std::tm parts{};
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&tomorrow, &parts));
  world.rest().Patch(
      &world.hr,
      "/v1/" + world.cycle + "/deadlines/work-plans?requestId=" + world.Seeded("deadline"),
      {{"dueTime", text}});
}

void AssessCompetencies(World& world) {
  RestClient& rest = world.rest();
  const std::string base = "/v1/" + world.agency;
  world.Step("competencies assessed against the post", [&] {
    json::array required;
    for (const json::value& competency :
         rest.List(&world.hr, base + "/competencies", "competencies")) {
      if (required.size() < 5)
        required.push_back({{"competency", TextOf(competency, "name")}, {"level", 3}});
    }
    std::map<std::string, std::string> standards;  // by the kind of the post
    for (const char* kind : {"STRUCTURAL", "FUNCTIONAL", "GENERAL"}) {
      standards[kind] = rest.Post(&world.hr,
                                  base + "/competencyStandards?requestId=" + world.Seeded(kind),
                                  {{"jobFamily", kind}, {"requiredLevels", required}})
                            .Text("/name");
    }
    const std::vector<Plan*> sample = Sample(world, "assessed", 0.05);
    world.ForEach("assessing", sample.size(), [&](RestClient& client, std::size_t i) {
      Assess(world, client, *sample[i], standards[sample[i]->position_kind]);
    });
    world.Count("competency assessments", static_cast<std::int64_t>(sample.size()));
  });
}

void FollowUp(World& world) {
  RestClient& rest = world.rest();
  const std::string base = "/v1/" + world.agency;
  const auto of_year = [&](const char* list) {
    return base + list + "?period=" + world.cycle + "/periods/year";
  };
  world.Step("objections filed, heard and decided", [&] {
    std::vector<json::value> disputed;
    for (json::value& row : rest.List(&world.hr, of_year("/evaluations"), "evaluations")) {
      const json::value& snapshot = row.at("snapshot");
      if (TextOf(row, "resultRating") == "BELOW_EXPECTATION" && disputed.size() < 20 &&
          !FlagOf(snapshot, "leadsUnit") && !TextOf(snapshot, "nextAppraiser").empty())
        disputed.push_back(std::move(row));
    }
    for (const json::value& evaluation : disputed) Object(world, rest, evaluation);
    world.Count("objections", static_cast<std::int64_t>(disputed.size()));
  });
  world.Step("development programmes begun", [&] {
    int begun = 0;
    for (const json::value& result :
         rest.List(&world.hr, of_year("/annualResults"), "annualResults")) {
      const std::string predicate = TextOf(result, "predicate");
      if (predicate == "GOOD" || predicate == "VERY_GOOD" || begun == 20) continue;
      BeginProgramme(world, rest, result);
      ++begun;
    }
    world.Count("development programmes", begun);
  });
  world.Step("citizens' complaints become actions and programmes", [&] {
    int actions = 0;
    for (const json::value& result :
         rest.List(&world.hr, "/v1/" + world.survey + "/results", "results")) {
      const json::array low = ArrayOf(result, "improvements");
      if (low.empty() || actions == 5) continue;
      const std::string unit = TextOf(result, "unit");
      const std::string need =
          rest.Post(&world.hr,
                    base + "/improvementActions?requestId=" + world.Seeded(unit + "action"),
                    {{"citizenSurvey", world.survey},
                     {"unit", unit},
                     {"element", low.front()},
                     {"description", "Petugas pendamping di loket pada jam sibuk"},
                     {"owner", world.mayor},
                     {"dueDate", InDays(180)}})
              .Text("/name");
      const std::string programme =
          rest.Post(&world.hr,
                    base + "/goals?requestId=" + world.Seeded(unit + "programme"),
                    {{"kind", "PROGRAMME"},
                     {"title", "Layanan ramah warga " + world.unit_names[unit]},
                     {"unit", unit},
                     {"needs", json::array{json::string(need)}},
                     {"trainingTopics", json::array{"BERORIENTASI_PELAYANAN"}},
                     {"firstYear", 2026},
                     {"lastYear", 2026}})
              .Text("/name");
      rest.Post(&world.hr, "/v1/" + programme + ":publish", json::object());
      ++actions;
    }
    world.Count("improvement actions with a programme", actions);
  });
  world.Step("cycle closed, public report", [&] {
    rest.Post(&world.hr, "/v1/" + world.cycle + ":close", {{"requestId", world.Seeded("close")}});
    rest.Get(nullptr, "/v1/" + world.cycle + "/publicReport");
  });
}

}  // namespace teraju::simulation
