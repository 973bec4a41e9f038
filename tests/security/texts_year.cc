#include "absl/strings/str_cat.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Answer;
using scenarios::Caller;
using scenarios::Day;
using scenarios::TextOf;

namespace {

// An office large enough that every case that a person has once is there often enough, and a small
// one beside it.
struct City {
  std::string office, head, small, other, solo, mover;
  std::vector<std::string> staff;
  std::string cycle;

  std::string year() const { return cycle + "/periods/year"; }
};

City EnterCity(TextWriter& w) {
  scenarios::Town& town = w.town();
  City city;
  city.office = town.Unit("kantor", "Kantor", town.root());
  city.small = town.Unit("kecil", "Kecil", town.root());
  city.head = town.Employee("Kepala", city.office, "Kepala", "STRUCTURAL", true);
  city.other = town.Employee("Kepala lain", city.small, "Kepala", "STRUCTURAL", true);
  city.solo = town.Employee("Sendiri", city.small, "Analis", "GENERAL", false);
  for (int i = 0; i < TextWriter::kFew + 4; ++i)
    city.staff.push_back(town.Employee("Pegawai", city.office, "Analis", "GENERAL", false));
  city.mover = town.Employee("Pindahan", city.office, "Analis", "GENERAL", false);
  Caller& hr = town.hr();
  const json::array posts = w.rest().List(&hr, "/v1/" + city.mover + "/assignments", "assignments");
  w.rest().Post(
      &hr, "/v1/" + TextOf(posts.at(0), "name") + ":end", {{"endDate", Day(2025, 6, 30)}});
  w.rest().Post(&hr,
                "/v1/" + city.mover + "/assignments",
                {{"unit", city.small},
                 {"positionTitle", "Analis"},
                 {"kind", "DEFINITIVE"},
                 {"startDate", Day(2025, 7, 1)}});
  return city;
}

json::array OfYear(TextWriter& w, const City& city, const std::string& list) {
  return w.rest().List(&w.town().hr(), w.base() + "/" + list + "?period=" + city.year(), list);
}

std::string OfPerson(TextWriter& w,
                     const City& city,
                     const std::string& list,
                     const std::string& person) {
  for (const json::value& one : OfYear(w, city, list)) {
    if (TextOf(one.at("snapshot"), "employee") == person) return "/v1/" + TextOf(one, "name");
  }
  throw std::runtime_error(person + " has none of the " + list);
}

// Everybody is rated by the own appraiser, heads as their units.
void RateAll(TextWriter& w, const City& city, const char* of_staff) {
  for (const json::value& one : OfYear(w, city, "evaluations")) {
    const std::string person = TextOf(one.at("snapshot"), "employee");
    const bool leads = person == city.head || person == city.other;
    const char* rating = leads ? "AS_EXPECTED" : of_staff;
    w.rest().Post(&w.town().As(TextOf(one.at("snapshot"), "appraiser")),
                  "/v1/" + TextOf(one, "name") + ":rate",
                  {{"resultRating", rating},
                   {"resultReason", "Dibahas"},
                   {"behaviorRating", rating},
                   {"behaviorReason", "Dibahas"}});
  }
}

std::string ResultOf(TextWriter& w, const City& city, const std::string& unit) {
  return w.rest()
      .Post(&w.town().mayor(),
            w.base() + "/unitResults",
            {{"unit", unit},
             {"period", city.year()},
             {"predicate", "UNIT_GOOD"},
             {"reason", "Perjanjian kinerja tercapai"}})
      .Text("/name");
}

void Publish(TextWriter& w, const City& city, const std::vector<std::string>& results) {
  for (const std::string& result : results)
    w.rest().Post(&w.town().mayor(), "/v1/" + result + ":confirm", {{"justification", "Kecil"}});
  w.town().Run(w.town().hr(), "/v1/" + city.year() + ":publishResults", json::object());
}

// A good year: awards, and higher posts.
void WritePromotions(TextWriter& w, City& city) {
  Caller& hr = w.town().hr();
  Caller& mayor = w.town().mayor();
  city.cycle = w.town().OpenCycle("2024");
  w.town().Run(hr, "/v1/" + city.year() + ":score", json::object());
  RateAll(w, city, "ABOVE_EXPECTATION");
  Publish(w, city, {ResultOf(w, city, city.office), ResultOf(w, city, city.small)});
  const Answer nominated = w.rest().Post(
      &hr, w.base() + "/awards:nominate", {{"period", city.year()}, {"sharePercent", 100}});
  for (const json::value& award : scenarios::ArrayOf(nominated.body, "awards")) {
    w.Write({.caller = &mayor,
             .verb = "POST",
             .path = "/v1/" + TextOf(award, "name") + ":confirm",
             .body = {{"confirmed", true}, {"comment", Text()}},
             .reading = InList(w.base() + "/awards", "awards")});
  }
  const auto vacancy = [&](const std::string& title) {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/vacancies",
                .body = {{"positionTitle", title},
                         {"unit", city.office},
                         {"echelon", "41"},
                         {"minimumGrade", "33"},
                         {"years", 1},
                         {"minimumPredicate", "VERY_GOOD"}}};
  };
  const Call plain = vacancy("Kepala Seksi");
  const auto open = [&] { return w.rest().Post(&hr, plain.path, plain.body).Text("/name"); };
  w.WriteAll([&] { return vacancy(Text()); });
  w.WriteFew([&] {
    return Call{.caller = &mayor,
                .verb = "POST",
                .path = "/v1/" + open() + ":decide",
                .body = {{"employee", city.staff.front()}, {"reason", Text("/decision/reason")}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + open() + ":close",
                .body = {{"reason", Text("/decision/reason")}}};
  });
  w.CompareLists();
}

void WriteRatings(TextWriter& w, const City& city) {
  Caller& head = w.town().As(city.head);
  const std::string& person = city.staff.front();
  const std::string own = OfPerson(w, city, "evaluations", person);
  w.WriteAll([&] {
    return Call{.caller = &w.town().As(person),
                .verb = "POST",
                .path = own + ":submitSelf",
                .body = {{"note", Text("/selfNote")}}};
  });
  const auto figures = [](const std::string& at) {
    json::array entries;
    for (int i = 0; i < 4; ++i) {
      const std::string key =
          at.empty() ? Text() : Text(absl::StrCat(at, "/list/entries/", i, "/key"));
      entries.push_back(
          {{"key", key},
           {"values", json::array{{{"name", "level"}, {"number", scenarios::Amount("4")}}}}});
    }
    return json::array{{{"name", "contributions"},
                        {"list", {{"entries", entries}}},
                        {"source", at.empty() ? Text() : Text(at + "/source")},
                        {"asOfTime", "2025-12-31T00:00:00Z"}}};
  };
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = own + ":setFigures",
                .body = {{"figures", figures("")}},
                .reading = At(own)};
  });
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = "/v1/" + city.year() + "/figures:batchSet",
                .body = {{"people",
                          json::array{{{"employee", person}, {"figures", figures("/figures/0")}}}}},
                .reading = At(own)};
  });
  const json::object rating = {{"resultRating", "ABOVE_EXPECTATION"},
                               {"behaviorRating", "ABOVE_EXPECTATION"},
                               {"resultReason", Text()},
                               {"behaviorReason", Text()}};
  w.WriteAll(
      [&] { return Call{.caller = &head, .verb = "POST", .path = own + ":rate", .body = rating}; });
  json::array requests;
  for (const json::value& one : OfYear(w, city, "evaluations")) {
    if (TextOf(one.at("snapshot"), "appraiser") != city.head) continue;
    const std::string at = absl::StrCat("/evaluations/", requests.size());
    json::object request = rating;
    request["name"] = TextOf(one, "name");
    request["resultReason"] = Text(at + "/resultReason");
    request["behaviorReason"] = Text(at + "/behaviorReason");
    requests.push_back(request);
  }
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = w.base() + "/evaluations:batchRate",
                .body = {{"requests", requests}}};
  });
}

