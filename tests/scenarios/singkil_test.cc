// Singkil: goals, feedback from all sides, the voice of citizens, scarce means. The numbers of the
// tests are the lines of the promise to this agency.
#include <array>
#include <map>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The social-affairs office with a head and eight officers.
class Singkil : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("singkil", "Pemerintah Kabupaten Singkil"));
    social_ = town_->Unit("dinsos", "Dinas Sosial", town_->root());
    head_ = town_->Employee("Kepala", social_, "Kepala Dinas Sosial", "STRUCTURAL", true);
    for (int i = 0; i < 8; ++i)
      officers_.push_back(town_->Employee(
          "Petugas " + std::to_string(i), social_, "Pekerja Sosial", "FUNCTIONAL", false));
  }

  static std::string Base() { return "/v1/" + town_->agency(); }
  static std::string Publish(const json::value& questionnaire) {
    std::string name =
        town_->rest().Post(&town_->hr(), Base() + "/questionnaires", questionnaire).Text("/name");
    town_->rest().Post(&town_->hr(), "/v1/" + name + ":publish", json::object());
    return name;
  }

  static std::string social_, head_, cycle_;
  static std::vector<std::string> officers_;
};
std::string Singkil::social_, Singkil::head_, Singkil::cycle_;
std::vector<std::string> Singkil::officers_;

TEST_F(Singkil, Line1_TheStrategicPlanCascadesAndWhatServesNothingIsListed) {
  RestClient& rest = town_->rest();
  const auto goal = [&](const char* kind, const char* title, const std::string& parent) {
    std::string name = rest.Post(&town_->hr(),
                                 Base() + "/goals",
                                 {{"kind", kind},
                                  {"title", title},
                                  {"parentGoal", parent},
                                  {"firstYear", 2025},
                                  {"lastYear", 2029}})
                           .Text("/name");
    rest.Post(&town_->hr(), "/v1/" + name + ":publish", json::object());
    return name;
  };
  const std::string strategic = goal("STRATEGIC_GOAL", "Berkurangnya warga rentan", "");
  const std::string programme = goal("PROGRAMME", "Perlindungan sosial", strategic);
  const std::string lonely = goal("PROGRAMME", "Rehabilitasi sosial", strategic);
  // An activity in the place of a result is noticed while it is written.
  const Answer lint = rest.Post(&town_->hr(),
                                Base() + "/indicators:lint",
                                {{"title", "Terlaksananya penyaluran bantuan"},
                                 {"unitOfMeasure", "kali"},
                                 {"polarity", "HIGHER_IS_BETTER"},
                                 {"baseline", Amount("10")},
                                 {"target", Amount("12")},
                                 {"dataSource", "Data terpadu kesejahteraan sosial"}});
  EXPECT_EQ(lint.Text("/remarks/0/code"), "ACTIVITY_WORDING");
  const std::string indicator = rest.Post(&town_->hr(),
                                          Base() + "/indicators",
                                          {{"title", "Persentase warga rentan terlindungi"},
                                           {"goal", programme},
                                           {"unit", social_},
                                           {"unitOfMeasure", "persen"},
                                           {"polarity", "HIGHER_IS_BETTER"},
                                           {"baseline", Amount("70")},
                                           {"target", Amount("85")},
                                           {"dataSource", "Data terpadu kesejahteraan sosial"}})
                                    .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + indicator + ":publish", json::object());

  cycle_ = town_->OpenCycle("2025");
  const auto write = [&](const std::string& person, json::object item) {
    item["itemId"] = "hk1";
    item["kind"] = "MAIN";
    item["indicators"] = json::array{{{"indicatorId", "k1"},
                                      {"aspect", "QUANTITY"},
                                      {"title", "Keluarga terlindungi"},
                                      {"unitOfMeasure", "keluarga"},
                                      {"polarity", "HIGHER_IS_BETTER"},
                                      {"target", Amount("400")}}};
    std::string plan = TextOf(town_->PlanOf(person, cycle_), "name");
    rest.Patch(&town_->As(person), "/v1/" + plan, {{"items", json::array{item}}});
    rest.Post(&town_->As(person), "/v1/" + plan + ":submit", json::object());
    return plan;
  };
  // The head is late: the officers' plans are agreed on all the same, with a link in words.
  const std::string officer = write(officers_[0],
                                    {{"title", "Keluarga rentan terdata dan terlindungi"},
                                     {"proposedSupport", "Warga rentan terlindungi"}});
  EXPECT_EQ(rest.Post(&town_->As(head_), "/v1/" + officer + ":approve", json::object())
                .Text("/items/0/supportsState"),
            "PROPOSED");
  write(officers_[1], {{"title", "Rapor posko harian"}});
  const std::string plan_of_head =
      write(head_, {{"title", "Warga rentan terlindungi"}, {"supports", indicator}});
  rest.Post(&town_->mayor(), "/v1/" + plan_of_head + ":approve", json::object());
  EXPECT_EQ(rest.Post(&town_->As(head_),
                      "/v1/" + officer + ":confirmSupport",
                      {{"itemId", "hk1"},
                       {"supports", plan_of_head + "/items/hk1"},
                       {"supportsKind", "DIRECT"},
                       {"supportsShare", Amount("25")}})
                .Text("/items/0/supportsState"),
            "CONFIRMED");

  std::vector<std::string> found;
  for (const json::value& finding :
       ArrayOf(rest.Get(&town_->mayor(), "/v1/" + cycle_ + "/cascadeReport").body, "findings")) {
    found.push_back(TextOf(finding, "kind") + " " +
                    std::string(ArrayOf(finding, "names").front().as_string()));
  }
  const std::string orphan = TextOf(town_->PlanOf(officers_[1], cycle_), "name") + "/items/hk1";
  EXPECT_THAT(found, ::testing::ElementsAre("ORPHAN " + orphan, "UNCOVERED_GOAL " + lonely));
}

