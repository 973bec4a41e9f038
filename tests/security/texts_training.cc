#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Amount;
using scenarios::Caller;
using scenarios::Day;
using scenarios::TextOf;

namespace {

constexpr int kPeople = 7;  // of each kind: seven mentors for seven, and six courses for all

struct School {
  std::string unit, head;
  std::vector<std::string> weak, strong;
};

json::value Rupiah(const char* units) { return {{"currencyCode", "IDR"}, {"units", units}}; }

json::object CourseOf(const std::string& title, const std::string& topic) {
  return {{"title", title},
          {"provider", title},
          {"topics", json::array{json::string(topic)}},
          {"type", "8"},
          {"learningHours", 8}};
}

json::object OfferingIn(int month, const std::string& partner) {
  return {{"startDate", Day(2026, month, 2)},
          {"endDate", Day(2026, month, 4)},
          {"seats", 100},
          {"costPerSeat", Rupiah("0")},
          {"partner", partner}};
}

void WriteCatalogue(TextWriter& w) {
  Caller& hr = w.town().hr();
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/courses",
                .body = CourseOf(Text(), Text())};
  });
  const std::string course =
      "/v1/" + w.rest().Post(&hr, w.base() + "/courses", CourseOf("Kursus", "TEKS")).Text("/name");
  w.rest().Post(&hr, course + ":publish", json::object());
  const Reading offerings = InList(course + "/offerings", "offerings");
  w.WriteAll([&] {
    const std::string offering = w.Write({.caller = &hr,
                                          .verb = "POST",
                                          .path = course + "/offerings",
                                          .body = OfferingIn(9, Text()),
                                          .reading = offerings})
                                     .Text("/name");
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + offering + ":cancel",
                .body = {{"comment", Text("/cancelComment")}},
                .reading = offerings};
  });
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/budgets",
                .body = {{"fiscalYear", 2025}, {"source", Text()}, {"amount", Rupiah("1")}},
                .reading = InList(w.base() + "/budgets", "budgets")};
  });
  w.WriteAll([&] {
    const json::object focus = {{"topic", Text()}, {"factor", Amount("2")}};
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/allocationPlans",
                .body = {{"fiscalYear", 2025}, {"focuses", json::array(20, focus)}}};
  });
}

void WriteNeeds(TextWriter& w, const School& school) {
  Reading list = InList(w.base() + "/needs?fiscalYear=2025", "needs");
  list.caller = &w.town().hr();
  w.WriteAll([&] {
    const std::string need =
        w.Write(
             {.caller = &w.town().As(school.head),
              .verb = "POST",
              .path = w.base() + "/needs?fiscalYear=2025",
              .body = {{"employee", school.weak.front()}, {"topic", Text()}, {"comment", Text()}},
              .reading = list})
            .Text("/name");
    return Call{.caller = &w.town().hr(),
                .verb = "POST",
                .path = "/v1/" + need + ":dismiss",
                .body = {{"comment", Text("/dismissComment")}},
                .reading = list};
  });
  w.CompareLists();
}

void WriteEnrollments(TextWriter& w, const School& school) {
  Caller& hr = w.town().hr();
  for (int month = 2; month <= 7; ++month) {
    const std::string topic = absl::StrCat("TOPIK", month);
    const std::string course =
        "/v1/" + w.rest().Post(&hr, w.base() + "/courses", CourseOf("Kursus", topic)).Text("/name");
    w.rest().Post(&hr, course + ":publish", json::object());
    w.rest().Post(&hr, course + "/offerings", OfferingIn(month, ""));
    for (const auto* people : {&school.weak, &school.strong}) {
      for (const std::string& person : *people)
        w.rest().Post(&w.town().As(school.head),
                      w.base() + "/needs?fiscalYear=2026",
                      {{"employee", person}, {"topic", topic}});
    }
  }
  w.rest().Post(&hr,
                w.base() + "/budgets",
                {{"fiscalYear", 2026}, {"source", "APBD"}, {"amount", Rupiah("1000000")}});
  const std::string plan =
      "/v1/" +
      w.rest().Post(&hr, w.base() + "/allocationPlans", {{"fiscalYear", 2026}}).Text("/name");
  w.town().Run(hr, plan + ":solve", json::object());
  w.rest().Post(&hr, plan + ":approve", json::object());
  bool completed = false;
  for (const json::value& place : w.rest().List(&hr, w.base() + "/enrollments", "enrollments")) {
    completed = !completed;
    Call call{.caller = &hr,
              .verb = "POST",
              .path = "/v1/" + TextOf(place, "name") + (completed ? ":complete" : ":withdraw"),
              .body = {{"comment", Text("/withdrawComment")}},
              .reading = InList(w.base() + "/enrollments", "enrollments")};
    if (completed)
      call.body = {{"completeDate", Day(2026, 7, 4)}, {"effectNote", Text("/effectNote")}};
    w.Write(call);
  }
  w.CompareLists();
}

