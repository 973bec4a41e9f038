#include <algorithm>
#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "tests/scenarios/survey.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::ArrayOf;
using scenarios::Caller;
using scenarios::TextOf;

namespace {

json::object Item(const std::string& id, const std::string& text) {
  return {{"itemId", id}, {"topic", text}, {"textId", text}, {"textEn", text}};
}

json::object Questions(const std::string& name, const json::array& items) {
  return {{"kind", "MULTI_RATER"},
          {"displayName", name},
          {"items", items},
          {"scaleMinimum", 1},
          {"scaleMaximum", 5},
          {"comments", true}};
}

json::object CampaignOf(const std::string& name, const std::string& questionnaire) {
  return {{"displayName", name},
          {"questionnaire", questionnaire},
          {"endTime", "2099-12-31T00:00:00Z"},
          {"threshold", 5},
          {"textThreshold", 5}};
}

// A published questionnaire whose items have texts as ids.
std::string PublishQuestions(TextWriter& w) {
  json::array items;
  for (int i = 0; i < TextWriter::kFew; ++i) items.push_back(Item(w.text(i), "Butir"));
  std::string name =
      w.rest()
          .Post(&w.town().hr(), w.base() + "/questionnaires", Questions("Perilaku", items))
          .Text("/name");
  w.rest().Post(&w.town().hr(), "/v1/" + name + ":publish", json::object());
  return name;
}

// What nobody is shown is looked up where it is kept.
std::multiset<std::string> Kept(TextWriter& w, const std::string& query) {
  pqxx::connection connection(w.suite().Dsn("feedback"));
  pqxx::nontransaction tx(connection);
  std::multiset<std::string> kept;
  for (const auto& row : tx.exec(query)) kept.insert(row[0].as<std::string>());
  return kept;
}

void CompareKept(TextWriter& w,
                 const std::string& field,
                 const std::vector<std::size_t>& sent,
                 const std::multiset<std::string>& kept) {
  for (const std::size_t text : sent)
    w.Note(field, text, kept.contains(w.text(text)), "is not among what was kept");
}

void WriteForms(TextWriter& w, const std::string& questions) {
  Caller& hr = w.town().hr();
  w.WriteAll([&] {
    const json::array items = {Item(Text(), Text()), Item(Text(), Text()), Item(Text(), Text())};
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/questionnaires",
                .body = Questions(Text(), items)};
  });
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/campaigns",
                .body = CampaignOf(Text(), questions)};
  });
}

// Everybody answers about everybody with a comment, but for those who decline.
void WriteResponses(TextWriter& w, const std::string& unit, const std::string& questions) {
  Caller& hr = w.town().hr();
  std::vector<std::string> people;
  for (int i = 0; i < 10; ++i)
    people.push_back(w.town().Employee("Pegawai", unit, "Analis", "GENERAL", false));
  const std::string campaign =
      "/v1/" +
      w.rest().Post(&hr, w.base() + "/campaigns", CampaignOf("Perilaku", questions)).Text("/name");
  w.town().Run(
      hr,
      campaign + "/nominations:suggest",
      {{"date", scenarios::Day(2025, 6, 1)}, {"peers", 9}, {"unit", unit}, {"approve", true}});
  w.rest().Post(&hr, campaign + ":launch", json::object());
  std::vector<std::size_t> commented;
  std::vector<std::size_t> declined;
  std::map<std::string, int> about;
  for (const std::string& rater : people) {
    Caller& caller = w.town().As(rater);
    for (const json::value& request : w.rest().List(&caller, campaign + "/requests", "requests")) {
      if (TextOf(request, "group") != "PEER") continue;
      const int number = about[TextOf(request, "ratee")]++;
      if (number >= 5) {
        declined.push_back(declined.size());
        w.rest().Post(&caller,
                      "/v1/" + TextOf(request, "name") + ":decline",
                      {{"reason", w.text(declined.back())}});
        continue;
      }
      json::array answers;
      for (int i = 0; i < TextWriter::kFew; ++i)
        answers.push_back({{"itemId", w.text(i)}, {"value", 1 + (number + i) % 5}});
      commented.push_back(commented.size());
      w.rest().Post(nullptr,
                    "/v1/responses:submit",
                    {{"responseToken", TextOf(request, "responseToken")},
                     {"answers", answers},
                     {"comment", w.text(commented.back())}});
    }
  }
  CompareKept(w,
              "feedback.v1.FeedbackRequests.DeclineFeedbackRequest:reason",
              declined,
              Kept(w, "SELECT decline_reason FROM feedback_requests WHERE state = 'DECLINED'"));
  w.town().Run(hr, campaign + ":close", json::object());
  std::multiset<std::string> comments;
  std::multiset<std::string> items;
  for (const std::string& person : people) {
    for (const json::value& report :
         w.rest().List(&w.town().As(person), campaign + "/reports", "reports")) {
      for (const json::value& comment : ArrayOf(report, "comments"))
        comments.insert(std::string(comment.as_string()));
      for (const json::value& group : ArrayOf(report, "groups"))
        for (const json::value& item : ArrayOf(group, "items"))
          items.insert(TextOf(item, "itemId"));
    }
  }
  CompareKept(w, "feedback.v1.Responses.SubmitResponse:comment", commented, comments);
  std::vector<std::size_t> ids(TextWriter::kFew);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i;
  CompareKept(w, "feedback.v1.Responses.SubmitResponse:answers[].item_id", ids, items);
}

