#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/time/western_day.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Answer;
using scenarios::Caller;
using scenarios::Day;

json::value DayIn(int days) {
  const absl::CivilDay day = time::WesternDay(absl::Now()) + days;
  return Day(static_cast<int>(day.year()), day.month(), day.day());
}
std::string TimeIn(int days) {
  return absl::FormatTime(
      absl::RFC3339_sec, absl::Now() + days * absl::Hours(24), absl::UTCTimeZone());
}

namespace {

void WriteAgencies(TextWriter& w, Caller& boss) {
  w.WriteAll([&] {
    return Call{.caller = &boss,
                .verb = "POST",
                .path = "/v1/agencies?agencyId=" + w.Fresh(),
                .body = {{"displayName", Text()}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &boss,
                .verb = "PATCH",
                .path = w.base() + "?updateMask=displayName",
                .body = {{"displayName", Text()}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &boss,
                .verb = "POST",
                .path = w.base() + "/apiClients",
                .body = {{"displayName", Text()}},
                .reading = InList(w.base() + "/apiClients", "apiClients")};
  });
}

void WriteUnits(TextWriter& w) {
  Caller& hr = w.town().hr();
  const auto create = [&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/units?unitId=" + w.Fresh(),
                .body = {{"displayName", Text()}, {"parentUnit", w.town().root()}}};
  };
  w.WriteAll(create);
  const std::string unit = "/v1/" + w.town().Unit("teks", "Unit", w.town().root());
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "PATCH",
                .path = unit + "?updateMask=displayName",
                .body = {{"displayName", Text()}}};
  });
  const auto reason_of = [](const std::string& name) {
    return At("/v1/" + name + "/revisions?pageSize=1", "/revisions/0");
  };
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "PATCH",
                .path = unit + "?updateMask=displayName",
                .body = {{"displayName", w.Fresh()}},
                .reading = reason_of(unit.substr(4)),
                .query = {{"reason", Text("/reason")}}};
  });
  // Split in two, merged again, abolished.
  w.WriteFew([&] {
    const std::string one = w.town().Unit(w.Fresh(), "Unit", w.town().root());
    const std::string halves = w.town().agency() + "/units/";
    const std::string left = w.Fresh();
    const std::string right = w.Fresh();
    w.Write({.caller = &hr,
             .verb = "POST",
             .path = "/v1/" + one + ":split",
             .body = {{"effectiveDate", Day(2025, 6, 1)},
                      {"parts",
                       json::array{
                           {{"unitId", left}, {"displayName", Text("/units/0/displayName")}},
                           {{"unitId", right}, {"displayName", Text("/units/1/displayName")}}}}}});
    const std::string two = w.town().Unit(w.Fresh(), "Unit", w.town().root());
    w.Write({.caller = &hr,
             .verb = "POST",
             .path = "/v1/" + two + ":split",
             .body = {{"effectiveDate", Day(2025, 6, 1)},
                      {"reason", Text("/reason")},
                      {"parts",
                       json::array{{{"unitId", w.Fresh()}, {"displayName", "Satu"}},
                                   {{"unitId", w.Fresh()}, {"displayName", "Dua"}}}}},
             .reading = reason_of(two)});
    w.Write(
        {.caller = &hr,
         .verb = "POST",
         .path = w.base() + "/units:merge",
         .body = {{"effectiveDate", Day(2025, 7, 1)},
                  {"units", json::array{json::string(halves + left), json::string(halves + right)}},
                  {"reason", Text("/reason")},
                  {"successor", halves + right}},
         .reading = reason_of(halves + left)});
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + halves + right + ":abolish",
                .body = {{"effectiveDate", Day(2025, 8, 1)}, {"reason", Text("/reason")}},
                .reading = reason_of(halves + right)};
  });
}

void WriteOfficials(TextWriter& w) {
  Caller& hr = w.town().hr();
  w.WriteAll([&] {
    const std::string unit = w.town().Unit(w.Fresh(), "Unit", w.town().root());
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/officials",
                .body = {{"displayName", Text()},
                         {"positionTitle", Text()},
                         {"unit", unit},
                         {"startDate", Day(2025, 1, 1)}}};
  });
  const std::string unit = w.town().Unit(w.Fresh(), "Unit", w.town().root());
  const std::string official = w.rest()
                                   .Post(&hr,
                                         w.base() + "/officials",
                                         {{"displayName", "A"},
                                          {"positionTitle", "B"},
                                          {"unit", unit},
                                          {"startDate", Day(2025, 1, 1)}})
                                   .Text("/name");
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "PATCH",
                .path = "/v1/" + official,
                .body = {{"displayName", Text()}, {"positionTitle", Text()}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "PATCH",
                .path = "/v1/" + official,
                .body = {{"displayName", w.Fresh()}},
                .reading = At("/v1/" + official + "/revisions?pageSize=1", "/revisions/0"),
                .query = {{"reason", Text("/reason")}}};
  });
}