TEST_F(Singkil, Line2_ChangingNeedsChangeThePlanThroughAnApprovedAmendment) {
  RestClient& rest = town_->rest();
  const json::value before = town_->PlanOf(officers_[0], cycle_);
  const std::string plan = "/v1/" + TextOf(before, "name");
  json::array items = ArrayOf(before, "items");
  items[0].as_object()["indicators"].as_array()[0].as_object()["target"] = Amount("300");
  for (const char* output : {"supportsState", "supportsRevision"})
    items[0].as_object().erase(output);
  const std::string amendment =
      "/v1/" +
      rest.Post(&town_->As(officers_[0]),
                plan + "/amendments",
                {{"reason", "Anggaran dialihkan untuk banjir, surat bupati 14 Juli"},
                 {"contents",
                  {{"items", items},
                   {"neededResources",
                    json::array{{{"kind", "RESOURCE"}, {"text", "Satu kendaraan lapangan"}}}}}}})
          .Text("/name");
  // Until the superior agrees the plan stays as it is.
  EXPECT_EQ(rest.Get(&town_->As(officers_[0]), plan).Text("/items/0/indicators/0/target/value"),
            "400");
  EXPECT_EQ(town_->Refused("POST", &town_->As(officers_[0]), amendment + ":approve", json::object())
                .reason,
            "PERMISSION_DENIED");
  rest.Post(&town_->As(head_), amendment + ":approve", json::object());
  const Answer after = rest.Get(&town_->As(officers_[0]), plan);
  EXPECT_EQ(after.Text("/items/0/indicators/0/target/value"), "300");
  EXPECT_EQ(after.Number("/revision"), 2);
  EXPECT_THAT(
      TextOf(rest.List(&town_->As(head_), plan + "/revisions", "revisions").front(), "comment"),
      HasSubstr("banjir"));
  // What was promised with it is tracked until given.
  EXPECT_EQ(
      TextOf(rest.List(&town_->As(head_), plan + "/supportRequests", "supportRequests").front(),
             "state"),
      "REQUESTED");
  // And the plan can be printed and signed.
  const Answer form = rest.Try("GET", &town_->As(officers_[0]), plan + ":print", nullptr);
  EXPECT_EQ(form.status, 200);
}