void WriteSurveys(TextWriter& w, const std::string& unit) {
  Caller& hr = w.town().hr();
  const std::string questions = w.rest()
                                    .Post(&hr,
                                          w.base() + "/questionnaires",
                                          {{"kind", "CITIZEN"},
                                           {"displayName", "SKM"},
                                           {"items", json::array{Item("U3", "U3")}},
                                           {"scaleMinimum", 1},
                                           {"scaleMaximum", 4},
                                           {"comments", true}})
                                    .Text("/name");
  w.rest().Post(&hr, "/v1/" + questions + ":publish", json::object());
  w.WriteAll([&] {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/citizenSurveys",
                .body = {{"displayName", Text()},
                         {"questionnaire", questions},
                         {"units", json::array{{{"unit", unit}, {"population", 10}}}},
                         {"endTime", "2099-12-31T00:00:00Z"}}};
  });
  const scenarios::SurveyRound survey =
      scenarios::OpenSurvey(w.town(), questions, unit, TextWriter::kFew);
  std::vector<std::size_t> sent;
  for (const json::value& code : survey.codes) {
    sent.push_back(sent.size());
    w.rest().Post(nullptr,
                  "/v1/citizenResponses:submit",
                  {{"responseToken", TextOf(code, "code")},
                   {"answers", json::array{{{"itemId", "U3"}, {"value", 2}}}},
                   {"comment", w.text(sent.back())}});
  }
  scenarios::CloseSurvey(w.town(), survey);
  CompareKept(w,
              "feedback.v1.Responses.SubmitCitizenResponse:comment",
              sent,
              Kept(w, "SELECT comment FROM citizen_answers"));

  const std::string owner = w.town().Employee("Petugas", unit, "Analis", "GENERAL", false);
  const auto plan = [&](const std::string& description) {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = w.base() + "/improvementActions",
                .body = {{"citizenSurvey", survey.name},
                         {"unit", unit},
                         {"element", "U3"},
                         {"description", description},
                         {"owner", owner},
                         {"dueDate", DayIn(60)}}};
  };
  const auto end = [&](const std::string& action, const char* verb) {
    return Call{.caller = &hr,
                .verb = "POST",
                .path = "/v1/" + action + verb,
                .body = {{"outcome", Text()}}};
  };
  const Call plain = plan("Antrean daring");
  const auto planned = [&] { return w.rest().Post(&hr, plain.path, plain.body).Text("/name"); };
  w.WriteAll([&] { return end(w.Write(plan(Text())).Text("/name"), ":complete"); });
  w.WriteAll([&] { return end(planned(), ":drop"); });
  const std::string kept = planned();
  w.WriteAll([&] {
    return Call{
        .caller = &hr, .verb = "PATCH", .path = "/v1/" + kept, .body = {{"description", Text()}}};
  });
}

}  // namespace

void WriteFeedbackTexts(TextWriter& w) {
  const std::string unit = w.town().Unit("kantor", "Kantor", w.town().root());
  w.town().Employee("Kepala", unit, "Kepala", "STRUCTURAL", true);
  const std::string questions = PublishQuestions(w);
  WriteForms(w, questions);
  WriteResponses(w, unit, questions);
  WriteSurveys(w, unit);
}

}  // namespace teraju::security
