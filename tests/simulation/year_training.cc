// What is learnt next year: needs from the results, a catalogue, a budget that does not suffice,
// the plan, the mentors.
#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

struct CourseOffer {
  const char* title;
  const char* topic;
  const char* type;  // SIASN jenisDiklatId
  int hours;
  int seats;
  int minimum;
  std::int64_t per_seat;
  std::int64_t fixed;
  const char* start;
  const char* end;
  const char* partner;
};
constexpr CourseOffer kOffers[] = {{"Pelayanan prima",
                                    "BERORIENTASI_PELAYANAN",
                                    "8",
                                    24,
                                    40,
                                    10,
                                    900'000,
                                    12'000'000,
                                    "2026-02-09",
                                    "2026-02-11",
                                    ""},
                                   {"Pelayanan prima, daring",
                                    "BERORIENTASI_PELAYANAN",
                                    "16",
                                    20,
                                    60,
                                    5,
                                    150'000,
                                    2'000'000,
                                    "2026-05-04",
                                    "2026-05-08",
                                    ""},
                                   {"Akuntabilitas dan pelaporan kinerja",
                                    "AKUNTABEL",
                                    "3",
                                    30,
                                    40,
                                    10,
                                    1'200'000,
                                    15'000'000,
                                    "2026-03-02",
                                    "2026-03-05",
                                    ""},
                                   {"Manajemen risiko",
                                    "AKUNTABEL",
                                    "16",
                                    20,
                                    30,
                                    5,
                                    200'000,
                                    2'000'000,
                                    "2026-06-01",
                                    "2026-06-03",
                                    "Perwakilan BPKP"},
                                   {"Pengolahan data dengan lembar kerja",
                                    "KOMPETEN",
                                    "8",
                                    24,
                                    50,
                                    10,
                                    750'000,
                                    8'000'000,
                                    "2026-02-16",
                                    "2026-02-18",
                                    ""},
                                   {"Literasi digital ASN",
                                    "KOMPETEN",
                                    "16",
                                    20,
                                    80,
                                    5,
                                    0,
                                    0,
                                    "2026-04-06",
                                    "2026-04-10",
                                    "Kementerian Kominfo"},
                                   {"Komunikasi antarbudaya",
                                    "HARMONIS",
                                    "6",
                                    20,
                                    30,
                                    8,
                                    600'000,
                                    5'000'000,
                                    "2026-03-16",
                                    "2026-03-18",
                                    ""},
                                   {"Wawasan kebangsaan",
                                    "LOYAL",
                                    "6",
                                    20,
                                    60,
                                    10,
                                    300'000,
                                    4'000'000,
                                    "2026-07-06",
                                    "2026-07-08",
                                    ""},
                                   {"Inovasi pelayanan",
                                    "ADAPTIF",
                                    "4",
                                    24,
                                    30,
                                    8,
                                    1'100'000,
                                    10'000'000,
                                    "2026-04-13",
                                    "2026-04-15",
                                    "Politeknik swasta"},
                                   {"Kerja tim lintas unit",
                                    "KOLABORATIF",
                                    "4",
                                    20,
                                    40,
                                    8,
                                    800'000,
                                    8'000'000,
                                    "2026-08-03",
                                    "2026-08-05",
                                    ""}};

}  // namespace

