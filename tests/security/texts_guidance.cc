#include "absl/strings/str_cat.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Answer;
using scenarios::Caller;
using scenarios::Day;
using scenarios::TextOf;

namespace {

struct Team {
  std::string head, person, colleague, cycle;
};

std::string PlanOf(TextWriter& w, const Team& team, const std::string& person) {
  return TextOf(w.town().PlanOf(person, team.cycle), "name");
}

void WriteNotes(TextWriter& w, const Team& team) {
  Reading list = InList(w.base() + "/feedbackNotes", "feedbackNotes");
  list.caller = &w.town().As(team.person);
  const auto note = [&] {
    return json::object{{"employee", team.person},
                        {"kind", "SUGGESTION"},
                        {"date", Day(2025, 6, 2)},
                        {"text", Text()},
                        {"action", Text()}};
  };
  const auto give = [&](const json::object& body) {
    return w
        .Write({.caller = &w.town().As(team.colleague),
                .verb = "POST",
                .path = w.base() + "/feedbackNotes",
                .body = body,
                .reading = list})
        .Text("/name");
  };
  w.WriteAll([&] {
    return Call{.caller = &w.town().As(team.person),
                .verb = "POST",
                .path = "/v1/" + give(note()) + ":acknowledge",
                .body = {{"reply", Text()}},
                .reading = list};
  });
  // About results whose ids are texts.
  for (int i = 0; i < TextWriter::kFew; ++i) {
    json::object about = note();
    about["itemId"] = Text();
    give(about);
  }
  w.CompareLists();
}

void WriteMeetings(TextWriter& w, const Team& team) {
  Caller& head = w.town().As(team.head);
  const auto meeting = [&](const std::string& text) {
    return json::object{{"period", team.cycle + "/periods/q1"},
                        {"date", Day(2025, 4, 8)},
                        {"attendants", json::array{json::string(team.person)}},
                        {"progressNote", text},
                        {"improvementNote", text}};
  };
  w.WriteAll([&] {
    return Call{
        .caller = &head, .verb = "POST", .path = w.base() + "/meetings", .body = meeting(Text())};
  });
  const std::string minutes =
      "/v1/" + w.rest().Post(&head, w.base() + "/meetings", meeting("Rapat")).Text("/name");
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "PATCH",
                .path = minutes,
                .body = {{"progressNote", Text()}, {"improvementNote", Text()}}};
  });
  const std::string last =
      "/v1/" + w.rest().Post(&head, w.base() + "/meetings", meeting("Rapat")).Text("/name");
  int agreed = 0;
  const auto agree = [&](const std::string& text) {
    return Call{.caller = &head,
                .verb = "POST",
                .path = last + "/actionItems",
                .body = {{"text", text}, {"owner", team.person}, {"dueDate", Day(2025, 5, 1)}},
                .reading = At(last, absl::StrCat("/actions/", agreed++))};
  };
  const std::string action =
      "/v1/" + w.rest().Post(&head, last + "/actionItems", agree("Tindakan").body).Text("/name");
  const auto end = [&](const char* verb, const char* field) {
    return Call{.caller = &head,
                .verb = "POST",
                .path = action + verb,
                .body = {{field, Text("/outcome")}},
                .reading = At(last, "/actions/0")};
  };
  w.rest().Post(&head, action + ":drop", {{"reason", "Batal"}});
  w.WriteAll([&] {
    w.rest().Post(&head, action + ":reopen", {{"reason", "Belum"}});
    w.Write(end(":complete", "outcome"));
    w.Write(end(":reopen", "reason"));
    return end(":drop", "reason");
  });
  w.WriteAll([&] { return agree(Text()); });
}

void WriteTeams(TextWriter& w, const Team& team) {
  Caller& head = w.town().As(team.head);
  const auto set_up = [&](const std::string& text) {
    return json::object{{"title", text},
                        {"lead", team.head},
                        {"startDate", Day(2025, 3, 1)},
                        {"endDate", Day(2025, 8, 31)},
                        {"members",
                         json::array{{{"employee", team.person}, {"task", text}},
                                     {{"employee", team.colleague}, {"task", text}}}}};
  };
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = w.base() + "/projectTeams",
                .body = set_up(Text())};
  });
  const std::string project =
      "/v1/" + w.rest().Post(&head, w.base() + "/projectTeams", set_up("Tim")).Text("/name");
  w.WriteAll([&] {
    return Call{.caller = &head, .verb = "PATCH", .path = project, .body = set_up(Text())};
  });
  w.WriteAll([&] {
    return Call{.caller = &w.town().As(team.person),
                .verb = "POST",
                .path = project + ":report",
                .body = {{"account", Text("/members/0/account")}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = project + ":assess",
                .body = {{"employee", team.person},
                         {"rating", "BELOW_EXPECTATION"},
                         {"text", Text("/members/0/leadView/text")},
                         {"action", Text("/members/0/leadView/action")},
                         {"actionDueDate", DayIn(30)}}};
  });
}