// Pairs that the last results suggest.
json::array Match(TextWriter& w, const std::string& period) {
  Caller& hr = w.town().hr();
  const std::string run =
      w.rest()
          .Post(&hr, w.base() + "/matchingRuns", {{"cyclePeriod", period}, {"capacity", 3}})
          .Text("/name");
  w.town().Run(hr, "/v1/" + run + ":solve", json::object());
  return w.rest().List(&hr, w.base() + "/mentorships?matchingRun=" + run, "mentorships");
}

void WriteMentorships(TextWriter& w, const School& school) {
  Caller& hr = w.town().hr();
  for (const std::string& person : school.strong)
    w.rest().Patch(&hr, "/v1/" + person, {{"grade", "43"}});
  const std::string period = w.town().OpenCycle("2025") + "/periods/q1";
  w.town().Run(hr, "/v1/" + period + ":score", json::object());
  for (const json::value& one :
       w.rest().List(&hr, w.base() + "/evaluations?period=" + period, "evaluations")) {
    const std::string person = TextOf(one.at("snapshot"), "employee");
    const bool weak = std::count(school.weak.begin(), school.weak.end(), person) > 0;
    const char* rating = weak                    ? "BELOW_EXPECTATION"
                         : person == school.head ? "AS_EXPECTED"
                                                 : "ABOVE_EXPECTATION";
    w.rest().Post(
        &w.town().As(TextOf(one.at("snapshot"), "appraiser")),
        "/v1/" + TextOf(one, "name") + ":rate",
        {{"resultRating", rating}, {"resultReason", "Dibahas"}, {"behaviorRating", "AS_EXPECTED"}});
  }
  w.town().Run(hr, "/v1/" + period + ":publishResults", json::object());
  Reading list = InList(w.base() + "/mentorships", "mentorships");
  list.caller = &hr;
  bool met = false;
  // Every run pairs all seven anew.
  for (int round = 0; round < 12; ++round) {
    const bool accepted = round < 6;
    for (const json::value& pair : Match(w, period)) {
      Caller& mentee = w.town().As(TextOf(pair, "mentee"));
      const std::string name = "/v1/" + TextOf(pair, "name");
      if (!accepted) {
        w.Write({.caller = &mentee,
                 .verb = "POST",
                 .path = name + ":veto",
                 .body = {{"comment", Text("/vetoComment")}},
                 .reading = list});
        continue;
      }
      w.rest().Post(&mentee, name + ":accept", json::object());
      w.rest().Post(&w.town().As(TextOf(pair, "mentor")), name + ":accept", json::object());
      if (!met) {
        w.WriteAll([&] {
          return Call{.caller = &mentee,
                      .verb = "POST",
                      .path = name + "/sessions",
                      .body = {{"date", Day(2025, 4, 3)},
                               {"minutes", 60},
                               {"discussed", Text()},
                               {"agreed", Text()}},
                      .reading = InList(name + "/sessions", "sessions")};
        });
        met = true;
      }
      w.Write({.caller = &mentee,
               .verb = "POST",
               .path = name + ":close",
               .body = {{"outcome", "REACHED"}, {"comment", Text("/closeComment")}},
               .reading = list});
    }
  }
  w.CompareLists();
}

}  // namespace

void WriteTrainingTexts(TextWriter& w) {
  scenarios::Town& town = w.town();
  School school;
  school.unit = town.Unit("kantor", "Kantor", town.root());
  school.head = town.Employee("Kepala", school.unit, "Kepala", "STRUCTURAL", true);
  for (int i = 0; i < kPeople; ++i) {
    school.weak.push_back(town.Employee("Baru", school.unit, "Analis", "GENERAL", false));
    school.strong.push_back(town.Employee("Senior", school.unit, "Analis", "GENERAL", false));
  }
  WriteCatalogue(w);
  WriteNeeds(w, school);
  WriteEnrollments(w, school);
  WriteMentorships(w, school);
}

}  // namespace teraju::security