TEST_F(Singkil, Line3_FeedbackFromAllSidesTellsOfNoRater) {
  RestClient& rest = town_->rest();
  const std::string questions = Publish({{"kind", "MULTI_RATER"},
                                         {"displayName", "Perilaku kerja"},
                                         {"items",
                                          json::array{{{"itemId", "kolaboratif"},
                                                       {"topic", "KOLABORATIF"},
                                                       {"textId", "Membangun kerja sama"},
                                                       {"textEn", "Builds cooperation"}},
                                                      {{"itemId", "adaptif"},
                                                       {"topic", "ADAPTIF"},
                                                       {"textId", "Menghadapi perubahan"},
                                                       {"textEn", "Welcomes change"}}}},
                                         {"scaleMinimum", 1},
                                         {"scaleMaximum", 5}});
  const std::string campaign = rest.Post(&town_->hr(),
                                         Base() + "/campaigns",
                                         {{"displayName", "360 Dinas Sosial"},
                                          {"questionnaire", questions},
                                          {"endTime", "2099-12-31T00:00:00Z"}})
                                   .Text("/name");
  town_->Run(town_->hr(),
             "/v1/" + campaign + "/nominations:suggest",
             {{"date", Day(2025, 6, 1)},
              {"peers", 6},
              {"subordinates", 6},
              {"unit", social_},
              {"approve", true}});
  // Before the launch it is known that all raters can be compared.
  const Answer checked = rest.Get(&town_->hr(), "/v1/" + campaign + ":checkRaters");
  EXPECT_EQ(checked.Number("/components"), 1);
  EXPECT_EQ(checked.Number("/ratees"), 9);
  rest.Post(&town_->hr(), "/v1/" + campaign + ":launch", json::object());

  // Everybody answers about everybody, except that only two peers do about the first officer. One
  // officer is severe with all. The others' answers about a person are the same series in every
  // run, whoever was drawn to give them: what may be published depends on the answers.
  constexpr std::array<std::pair<int, int>, 6> kSeries = {
      {{3, 2}, {4, 4}, {5, 5}, {3, 3}, {4, 3}, {5, 5}}};
  std::vector<std::string> raters = officers_;
  raters.push_back(head_);
  int about_first = 0;
  std::string kept_back;
  std::map<std::pair<std::string, std::string>, std::size_t> turns;
  const auto answer = [&](Caller& rater, bool severe) {
    for (const json::value& request :
         rest.List(&rater, "/v1/" + campaign + "/requests", "requests")) {
      const std::string token = TextOf(request, "responseToken");
      const std::string group = TextOf(request, "group");
      const std::string ratee = TextOf(request, "ratee");
      if (group == "PEER" && ratee == officers_[0] && ++about_first > 2) {
        kept_back = token;
        continue;
      }
      const auto [together, change] =
          severe ? std::pair(2, 1) : kSeries[turns[{ratee, group}]++ % kSeries.size()];
      rest.Post(nullptr,
                "/v1/responses:submit",
                {{"responseToken", token},
                 {"answers",
                  json::array{{{"itemId", "kolaboratif"}, {"value", together}},
                              {{"itemId", "adaptif"}, {"value", change}}}}});
    }
  };
  for (const std::string& rater : raters) answer(town_->As(rater), rater == officers_[7]);
  answer(town_->mayor(), false);
  // Nothing is told before the end, not even how many have answered.
  EXPECT_EQ(town_->Refused("GET", &town_->As(officers_[1]), "/v1/" + campaign + "/reports", nullptr)
                .reason,
            "REPORT_NOT_PUBLISHED");
  EXPECT_EQ(rest.Get(&town_->hr(), "/v1/" + campaign).body.as_object().count("counts"), 0U);
  town_->Run(town_->hr(), "/v1/" + campaign + ":close", json::object());
  // Late answers are void.
  ASSERT_THAT(kept_back, Not(IsEmpty()));
  EXPECT_EQ(town_
                ->Refused("POST",
                          nullptr,
                          "/v1/responses:submit",
                          {{"responseToken", kept_back},
                           {"answers",
                            json::array{{{"itemId", "kolaboratif"}, {"value", 1}},
                                        {{"itemId", "adaptif"}, {"value", 1}}}}})
                .reason,
            "RESPONSE_TOKEN_INVALID");

  const auto report_of = [&](const std::string& person) {
    const json::array reports =
        rest.List(&town_->As(person), "/v1/" + campaign + "/reports", "reports");
    for (const json::value& report : reports)
      if (TextOf(report, "ratee") == person) return report;
    return json::value(json::object());
  };
  // Two peers are not shown, and nothing that is shown contains them.
  const json::value first = report_of(officers_[0]);
  const auto groups_of = [](const json::value& report) {
    std::map<std::string, json::value> groups;
    for (const json::value& group : ArrayOf(report, "groups"))
      groups[TextOf(group, "group")] = group;
    return groups;
  };
  auto groups = groups_of(first);
  EXPECT_TRUE(FlagOf(groups["PEER"], "withheld"));
  EXPECT_EQ(groups["PEER"].as_object().count("mean"), 0U);
  EXPECT_EQ(TextOf(ObjectOf(ObjectOf(first, "adjusted"), "refusal"), "code"), "TOO_FEW_ANSWERS");
  // Six peers are: with distribution, interval, and a value without severity beside the mean.
  const json::value second = report_of(officers_[1]);
  groups = groups_of(second);
  EXPECT_EQ(NumberOf(groups["PEER"], "answers"), 6);
  EXPECT_THAT(ArrayOf(groups["PEER"], "distribution"), SizeIs(5));
  const json::value adjusted = ObjectOf(second, "adjusted");
  EXPECT_EQ(NumberOf(adjusted, "raters"), 7);
  EXPECT_LE(DecimalOf(adjusted, "lower"), DecimalOf(adjusted, "value"));
  EXPECT_GE(DecimalOf(adjusted, "upper"), DecimalOf(adjusted, "value"));
  // A colleague sees neither the report nor who answered.
  EXPECT_EQ(
      town_->Refused("GET", &town_->As(officers_[2]), "/v1/" + TextOf(second, "name"), nullptr)
          .reason,
      "PERMISSION_DENIED");
  // The severe one is told so, nobody else.
  EXPECT_EQ(rest.Get(&town_->As(officers_[7]), "/v1/" + campaign + "/raterNote").Text("/severity"),
            "SEVERE");
  const json::value quality = ObjectOf(rest.Get(&town_->hr(), "/v1/" + campaign).body, "quality");
  EXPECT_EQ(NumberOf(quality, "raters"), 10);
  EXPECT_EQ(quality.as_object().count("severeRaters"), 0U);
}

}  // namespace
}  // namespace teraju::scenarios
