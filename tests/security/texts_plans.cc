#include "absl/strings/str_cat.h"
#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Amount;
using scenarios::Answer;
using scenarios::Caller;
using scenarios::Day;
using scenarios::TextOf;

namespace {

// An office in which one person has an approved plan and others have drafts.
struct Office {
  std::string unit, head, writer, doer, cycle;
};

json::object Indicator(const std::string& text, const std::string& id) {
  return {{"indicatorId", id},
          {"aspect", "QUALITY"},
          {"title", text},
          {"unitOfMeasure", text},
          {"dataSource", text},
          {"metric", text},
          {"polarity", "HIGHER_IS_BETTER"},
          {"target", Amount("90")}};
}

// So many results, with texts wherever a plan has them.
json::object Contents(int results) {
  json::array items;
  for (int i = 0; i < results; ++i) {
    items.push_back({{"itemId", Text()},
                     {"kind", "MAIN"},
                     {"title", Text()},
                     {"expectation", Text()},
                     {"proposedSupport", Text()},
                     {"indicators", json::array{Indicator(Text(), Text())}}});
  }
  return {{"items", items},
          {"neededSupport", Text()},
          {"accountability", Text()},
          {"consequences", Text()},
          {"neededResources", json::array{{{"kind", "ADVICE"}, {"text", Text()}}}}};
}

json::array Expectations() {
  json::array expected;
  for (const char* behavior : {"LOYAL", "ADAPTIF", "HARMONIS", "KOMPETEN"})
    expected.push_back({{"behavior", behavior}, {"text", Text()}});
  return expected;
}

std::string PlanOf(TextWriter& w, const Office& office, const std::string& person) {
  return TextOf(w.town().PlanOf(person, office.cycle), "name");
}

void WriteDraft(TextWriter& w, const Office& office) {
  const std::string plan = "/v1/" + PlanOf(w, office, office.writer);
  Caller& self = w.town().As(office.writer);
  Caller& head = w.town().As(office.head);
  w.WriteAll([&] {
    json::object body = Contents(5);
    body["behaviorExpectations"] = Expectations();
    return Call{.caller = &self, .verb = "PATCH", .path = plan, .body = body};
  });
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = plan + ":setExpectations",
                .body = {{"behaviorExpectations", Expectations()}}};
  });
  w.WriteAll([&] {
    return Call{.caller = &head,
                .verb = "POST",
                .path = plan + ":offerHelp",
                .body = {{"course", Text("/helpOffer/course")}, {"note", Text("/helpOffer/note")}}};
  });
  w.WriteAll([&] {
    w.rest().Post(&self, plan + ":submit", json::object());
    return Call{.caller = &head,
                .verb = "POST",
                .path = plan + ":return",
                .body = {{"comment", Text("/returnComment")}}};
  });
}

// Figures that other systems measure come to the indicators that name their codes, with the source.
void WriteMeasurements(TextWriter& w, const Office& office) {
  const std::string plan = "/v1/" + PlanOf(w, office, office.doer);
  for (int i = 0; i < TextWriter::kFew; ++i) {
    const Answer told = w.rest().Try("POST",
                                     &w.town().hr(),
                                     w.base() + "/measurements:batchCreate",
                                     {{"measurements",
                                       json::array{{{"employee", office.doer},
                                                    {"metric", w.text(i)},
                                                    {"date", Day(2025, 2, 1)},
                                                    {"value", Amount("8")},
                                                    {"source", w.text(i)},
                                                    {"unitOfMeasure", w.text(i)},
                                                    {"measureTime", "2025-02-02T00:00:00Z"},
                                                    {"sampleSize", 5}}}}});
    const std::string entry = told.Text("/results/0/progressEntries/0");
    json::value found;
    for (const json::value& one :
         w.rest().List(&w.town().As(office.doer), plan + "/progressEntries", "progressEntries")) {
      if (TextOf(one, "name") == entry) found = one;
    }
    const bool right = TextOf(found, "indicatorId") == w.text(i) &&
                       TextOf(scenarios::ObjectOf(found, "measured"), "source") == w.text(i);
    for (const char* field : {"metric", "source", "unit_of_measure"}) {
      w.Note(
          absl::StrCat("evaluation.v1.Measurements.BatchCreateMeasurements:measurements[].", field),
          i,
          right,
          json::serialize(told.body));
    }
  }
}