// By the ids of an HR system, which no two people share.
void WriteExternalIds(TextWriter& w, const std::vector<Answer>& people) {
  Caller& hr = w.town().hr();
  for (std::size_t i = 0; i < TextWriter::kFew; ++i) {
    const std::string id = people[i].Text("/externalId");
    const Answer placed = w.rest().Try("POST",
                                       &hr,
                                       w.base() + "/employees:place",
                                       {{"externalId", id},
                                        {"unit", w.town().root()},
                                        {"positionTitle", "Analis"},
                                        {"startDate", Day(2024, 1, 1)}});
    w.Note("identity.v1.Assignments.PlaceEmployee:external_id",
           i,
           placed.Text("/name").starts_with(people[i].Text("/name") + "/assignments/"),
           json::serialize(placed.body));
    const Answer released = w.rest().Try("POST",
                                         &hr,
                                         w.base() + "/employees:release",
                                         {{"externalId", id}, {"endDate", Day(2024, 6, 30)}});
    const Answer ended = w.rest().Get(&hr, "/v1/" + placed.Text("/name"));
    w.Note("identity.v1.Assignments.ReleaseEmployee:external_id",
           i,
           released.ok() && ended.Number("/endDate/month") == 6,
           json::serialize(ended.body));
  }
}

void WriteEmployees(TextWriter& w) {
  Caller& hr = w.town().hr();
  const std::string person =
      "/v1/" + w.town().Employee("Pegawai", w.town().root(), "Analis", "GENERAL", false);
  const auto update = [&](const json::object& body) {
    return Call{.caller = &hr, .verb = "PATCH", .path = person, .body = body};
  };
  w.WriteAll([&] {
    return update({{"fullName", Text()},
                   {"titleBefore", Text()},
                   {"titleAfter", Text()},
                   {"positionTitle", Text()},
                   {"externalId", Text()}});
  });
  w.WriteAll([&] {
    Call call = update({{"titleBefore", w.Fresh()}});
    call.reading = At(person + "/revisions?pageSize=1", "/revisions/0");
    call.query = {{"reason", Text("/reason")}};
    return call;
  });
  w.rest().Patch(&hr, person, {{"externalId", w.Fresh()}});
  std::vector<Answer> people;
  for (int i = 0; i < w.all(); ++i) {
    char nip[24];
    std::snprintf(nip, sizeof nip, "198502022010011%03d", (i + 1) % 1000);
    people.push_back(w.Write({.caller = &hr,
                              .verb = "POST",
                              .path = w.base() + "/employees",
                              .body = {{"nip", nip},
                                       {"fullName", Text()},
                                       {"titleBefore", Text()},
                                       {"titleAfter", Text()},
                                       {"birthDate", Day(1985, 2, 2)},
                                       {"kind", "PNS"},
                                       {"positionKind", "GENERAL"},
                                       {"positionTitle", Text()},
                                       {"unit", w.town().root()},
                                       {"externalId", Text()}}}));
  }
  WriteExternalIds(w, people);
}

void WriteAssignments(TextWriter& w) {
  Caller& hr = w.town().hr();
  const std::string unit = w.town().Unit(w.Fresh(), "Unit", w.town().root());
  const std::string person = w.town().Employee("Pegawai", unit, "Analis", "GENERAL", false);
  const std::string id = w.rest().Get(&hr, "/v1/" + person).Text("/externalId");
  const json::object post = {{"unit", unit},
                             {"positionTitle", "Tugas"},
                             {"kind", "ADDITIONAL"},
                             {"startDate", Day(2025, 1, 1)},
                             {"endDate", Day(2025, 1, 31)}};
  w.WriteFew([&] {
    json::object entered = post;
    entered["positionTitle"] = Text();
    entered["decreeNumber"] = Text();
    const std::string assignment = w.Write({.caller = &hr,
                                            .verb = "POST",
                                            .path = "/v1/" + person + "/assignments",
                                            .body = entered})
                                       .Text("/name");
    const Reading reason = At("/v1/" + assignment + "/revisions?pageSize=1", "/revisions/0");
    entered["positionTitle"] = Text("/positionTitle");
    entered["decreeNumber"] = Text("/decreeNumber");
    w.Write({.caller = &hr,
             .verb = "POST",
             .path = "/v1/" + assignment + ":correct",
             .body = {{"assignment", entered}, {"reason", "Salah ketik"}}});
    entered["positionTitle"] = w.Fresh();
    entered["decreeNumber"] = w.Fresh();
    w.Write({.caller = &hr,
             .verb = "POST",
             .path = "/v1/" + assignment + ":correct",
             .body = {{"assignment", entered}, {"reason", Text("/reason")}},
             .reading = reason});
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + assignment + ":withdraw",
                .body = {{"reason", Text("/reason")}},
                .reading = reason};
  });
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/employees:place",
                .body = {{"externalId", id},
                         {"unit", unit},
                         {"positionTitle", Text("/positionTitle")},
                         {"startDate", Day(2024, 1, 1)},
                         {"decreeNumber", Text("/decreeNumber")}}};
  });
}

void WriteMandates(TextWriter& w) {
  const std::string giver = w.town().Employee("Pemberi", w.town().root(), "A", "GENERAL", false);
  const std::string taker = w.town().Employee("Penerima", w.town().root(), "B", "GENERAL", false);
  w.WriteFew([&] {
    return Call{.caller = &w.town().hr(),
                .verb = "POST",
                .path = w.base() + "/mandates",
                .body = {{"mandator", giver},
                         {"mandatary", taker},
                         {"scopes", json::array{"evaluation.workPlans.get"}},
                         {"endTime", TimeIn(30)},
                         {"reason", Text()}}};
  });
}

}  // namespace

void WriteIdentityTexts(TextWriter& w) {
  Caller boss = scenarios::SignInAsOperator(w.suite(), w.rest());
  WriteAgencies(w, boss);
  WriteUnits(w);
  WriteOfficials(w);
  WriteEmployees(w);
  WriteAssignments(w);
  WriteMandates(w);
  w.CompareLists();
}

}  // namespace teraju::security