void WriteCalibration(TextWriter& w, const City& city, const std::string& result) {
  Caller& mayor = w.town().mayor();
  w.WriteAll([&] {
    return Call{
        .caller = &mayor, .verb = "PATCH", .path = "/v1/" + result, .body = {{"reason", Text()}}};
  });
  std::string session;
  w.WriteAll([&] {
    if (!session.empty()) w.rest().Post(&mayor, session + ":close", json::object());
    const Answer opened = w.Write({.caller = &mayor,
                                   .verb = "POST",
                                   .path = w.base() + "/calibrationSessions",
                                   .body = {{"unitResult", result}, {"notes", Text()}}});
    session = "/v1/" + opened.Text("/name");
    return Call{.caller = &mayor, .verb = "PATCH", .path = session, .body = {{"notes", Text()}}};
  });
  const std::string own = OfPerson(w, city, "evaluations", city.solo).substr(4);
  const json::array ratings = w.rest().List(&mayor, session + "/ratings", "calibratedRatings");
  std::size_t place = 0;
  while (TextOf(ratings.at(place), "evaluation") != own) ++place;
  const Reading rated = At(session + "/ratings", absl::StrCat("/calibratedRatings/", place));
  int proposed = 0;
  w.WriteAll([&] {
    const std::string at = absl::StrCat("/proposals/", proposed++);
    w.Write({.caller = &mayor,
             .verb = "POST",
             .path = session + ":propose",
             .body = {{"evaluation", own},
                      {"resultRating", "BELOW_EXPECTATION"},
                      {"reason", Text(at + "/reason")}},
             .reading = rated});
    return Call{.caller = &w.town().As(city.other),
                .verb = "POST",
                .path = session + ":decide",
                .body = {{"evaluation", own},
                         {"proposalId", std::to_string(proposed)},
                         {"note", Text(at + "/decisionNote")}},
                .reading = rated};
  });
  w.rest().Post(&mayor, session + ":close", json::object());
}