void WriteCompetencies(TextWriter& w, const Team& team) {
  Caller& hr = w.town().hr();
  Caller& head = w.town().As(team.head);
  w.rest().Post(&hr, w.base() + "/competencies:adopt", json::object());
  json::array required;
  json::array levels;
  for (const json::value& one : w.rest().List(&hr, w.base() + "/competencies", "competencies")) {
    const std::string at = absl::StrCat("/competencies/", required.size(), "/evidence");
    required.push_back({{"competency", TextOf(one, "name")}, {"level", 3}});
    levels.push_back({{"competency", TextOf(one, "name")}, {"level", 3}, {"evidence", Text(at)}});
  }
  w.rest().Post(&hr,
                w.base() + "/competencyStandards?competencyStandardId=umum",
                {{"jobFamily", "GENERAL"}, {"requiredLevels", required}});
  const auto begin = [&](const std::string& person) {
    return "/v1/" + w.rest()
                        .Post(&head,
                              w.base() + "/competencyAssessments",
                              {{"workPlan", PlanOf(w, team, person)}})
                        .Text("/name");
  };
  const auto write = [&](const std::string& person,
                         const std::string& path,
                         const char* field,
                         const char* at) {
    return Call{
        .caller = &w.town().As(person), .verb = "POST", .path = path, .body = {{field, Text(at)}}};
  };
  const std::string kept = begin(team.person);
  w.WriteAll([&] {
    return Call{
        .caller = &head, .verb = "POST", .path = kept + ":assess", .body = {{"levels", levels}}};
  });
  w.WriteAll([&] {
    const std::string assessment = begin(team.colleague);
    for (json::value& level : levels) level.as_object()["evidence"] = "Bukti";
    w.rest().Post(&head, assessment + ":assess", {{"levels", levels}});
    w.rest().Post(&head, assessment + ":submit", json::object());
    w.Write(write(team.colleague, assessment + ":return", "comment", "/returnComment"));
    return write(team.head, assessment + ":cancel", "reason", "/cancelReason");
  });
}

// A final assessment ends those of its plan: as many people as texts.
void WriteAcknowledgements(TextWriter& w,
                           const Team& team,
                           const std::vector<std::string>& people) {
  Caller& head = w.town().As(team.head);
  for (const std::string& person : people) {
    const Answer begun = w.rest().Post(
        &head, w.base() + "/competencyAssessments", {{"workPlan", PlanOf(w, team, person)}});
    json::array levels;
    for (const json::value& one : scenarios::ArrayOf(begun.body, "competencies"))
      levels.push_back({{"competency", TextOf(one, "competency")}, {"level", 3}});
    const std::string assessment = "/v1/" + begun.Text("/name");
    w.rest().Post(&head, assessment + ":assess", {{"levels", levels}});
    w.rest().Post(&head, assessment + ":submit", json::object());
    w.Write({.caller = &w.town().As(person),
             .verb = "POST",
             .path = assessment + ":acknowledge",
             .body = {{"comment", Text("/acknowledgement")}}});
  }
}

void WriteAgreements(TextWriter& w) {
  Caller& hr = w.town().hr();
  Caller boss = scenarios::SignInAsOperator(w.suite(), w.rest());
  const std::string client =
      w.rest().Post(&boss, w.base() + "/apiClients", {{"displayName", "Mitra"}}).Text("/name");
  w.rest().Post(&boss,
                w.base() + "/roleBindings",
                {{"subject", client.substr(client.find("apiClients"))}, {"role", "other_agency"}});
  w.WriteAll([&] {
    const std::string agreement = w.Write({.caller = &hr,
                                           .verb = "POST",
                                           .path = w.base() + "/sharingAgreements",
                                           .body = {{"displayName", Text()},
                                                    {"client", client},
                                                    {"fields", json::array{"PREDICATE"}},
                                                    {"legalGround", Text()},
                                                    {"purpose", Text()},
                                                    {"startDate", Day(2026, 1, 1)},
                                                    {"endDate", Day(2029, 1, 1)}}})
                                      .Text("/name");
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + agreement + ":end",
                .body = {{"reason", Text("/endReason")}}};
  });
}

}  // namespace

void WriteGuidanceTexts(TextWriter& w) {
  const std::string unit = w.town().Unit("kantor", "Kantor", w.town().root());
  Team team;
  team.head = w.town().Employee("Kepala", unit, "Kepala", "STRUCTURAL", true);
  team.person = w.town().Employee("Pegawai", unit, "Analis", "GENERAL", false);
  team.colleague = w.town().Employee("Rekan", unit, "Analis", "GENERAL", false);
  std::vector<std::string> others;
  for (int i = 0; i < TextWriter::kFew; ++i)
    others.push_back(w.town().Employee("Pegawai", unit, "Analis", "GENERAL", false));
  team.cycle = w.town().OpenCycle("2025");
  json::array items;
  for (int i = 0; i < TextWriter::kFew; ++i) {
    items.push_back({{"itemId", w.text(i)},
                     {"kind", "MAIN"},
                     {"title", "Hasil"},
                     {"proposedSupport", "Sasaran"},
                     {"indicators",
                      json::array{{{"indicatorId", "k"},
                                   {"aspect", "QUALITY"},
                                   {"title", "Indikator"},
                                   {"unitOfMeasure", "persen"},
                                   {"polarity", "HIGHER_IS_BETTER"},
                                   {"target", scenarios::Amount("90")}}}}});
  }
  w.town().AgreePlan(team.person, w.town().As(team.head), team.cycle, items);
  WriteNotes(w, team);
  WriteMeetings(w, team);
  WriteTeams(w, team);
  WriteCompetencies(w, team);
  WriteAcknowledgements(w, team, others);
  WriteAgreements(w);
}

}  // namespace teraju::security
