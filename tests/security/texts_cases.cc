// What follows on a year: objections, programmes for low performers, the end of a rehearsal.
#include "absl/strings/str_cat.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Answer;
using scenarios::Caller;
using scenarios::TextOf;

void WriteObjections(TextWriter& w,
                     const std::string& appraiser,
                     const std::string& decider,
                     const std::string& other,
                     const std::vector<std::string>& people,
                     const std::string& year) {
  Caller& hr = w.town().hr();
  const auto filing = [&](const std::string& person, const std::string& reason) {
    return Call{.caller = &w.town().As(person),
                .verb = "POST",
                .path = w.base() + "/objections",
                .body = {{"evaluation", TextOf(w.town().EvaluationOf(person, year), "name")},
                         {"reason", reason}}};
  };
  const auto file = [&](const std::string& person) {
    const Call call = filing(person, "Keberatan");
    return "/v1/" + w.rest().Post(call.caller, call.path, call.body).Text("/name");
  };
  const auto write = [&](Caller& caller, const std::string& path, json::object body) {
    return Call{.caller = &caller, .verb = "POST", .path = path, .body = std::move(body)};
  };
  for (int i = 0; i < w.all(); ++i) {
    const Answer filed = w.Write(filing(people[0], Text()));
    w.rest().Post(
        &w.town().As(people[0]), "/v1/" + filed.Text("/name") + ":withdraw", json::object());
  }
  const std::string discussed = file(people[1]);
  int statements = 0;
  w.WriteAll([&] {
    return write(w.town().As(people[1]),
                 discussed + ":respond",
                 {{"text", Text(absl::StrCat("/statements/", statements++, "/text"))}});
  });
  const std::string passed = file(people[2]);
  int changes = 0;
  w.WriteAll([&] {
    const int number = ++changes;
    return write(hr,
                 passed + ":assign",
                 {{"decider", number % 2 == 0 ? decider : other},
                  {"reason", Text(absl::StrCat("/deciderChanges/", number, "/reason"))}});
  });
  for (std::size_t i = 3; i < people.size(); ++i) {
    const std::string objection = file(people[i]);
    // Who has stepped back reads no more of it.
    Call recusal = write(
        w.town().mayor(), objection + ":recuse", {{"reason", Text("/deciderChanges/1/reason")}});
    recusal.reading.caller = &w.town().As(people[i]);
    w.Write(recusal);
    w.rest().Post(
        &hr, objection + ":assign", {{"decider", decider}, {"reason", "Atasan berhalangan"}});
    w.rest().Post(&w.town().As(appraiser), objection + ":respond", {{"text", "Tetap"}});
    w.Write(
        write(w.town().As(decider), objection + ":decide", {{"reason", Text("/decision/reason")}}));
  }
}

void WriteProgrammes(TextWriter& w,
                     const std::string& appraiser,
                     const std::vector<std::string>& people,
                     const std::string& year) {
  Caller& head = w.town().As(appraiser);
  std::map<std::string, std::string> results;  // by person
  for (const json::value& one :
       w.rest().List(&w.town().hr(), w.base() + "/annualResults?period=" + year, "annualResults"))
    results[TextOf(one.at("snapshot"), "employee")] = TextOf(one, "name");
  const auto begin = [&](const std::string& person) {
    const json::object goal = {
        {"text", Text()}, {"measure", Text()}, {"support", Text()}, {"dueDate", DayIn(60)}};
    return "/v1/" + w.Write({.caller = &head,
                             .verb = "POST",
                             .path = w.base() + "/developmentProgrammes",
                             .body = {{"annualResult", results.at(person)},
                                      {"goals", json::array{goal, goal}}}})
                        .Text("/name");
  };
  const auto write = [](Caller& caller, const std::string& path, json::object body) {
    return Call{.caller = &caller, .verb = "POST", .path = path, .body = std::move(body)};
  };
  const std::string& first = people.front();
  w.WriteAll([&] {
    const std::string programme = begin(first);
    w.Write(write(
        w.town().As(first), programme + ":acknowledge", {{"comment", Text("/acknowledgement")}}));
    w.Write(write(
        head, programme + ":review", {{"date", DayIn(0)}, {"note", Text("/reviews/0/note")}}));
    w.Write(write(
        head, programme + ":extend", {{"endDate", DayIn(250)}, {"reason", Text("/extendReason")}}));
    return write(head, programme + ":cancel", {{"reason", Text("/endReason")}});
  });
  for (std::size_t i = 1; i < people.size(); ++i) {
    const std::string programme = begin(people[i]);
    w.rest().Post(&head, programme + ":review", {{"date", DayIn(0)}, {"note", "Baik"}});
    w.Write(
        write(head, programme + ":conclude", {{"improved", true}, {"reason", Text("/endReason")}}));
  }
}

// Many rehearsals side by side: what is waited for is waited for once.
void WriteRehearsalTexts(TextWriter& w) {
  scenarios::Town& town = w.town();
  const std::string unit = town.Unit("kantor", "Kantor", town.root());
  const std::string head = town.Employee("Kepala", unit, "Kepala", "STRUCTURAL", true);
  std::vector<std::string> cycles;
  for (int i = 0; i < TextWriter::kFew; ++i) {
    cycles.push_back(w.rest()
                         .Post(&town.hr(),
                               w.base() + "/cycles?cycleId=" + w.Fresh(),
                               {{"displayName", "Uji coba"},
                                {"kind", "SHADOW"},
                                {"periodKind", "QUARTERLY"},
                                {"startDate", scenarios::Day(2025, 1, 1)},
                                {"endDate", scenarios::Day(2025, 12, 31)}})
                         .Text("/name"));
  }
  const auto run = [&](const std::string& verb) {
    std::vector<json::value> running;
    for (const std::string& cycle : cycles)
      running.push_back(
          w.rest().Post(&town.hr(), absl::StrCat("/v1/", cycle, verb), json::object()).body);
    for (const json::value& one : running) w.rest().Wait(&town.hr(), one);
  };
  run(":open");
  run("/periods/year:score");
  for (const std::string& cycle : cycles) {
    const std::string year = cycle + "/periods/year";
    const std::string result = w.Write({.caller = &town.mayor(),
                                        .verb = "POST",
                                        .path = w.base() + "/unitResults",
                                        .body = {{"unit", unit},
                                                 {"period", year},
                                                 {"predicate", "UNIT_GOOD"},
                                                 {"reason", Text()}}})
                                   .Text("/name");
    w.rest().Post(&town.mayor(),
                  "/v1/" + TextOf(town.EvaluationOf(head, year), "name") + ":rate",
                  {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}});
    w.Write({.caller = &town.mayor(),
             .verb = "POST",
             .path = "/v1/" + result + ":confirm",
             .body = {{"justification", Text()}}});
  }
  run("/periods/year:publishResults");
  for (const std::string& cycle : cycles) {
    w.rest().Post(&town.hr(),
                  "/v1/" + cycle + "/priorGrades:import",
                  {{"grades", json::array{{{"employee", head}, {"grade", "GOOD"}}}}});
    w.rest().Post(&town.hr(), "/v1/" + cycle + "/rehearsalReport:publish", json::object());
    w.Write({.caller = &town.mayor(),
             .verb = "POST",
             .path = "/v1/" + cycle + "/rehearsalReport:switchToBinding",
             .body = {{"reason", Text("/decision/reason")}}});
  }
}

}  // namespace teraju::security