void WriteDecisions(TextWriter& w, const City& city) {
  const std::string annual = OfPerson(w, city, "annualResults", city.mover);
  w.WriteAll([&] {
    return Call{.caller = &w.town().As(city.other),
                .verb = "POST",
                .path = annual + ":decide",
                .body = {{"predicate", "GOOD"}, {"reason", Text("/decision/reason")}}};
  });
}

}  // namespace

void WriteYearTexts(TextWriter& w) {
  w.WriteAll([&] {
    return Call{.caller = &w.town().hr(),
                .verb = "POST",
                .path = w.base() + "/cycles?cycleId=" + w.Fresh(),
                .body = {{"displayName", Text()},
                         {"kind", "ANNUAL"},
                         {"periodKind", "QUARTERLY"},
                         {"startDate", Day(2026, 1, 1)},
                         {"endDate", Day(2026, 12, 31)}}};
  });
  City city = EnterCity(w);
  WritePromotions(w, city);
  city.cycle = w.town().OpenCycle("2025", w.town().AdoptPack("plaju"));
  w.town().Run(w.town().hr(), "/v1/" + city.year() + ":score", json::object());
  WriteRatings(w, city);
  RateAll(w, city, "BELOW_EXPECTATION");
  const std::string result = ResultOf(w, city, city.small);
  WriteCalibration(w, city, result);
  WriteDecisions(w, city);
  Publish(w, city, {ResultOf(w, city, city.office), result});
  WriteObjections(w, city.head, city.other, city.solo, city.staff, city.year());
  WriteProgrammes(w, city.head, city.staff, city.year());
}

}  // namespace teraju::security