// Approves a plan whose results and indicators have texts as ids, which what is done names.
void WriteProgress(TextWriter& w, const Office& office) {
  const std::string plan = "/v1/" + PlanOf(w, office, office.doer);
  Caller& self = w.town().As(office.doer);
  json::array items;
  for (int i = 0; i < TextWriter::kFew; ++i) {
    items.push_back({{"itemId", w.text(i)},
                     {"kind", "MAIN"},
                     {"title", "Hasil"},
                     {"proposedSupport", "Sasaran"},
                     {"indicators", json::array{Indicator("Indikator", w.text(i))}}});
  }
  for (json::value& item : items) {
    json::object& indicator = item.at("indicators").at(0).as_object();
    for (const char* field : {"metric", "unitOfMeasure"})
      indicator[field] = indicator.at("indicatorId");
  }
  w.town().AgreePlan(office.doer, w.town().As(office.head), office.cycle, items);
  const json::object entry = {{"kind", "REALISATION"},
                              {"date", Day(2025, 3, 1)},
                              {"activity", Text()},
                              {"realisation", Amount("9")}};
  const Reading list = InList(plan + "/progressEntries", "progressEntries");
  const auto with_ids = [&] {
    json::object named = entry;
    named["itemId"] = Text();
    named["indicatorId"] = Text();
    return named;
  };
  json::array batch;
  for (int i = 0; i < TextWriter::kFew; ++i) {
    w.Write({.caller = &self,
             .verb = "POST",
             .path = plan + "/progressEntries",
             .body = with_ids(),
             .reading = list});
    batch.push_back(with_ids());
  }
  w.Write({.caller = &self,
           .verb = "POST",
           .path = plan + "/progressEntries:batchCreate",
           .body = {{"progressEntries", batch}},
           .reading = list});
  json::object named = entry;
  named["itemId"] = w.text(0);
  named["indicatorId"] = w.text(0);
  w.WriteAll([&] {
    return Call{.caller = &self,
                .verb = "POST",
                .path = plan + "/progressEntries",
                .body = named,
                .reading = list};
  });
  w.WriteAll([&] {
    return Call{.caller = &self,
                .verb = "POST",
                .path = plan + "/progressEntries:batchCreate",
                .body = {{"progressEntries", json::array(50, named)}},
                .reading = list};
  });
  w.CompareLists();
  // The appraiser says which own result each serves.
  const std::string own = PlanOf(w, office, office.head) + "/items/hk1";
  for (int i = 0; i < TextWriter::kFew; ++i) {
    w.Write({.caller = &w.town().As(office.head),
             .verb = "POST",
             .path = plan + ":confirmSupport",
             .body = {{"itemId", Text(absl::StrCat("/items/", i, "/itemId"))}, {"supports", own}}});
  }
}