void PlanTraining(World& world) {
  RestClient& rest = world.rest();
  const std::string base = "/v1/" + world.agency;
  const std::string period = world.cycle + "/periods/year";
  world.Step("course catalogue and budget 2026", [&] {
    for (const CourseOffer& offer : kOffers) {
      const std::string course =
          rest.Post(
                  &world.hr,
                  base + "/courses?requestId=" + world.Seeded(std::string("course") + offer.title),
                  {{"title", offer.title},
                   {"topics", json::array{offer.topic}},
                   {"type", offer.type},
                   {"learningHours", offer.hours},
                   {"provider", "BKPSDM"}})
              .Text("/name");
      rest.Post(&world.hr,
                "/v1/" + course + ":publish",
                {{"requestId", world.Seeded(std::string("publish") + offer.title)}});
      rest.Post(&world.hr,
                "/v1/" + course +
                    "/offerings?requestId=" + world.Seeded(std::string("offering") + offer.title),
                {{"startDate", Date(offer.start)},
                 {"endDate", Date(offer.end)},
                 {"seats", offer.seats},
                 {"minimumParticipants", offer.minimum},
                 {"costPerSeat", Rupiah(offer.per_seat)},
                 {"fixedCost", Rupiah(offer.fixed)},
                 {"partner", offer.partner}});
      world.Count("courses with an offering", 1);
    }
    rest.Post(&world.hr,
              base + "/budgets?requestId=" + world.Seeded("budget"),
              {{"fiscalYear", 2026}, {"source", "APBD"}, {"amount", Rupiah(120'000'000)}});
  });
  world.Step("training needs derived", [&] {
    const Answer derive = rest.Post(&world.hr,
                                    base + "/needs:derive",
                                    {{"fiscalYear", 2026},
                                     {"period", period},
                                     {"feedbackCampaign", world.campaign},
                                     {"requestId", world.Seeded("derive")}});
    const json::value done = rest.Wait(&world.hr, derive.body);
    world.Count("needs from results", NumberOf(done, "fromResults"));
    world.Count("needs from feedback", NumberOf(done, "fromFeedback"));
  });
  std::string plan;
  world.Step("training plan solved and approved", [&] {
    plan = rest.Post(&world.hr,
                     base + "/allocationPlans?requestId=" + world.Seeded("plan"),
                     {{"fiscalYear", 2026}, {"timeLimitSeconds", 30}})
               .Text("/name");
    rest.Wait(&world.hr,
              rest.Post(&world.hr, "/v1/" + plan + ":solve", {{"requestId", world.Seeded("solve")}})
                  .body);
    rest.Post(&world.hr, "/v1/" + plan + ":approve", {{"requestId", world.Seeded("approve plan")}});
  });
  world.Step("first courses completed", [&] {
    const json::array places = rest.List(&world.hr, base + "/enrollments", "enrollments");
    std::vector<std::string> done;
    for (const json::value& place : places) {
      if (done.size() < 50) done.push_back(TextOf(place, "name"));
    }
    world.ForEach("completing", done.size(), [&](RestClient& client, std::size_t i) {
      client.Post(&world.hr,
                  "/v1/" + done[i] + ":complete",
                  {{"completeDate", Date("2026-02-20")},
                   {"effectNote", "Dipakai pada pekerjaan sehari-hari"}});
    });
    world.Count("places in courses", static_cast<std::int64_t>(places.size()));
    world.Count("courses completed", static_cast<std::int64_t>(done.size()));
  });
  world.training_plan = plan;
}

void PairMentors(World& world) {
  RestClient& rest = world.rest();
  const std::string base = "/v1/" + world.agency;
  world.Step("mentoring preferences said", [&] {
    std::vector<Person*> speakers;
    for (const auto& [name, person] : world.persons) {
      if (!person->plans.empty() && !person->official &&
          world.LuckOf(*person, "says languages").Chance(0.05))
        speakers.push_back(person.get());
    }
    world.ForEach("saying", speakers.size(), [&](RestClient& client, std::size_t i) {
      Person& person = *speakers[i];
      json::array languages = {"id"};
      if (world.LuckOf(person, "languages").Chance(0.5)) languages.emplace_back("min");
      client.Patch(&person.caller,
                   "/v1/" + person.name +
                       "/mentoringPreference?requestId=" + world.Seeded(person.key + "preference"),
                   {{"languages", languages}});
    });
    world.Count("mentoring preferences", static_cast<std::int64_t>(speakers.size()));
  });
  world.Step("mentors matched", [&] {
    const std::string run =
        rest.Post(&world.hr,
                  base + "/matchingRuns?requestId=" + world.Seeded("matching"),
                  {{"cyclePeriod", world.cycle + "/periods/year"}, {"capacity", 3}})
            .Text("/name");
    rest.Wait(
        &world.hr,
        rest.Post(&world.hr, "/v1/" + run + ":solve", {{"requestId", world.Seeded("pairs")}}).body);
    const json::array pairs =
        rest.List(&world.hr, base + "/mentorships?matchingRun=" + run, "mentorships");
    world.Count("mentoring pairs", static_cast<std::int64_t>(pairs.size()));
    world.ForEach("accepting", pairs.size(), [&](RestClient& client, std::size_t i) {
      const std::string name = TextOf(pairs[i], "name");
      for (const char* side : {"mentor", "mentee"}) {
        client.Post(&world.Of(TextOf(pairs[i], side)).caller,
                    "/v1/" + name + ":accept",
                    {{"requestId", world.Seeded(name + side)}});
      }
    });
  });
}

}  // namespace teraju::simulation
