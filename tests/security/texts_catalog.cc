#include "tests/security/texts.h"

namespace teraju::security {

using scenarios::Amount;
using scenarios::Answer;
using scenarios::Caller;

namespace {

json::object Goal(const std::string& title, const std::string& topic) {
  return {{"kind", "STRATEGIC_GOAL"},
          {"title", title},
          {"trainingTopics", json::array{json::string(topic)}},
          {"firstYear", 2025},
          {"lastYear", 2029}};
}

json::object Indicator(const std::string& goal) {
  return {{"goal", goal},
          {"title", Text()},
          {"unitOfMeasure", Text()},
          {"dataSource", Text()},
          {"polarity", "HIGHER_IS_BETTER"},
          {"target", Amount("1")},
          {"baseline", Amount("1")}};
}

json::object Behavior() {
  return {{"titleId", Text()},
          {"titleEn", Text()},
          {"guides", json::array{json::string(Text()), json::string(Text())}}};
}

json::object Competency() {
  return {{"kind", "TECHNICAL"},
          {"title", Text()},
          {"levels", json::array{json::string(Text()), json::string(Text())}}};
}

json::object Standard(const std::string& competency) {
  return {{"jobFamily", Text()},
          {"requiredLevels", json::array{{{"competency", competency}, {"level", 3}}}}};
}

// The places of a record that stands alone in the list `field` of a method.
json::value InMethod(json::value value, const std::string& at = "") {
  if (value.is_string() && value.as_string() == Text()) return json::string(Text(at));
  if (value.is_object()) {
    for (auto& member : value.as_object())
      member.value() = InMethod(member.value(), at + "/" + std::string(member.key()));
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.as_array().size(); ++i)
      value.as_array()[i] = InMethod(value.as_array()[i], at + "/" + std::to_string(i));
  }
  return value;
}

void Adopt(TextWriter& w, const std::string& field, json::object record) {
  w.WriteAll([&] {
    const std::string name = w.town().agency() + "/" + field + "/" + w.Fresh();
    record["name"] = name;
    return Call{.caller = &w.town().hr(),
                .verb = "POST",
                .path = w.base() + "/method:adopt",
                .body = {{"method", {{field, json::array{InMethod(record)}}}}},
                .reading = InList(w.base() + "/" + field, field, name)};
  });
}

std::string EnterGoal(TextWriter& w) {
  return w.rest().Post(&w.town().hr(), w.base() + "/goals", Goal("Sasaran", "TOPIK")).Text("/name");
}

std::string EnterCompetency(TextWriter& w) {
  return w.rest()
      .Post(&w.town().hr(),
            w.base() + "/competencies?competencyId=teks",
            {{"kind", "TECHNICAL"}, {"title", "Teks"}})
      .Text("/name");
}

// A definition is a document, of which a title is a text.
void WritePacks(TextWriter& w) {
  Caller& hr = w.town().hr();
  const std::string shipped = w.town().AdoptPack("plaju");
  const json::value model = json::parse(w.rest().Get(&hr, "/v1/" + shipped).Text("/definition"));
  const auto with = [&](const std::string& id, const std::string& title) {
    json::value pack = model;
    pack.as_object()["name"] = id;
    pack.at("title").as_object()["id"] = title;
    return json::serialize(pack);
  };
  for (int i = 0; i < TextWriter::kFew; ++i) {
    const auto compare = [&](const std::string& field, const std::string& id) {
      const Answer read = w.rest().Try("GET", &hr, w.base() + "/policyPacks/" + id, nullptr);
      const std::string definition = read.Text("/definition");
      w.Note("catalog.v1." + field,
             i,
             !definition.empty() &&
                 json::parse(definition).at("title").at("id").as_string() == w.text(i),
             json::serialize(read.body));
    };
    const std::string id = w.Fresh();
    const std::string pack = w.base() + "/policyPacks/" + id;
    w.rest().Try("POST", &hr, w.base() + "/policyPacks", {{"definition", with(id, w.text(i))}});
    compare("PolicyPacks.CreatePolicyPack:policy_pack.definition", id);
    w.rest().Try("PATCH", &hr, pack, {{"definition", with(id, "Lain")}});
    w.rest().Try("PATCH", &hr, pack, {{"definition", with(id, w.text(i))}});
    compare("PolicyPacks.UpdatePolicyPack:policy_pack.definition", id);
    const std::string taken = w.Fresh();
    w.rest().Try(
        "POST",
        &hr,
        w.base() + "/method:adopt",
        {{"method", {{"policyPacks", json::array{json::string(with(taken, w.text(i)))}}}}});
    compare("Methods.AdoptMethod:method.policy_packs[]", taken);
  }
}

}  // namespace

void WriteCatalogTexts(TextWriter& w) {
  Caller& hr = w.town().hr();
  const auto create = [&](const std::string& field, const char* id, const json::object& record) {
    w.WriteAll([&] {
      return Call{.caller = &hr,
                  .verb = "POST",
                  .path = w.base() + "/" + field + "?" + id + "=" + w.Fresh(),
                  .body = record,
                  .reading = InList(w.base() + "/" + field, field)};
    });
  };
  const auto update = [&](const std::string& name, const json::object& record) {
    w.WriteAll([&] {
      return Call{.caller = &hr, .verb = "PATCH", .path = "/v1/" + name, .body = record};
    });
  };
  const std::string goal = EnterGoal(w);
  create("goals", "goalId", Goal(Text(), Text()));
  update(goal, {{"title", Text()}, {"trainingTopics", json::array{json::string(Text())}}});
  json::object measured = Indicator(goal);
  const std::string indicator = w.rest()
                                    .Post(&hr,
                                          w.base() + "/indicators",
                                          {{"goal", goal},
                                           {"title", "Indikator"},
                                           {"unitOfMeasure", "persen"},
                                           {"dataSource", "Register"},
                                           {"polarity", "HIGHER_IS_BETTER"},
                                           {"target", Amount("1")},
                                           {"baseline", Amount("1")}})
                                    .Text("/name");
  create("indicators", "indicatorId", measured);
  for (const char* kept : {"goal", "polarity", "target", "baseline"}) measured.erase(kept);
  update(indicator, measured);
  create("behaviors", "behaviorId", Behavior());
  create("competencies", "competencyId", Competency());
  create("competencyStandards", "competencyStandardId", Standard(EnterCompetency(w)));
  WritePacks(w);
  w.CompareLists();
  // Another agency takes over how this one appraises.
  scenarios::Town other(w.suite(), "teks-metode", "Metode");
  w.Enter(other);
  Adopt(w, "goals", Goal(Text(), Text()));
  measured = Indicator(EnterGoal(w));
  measured.erase("baseline");
  Adopt(w, "indicators", measured);
  Adopt(w, "behaviors", Behavior());
  Adopt(w, "competencies", Competency());
  Adopt(w, "competencyStandards", Standard(EnterCompetency(w)));
  w.CompareLists();
}

}  // namespace teraju::security