void WriteSupport(TextWriter& w, const Office& office) {
  const std::string plan = "/v1/" + PlanOf(w, office, office.doer);
  Caller& self = w.town().As(office.doer);
  Caller& head = w.town().As(office.head);
  const Reading dialogues = InList(plan + "/dialogues", "dialogues");
  const Reading requests = InList(plan + "/supportRequests", "supportRequests");
  w.WriteAll([&] {
    const std::string dialogue = w.Write({.caller = &head,
                                          .verb = "POST",
                                          .path = plan + "/dialogues",
                                          .body = {{"date", Day(2025, 4, 10)},
                                                   {"progressNote", Text()},
                                                   {"obstacleNote", Text()},
                                                   {"solutionNote", Text()}},
                                          .reading = dialogues})
                                     .Text("/name");
    return Call{.caller = &self,
                .verb = "POST",
                .path = "/v1/" + dialogue + ":acknowledge",
                .body = {{"note", Text("/acknowledgementNote")}},
                .reading = dialogues};
  });
  std::vector<std::string> asked;
  for (int i = 0; i < 2 * w.all(); ++i) {
    asked.push_back("/v1/" + w.Write({.caller = &self,
                                      .verb = "POST",
                                      .path = plan + "/supportRequests",
                                      .body = {{"kind", "ADVICE"}, {"text", Text()}},
                                      .reading = requests})
                                 .Text("/name"));
  }
  const auto decide = [&](Caller& caller, std::size_t from, const char* verb, json::object body) {
    body["comment"] = Text();
    for (std::size_t i = 0; i < asked.size() / 2; ++i) {
      w.Write({.caller = &caller,
               .verb = "POST",
               .path = asked[from + i] + verb,
               .body = body,
               .reading = requests});
    }
    w.CompareLists();
  };
  decide(head, 0, ":grant", {{"dueDate", DayIn(30)}});
  decide(self, 0, ":fulfil", {});
  decide(head, asked.size() / 2, ":decline", {});
}

// An amendment is read in the list of its plan, which grows.
void WriteAmendments(TextWriter& w, const Office& office) {
  const std::string plan = "/v1/" + PlanOf(w, office, office.head);
  Caller& self = w.town().As(office.head);
  const Reading list = InList(plan + "/amendments", "amendments");
  const json::object proposal = {{"reason", Text()}, {"contents", Contents(2)}};
  for (int i = 0; i < TextWriter::kFew; ++i) {
    const std::string amendment = "/v1/" + w.Write({.caller = &self,
                                                    .verb = "POST",
                                                    .path = plan + "/amendments",
                                                    .body = proposal,
                                                    .reading = list})
                                               .Text("/name");
    w.Write({.caller = &w.town().mayor(),
             .verb = "POST",
             .path = amendment + ":return",
             .body = {{"comment", Text()}},
             .reading = list});
    w.CompareLists();
    w.Write(
        {.caller = &self, .verb = "PATCH", .path = amendment, .body = proposal, .reading = list});
    w.CompareLists();
    w.rest().Post(&self, amendment + ":withdraw", json::object());
  }
  w.WriteAll([&] {
    return Call{.caller = &w.town().hr(),
                .verb = "POST",
                .path = w.base() + "/planTemplates",
                .body = {{"title", Text()}, {"positionTitle", Text()}, {"contents", Contents(2)}},
                .reading = InList(w.base() + "/planTemplates", "planTemplates")};
  });
  w.CompareLists();
}

}  // namespace

void WritePlanTexts(TextWriter& w) {
  w.rest().Post(&w.town().hr(), w.base() + "/behaviors:adopt", {{"set", "berakhlak"}});
  Office office;
  office.unit = w.town().Unit("kantor", "Kantor", w.town().root());
  office.head = w.town().Employee("Kepala", office.unit, "Kepala", "STRUCTURAL", true);
  office.writer = w.town().Employee("Penulis", office.unit, "Analis", "GENERAL", false);
  office.doer = w.town().Employee("Pelaksana", office.unit, "Analis", "GENERAL", false);
  office.cycle = w.town().OpenCycle("2025");
  WriteDraft(w, office);
  w.town().AgreePlan(office.head,
                     w.town().mayor(),
                     office.cycle,
                     {{{"itemId", "hk1"},
                       {"kind", "MAIN"},
                       {"title", "Hasil"},
                       {"proposedSupport", "Sasaran"},
                       {"indicators", json::array{Indicator("Indikator", "k1")}}}});
  WriteProgress(w, office);
  WriteMeasurements(w, office);
  WriteSupport(w, office);
  WriteAmendments(w, office);
}

}  // namespace teraju::security
