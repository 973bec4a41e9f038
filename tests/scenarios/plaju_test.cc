// Plaju: annual work plan, the superior's role, follow-up. The numbers of the tests are the lines
// of the promise to this agency.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

json::value Indicator(const char* id,
                      const char* aspect,
                      const char* title,
                      const char* unit,
                      const char* polarity,
                      const char* target) {
  return {{"indicatorId", id},
          {"aspect", aspect},
          {"title", title},
          {"unitOfMeasure", unit},
          {"polarity", polarity},
          {"target", Amount(target)}};
}

// The education office of Plaju: a head, an officer for non-formal education, two colleagues.
class Plaju : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("plaju", "Pemerintah Kota Plaju"));
    office_ = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas Pendidikan", "STRUCTURAL", true);
    officer_ = town_->Employee(
        "Petugas Pendidikan Nonformal", office_, "Pamong Belajar Ahli Muda", "FUNCTIONAL", false);
    colleague_ = town_->Employee("Rekan", office_, "Pengolah Data", "GENERAL", false);
    newcomer_ = town_->Employee("Pegawai Baru", office_, "Pengolah Data", "GENERAL", false);
    const std::string base = "/v1/" + town_->agency();
    town_->rest().Post(&town_->hr(), base + "/behaviors:adopt", {{"set", "berakhlak"}});
    goal_ = town_->rest()
                .Post(&town_->hr(),
                      base + "/goals",
                      {{"kind", "STRATEGIC_GOAL"},
                       {"title", "Meningkatnya akses pendidikan"},
                       {"firstYear", 2025},
                       {"lastYear", 2029}})
                .Text("/name");
    town_->rest().Post(&town_->hr(), "/v1/" + goal_ + ":publish", json::object());
    cycle_ = town_->OpenCycle("2025", town_->AdoptPack("plaju"));
  }

  static json::value Items(const char* target) {
    return json::array{{{"itemId", "hk1"},
                        {"kind", "MAIN"},
                        {"title", "Meningkatnya angka partisipasi pendidikan nonformal"},
                        {"supports", goal_},
                        {"indicators",
                         json::array{Indicator("apk",
                                               "QUALITY",
                                               "Angka partisipasi pendidikan nonformal",
                                               "persen",
                                               "HIGHER_IS_BETTER",
                                               target)}}}};
  }
  static std::string Draft(const std::string& person, const char* target) {
    std::string plan = TextOf(town_->PlanOf(person, cycle_), "name");
    town_->rest().Patch(&town_->As(person), "/v1/" + plan, {{"items", Items(target)}});
    return plan;
  }
  static void Approve(const std::string& person, const std::string& superior, const char* target) {
    town_->AgreePlan(person,
                     superior.empty() ? town_->mayor() : town_->As(superior),
                     cycle_,
                     Items(target).as_array());
  }

  static std::string office_, head_, officer_, colleague_, newcomer_, goal_, cycle_;
};
std::string Plaju::office_, Plaju::head_, Plaju::officer_, Plaju::colleague_, Plaju::newcomer_,
    Plaju::goal_, Plaju::cycle_;

TEST_F(Plaju, Line1_EveryAsnDraftsAPlanTheSuperiorReturnsItAndApprovesTheRevisedOne) {
  RestClient& rest = town_->rest();
  const std::string plan = Draft(officer_, "60");
  rest.Post(&town_->As(officer_), "/v1/" + plan + ":submit", json::object());
  // Not the own plan, not a colleague's: only the direct superior decides.
  EXPECT_EQ(town_->Refused("POST", &town_->As(officer_), "/v1/" + plan + ":approve", json::object())
                .reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(colleague_), "/v1/" + plan + ":approve", json::object())
          .reason,
      "PERMISSION_DENIED");

  // A return needs words.
  const Refusal wordless =
      town_->Refused("POST", &town_->As(head_), "/v1/" + plan + ":return", json::object());
  EXPECT_EQ(wordless.status, 400);
  EXPECT_EQ(wordless.reason, "FIELD_INVALID");
  rest.Post(&town_->As(head_),
            "/v1/" + plan + ":return",
            {{"comment", "Target terlalu rendah: tahun lalu sudah 64 persen."}});
  const Answer returned = rest.Get(&town_->As(officer_), "/v1/" + plan);
  EXPECT_EQ(returned.Text("/state"), "RETURNED");
  EXPECT_THAT(returned.Text("/returnComment"), HasSubstr("64 persen"));

  rest.Patch(&town_->As(officer_), "/v1/" + plan, {{"items", Items("70")}});
  rest.Post(&town_->As(officer_), "/v1/" + plan + ":submit", json::object());
  // While it is with the superior it does not change under his eyes.
  EXPECT_EQ(
      town_->Refused("PATCH", &town_->As(officer_), "/v1/" + plan, {{"items", Items("50")}}).reason,
      "WORK_PLAN_NOT_EDITABLE");
  const Answer approved = rest.Post(&town_->As(head_), "/v1/" + plan + ":approve", json::object());
  EXPECT_EQ(approved.Text("/state"), "APPROVED");

  // The history of versions stays.
  const json::array revisions =
      rest.List(&town_->As(officer_), "/v1/" + plan + "/revisions", "revisions");
  ASSERT_THAT(revisions, SizeIs(2));
  EXPECT_EQ(TextOf(revisions[0], "outcome"), "APPROVED");
  EXPECT_EQ(TextOf(revisions[1], "outcome"), "RETURNED");
  EXPECT_EQ(
      TextOf(revisions[1].at("snapshot").at("items").at(0).at("indicators").at(0).at("target"),
             "value"),
      "60");
  EXPECT_EQ(
      TextOf(revisions[0].at("snapshot").at("items").at(0).at("indicators").at(0).at("target"),
             "value"),
      "70");

  // The same for the others, the head under the mayor.
  Approve(head_, "", "70");
  Approve(colleague_, head_, "80");
  Approve(newcomer_, head_, "80");
}

TEST_F(Plaju, Line3_TheParticipationRateIsTheTargetAndInitiativesAgainstObstaclesCountAsEvidence) {
  RestClient& rest = town_->rest();
  const std::string plan = TextOf(town_->PlanOf(officer_, cycle_), "name");
  rest.Post(&town_->As(officer_),
            "/v1/" + plan + "/progressEntries:batchCreate",
            {{"progressEntries",
              json::array{{{"itemId", "hk1"},
                           {"indicatorId", "apk"},
                           {"kind", "REALISATION"},
                           {"date", Day(2025, 3, 31)},
                           {"activity", "Pendataan warga belajar"},
                           {"realisation", Amount("77")}},
                          {{"itemId", "hk1"},
                           {"kind", "INITIATIVE"},
                           {"date", Day(2025, 3, 15)},
                           {"activity", "Kelas malam bagi warga yang bekerja"}}}}});
  // What is wrong is named, and nothing of the batch is kept.
  const Refusal wrong = town_->Refused("POST",
                                       &town_->As(officer_),
                                       "/v1/" + plan + "/progressEntries:batchCreate",
                                       {{"progressEntries",
                                         json::array{{{"itemId", "hk1"},
                                                      {"indicatorId", "apk"},
                                                      {"kind", "REALISATION"},
                                                      {"date", Day(2025, 4, 30)},
                                                      {"activity", "Pendataan"},
                                                      {"realisation", Amount("99")}},
                                                     {{"itemId", "tidak-ada"},
                                                      {"kind", "INITIATIVE"},
                                                      {"date", Day(2025, 4, 30)},
                                                      {"activity", "Lain-lain"}}}}});
  EXPECT_EQ(wrong.reason, "ITEM_UNKNOWN");
  EXPECT_THAT(wrong.text, HasSubstr("tidak-ada"));
  EXPECT_THAT(
      rest.List(&town_->As(officer_), "/v1/" + plan + "/progressEntries", "progressEntries"),
      SizeIs(2));

  // Everybody is scored for the quarter; the figures and the initiative stand behind the officer's.
  for (const std::string& person : {colleague_, head_}) {
    const std::string other = TextOf(town_->PlanOf(person, cycle_), "name");
    rest.Post(&town_->As(person),
              "/v1/" + other + "/progressEntries",
              {{"itemId", "hk1"},
               {"indicatorId", "apk"},
               {"kind", "REALISATION"},
               {"date", Day(2025, 3, 31)},
               {"activity", "Capaian triwulan"},
               {"realisation", Amount("72")}});
  }
  town_->Run(town_->hr(), "/v1/" + cycle_ + "/periods/q1:score", json::object());
  const json::value computed =
      ObjectOf(town_->EvaluationOf(officer_, cycle_ + "/periods/q1"), "computed");
  const json::value indicator = computed.at("items").at(0).at("indicators").at(0);
  EXPECT_EQ(TextOf(ObjectOf(indicator, "achievement"), "value"), "110.00");  // 77 / 70
  EXPECT_EQ(TextOf(indicator, "category"), "SANGAT_BAIK");
  EXPECT_EQ(NumberOf(indicator, "entries"), 1);
  EXPECT_EQ(NumberOf(computed.at("items").at(0), "initiatives"), 1);
  // Who records nothing has no figure, never a zero.
  const json::value none =
      ObjectOf(town_->EvaluationOf(newcomer_, cycle_ + "/periods/q1"), "computed");
  EXPECT_FALSE(none.as_object().contains("meanAchievement"));
  EXPECT_EQ(TextOf(ArrayOf(none, "warnings").front(), "code"), "NO_REALISATION");
}

TEST_F(Plaju, Line4_DialoguesAreHeldAndSupportIsTrackedUntilGiven) {
  RestClient& rest = town_->rest();
  const std::string plan = TextOf(town_->PlanOf(officer_, cycle_), "name");
  const std::string dialogue = rest.Post(&town_->As(head_),
                                         "/v1/" + plan + "/dialogues",
                                         {{"date", Day(2025, 4, 10)},
                                          {"progressNote", "Partisipasi naik"},
                                          {"obstacleNote", "Tidak ada ruang kelas malam"},
                                          {"solutionNote", "Pinjam ruang kelurahan"}})
                                   .Text("/name");
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(head_), "/v1/" + dialogue + ":acknowledge", json::object())
          .reason,
      "DIALOGUE_OWN");
  const Answer seen = rest.Post(
      &town_->As(officer_), "/v1/" + dialogue + ":acknowledge", {{"note", "Setuju, mulai Mei"}});
  EXPECT_EQ(seen.Text("/acknowledgementNote"), "Setuju, mulai Mei");
  EXPECT_EQ(
      town_->Refused("GET", &town_->As(colleague_), "/v1/" + plan + "/dialogues", nullptr).reason,
      "PERMISSION_DENIED");

  const std::string support = rest.Post(&town_->As(officer_),
                                        "/v1/" + plan + "/supportRequests",
                                        {{"kind", "RESOURCE"}, {"text", "Ruang kelas malam"}})
                                  .Text("/name");
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(officer_), "/v1/" + support + ":fulfil", json::object())
          .reason,
      "SUPPORT_REQUEST_WRONG_STATE");
  rest.Post(&town_->As(head_), "/v1/" + support + ":grant", {{"dueDate", Day(2025, 5, 1)}});
  EXPECT_EQ(
      TextOf(rest.List(&town_->As(officer_), "/v1/" + plan + "/supportRequests", "supportRequests")
                 .front(),
             "state"),
      "GRANTED");
  rest.Post(&town_->As(officer_), "/v1/" + support + ":fulfil", json::object());
  EXPECT_EQ(
      TextOf(rest.List(&town_->As(head_), "/v1/" + plan + "/supportRequests", "supportRequests")
                 .front(),
             "state"),
      "FULFILLED");
}

TEST_F(Plaju, Line2_DisciplineQualityAndContributionUnderTheAgencysOwnPolicyPack) {
  const std::string year = cycle_ + "/periods/year";
  const auto figure = [](const char* name, json::object value) {
    value["name"] = name;
    value["source"] = "Sistem presensi dan keputusan disiplin";
    value["asOfTime"] = "2025-12-31T00:00:00Z";
    return value;
  };
  const auto person = [&](const std::string& name,
                          const char* attendance,
                          const char* violation,
                          const json::array& levels) {
    json::array entries;
    for (const json::value& level : levels) {
      entries.push_back(
          {{"key", "Tim kerja"}, {"values", json::array{{{"name", "level"}, {"number", level}}}}});
    }
    return json::object{{"employee", name},
                        {"figures",
                         json::array{figure("attendance", {{"number", Amount(attendance)}}),
                                     figure("violation", {{"choice", violation}}),
                                     figure("contributions", {{"list", {{"entries", entries}}}})}}};
  };
  // From the HR system: attendance, sanctions, and what the leads of teams said.
  town_->rest().Post(&town_->hr(),
                     "/v1/" + year + "/figures:batchSet",
                     {{"people",
                       json::array{person(officer_, "98", "NONE", {Amount("4"), Amount("5")}),
                                   person(colleague_, "95", "LIGHT", {})}}});
  town_->Run(town_->hr(), "/v1/" + year + ":score", json::object());
  const auto local = [&](const std::string& name) {
    const std::string evaluation = TextOf(town_->EvaluationOf(name, year), "name");
    return ObjectOf(town_->rest().Get(&town_->As(name), "/v1/" + evaluation).body, "localResult");
  };
  // 0.3 x 98 + 0.5 x 110 + 0.2 x 90.
  EXPECT_EQ(TextOf(ObjectOf(local(officer_), "score"), "value"), "102.40");
  EXPECT_EQ(TextOf(local(officer_), "predicateId"), "Sangat Baik");
  // In no team: the other weights count fully. A light sanction costs ten points of discipline:
  // (0.3 x 85 + 0.5 x 90) / 0.8 = 88.125.
  EXPECT_EQ(TextOf(ObjectOf(local(colleague_), "score"), "value"), "88.13");
  // Nobody has entered anything about the newcomer, who has no realisation either: no score.
  EXPECT_FALSE(local(newcomer_).as_object().contains("score"));
  EXPECT_THAT(ArrayOf(local(newcomer_), "missing"), SizeIs(3));
}

TEST_F(Plaju, Line5_AtTheEndTheResultIsEvaluatedAgainstTheApprovedPlan) {
  RestClient& rest = town_->rest();
  const std::string year = cycle_ + "/periods/year";
  for (const auto& [person, value] :
       std::map<std::string, const char*>{{officer_, "77"}, {colleague_, "80"}, {head_, "70"}}) {
    rest.Post(&town_->As(person),
              "/v1/" + TextOf(town_->PlanOf(person, cycle_), "name") + "/progressEntries",
              {{"itemId", "hk1"},
               {"indicatorId", "apk"},
               {"kind", "REALISATION"},
               {"date", Day(2025, 12, 31)},
               {"activity", "Capaian akhir tahun"},
               {"realisation", Amount(value)}});
  }
  town_->Run(town_->hr(), "/v1/" + year + ":score", json::object());
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), "/v1/" + year + ":publishResults", json::object())
                .reason,
            "EVALUATIONS_OPEN");

  const std::string unit_result = rest.Post(&town_->mayor(),
                                            "/v1/" + town_->agency() + "/unitResults",
                                            {{"unit", office_},
                                             {"period", year},
                                             {"predicate", "UNIT_GOOD"},
                                             {"reason", "Perjanjian kinerja tercapai"}})
                                      .Text("/name");
  const auto rate = [&](Caller& superior, const std::string& person, const json::object& ratings) {
    return town_->rest().Try("POST",
                             &superior,
                             "/v1/" + TextOf(town_->EvaluationOf(person, year), "name") + ":rate",
                             ratings);
  };
  // Behaviour away from the middle needs a reason; so does a result away from the evidence.
  const Answer bare =
      rate(town_->As(head_),
           officer_,
           {{"resultRating", "ABOVE_EXPECTATION"}, {"behaviorRating", "ABOVE_EXPECTATION"}});
  EXPECT_EQ(bare.status, 400);
  EXPECT_TRUE(rate(town_->As(head_),
                   officer_,
                   {{"resultRating", "ABOVE_EXPECTATION"},
                    {"behaviorRating", "ABOVE_EXPECTATION"},
                    {"behaviorReason", "Memulai kelas malam atas prakarsa sendiri"}})
                  .ok());
  EXPECT_TRUE(rate(town_->As(head_),
                   colleague_,
                   {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}})
                  .ok());
  EXPECT_TRUE(rate(town_->As(head_),
                   newcomer_,
                   {{"resultRating", "BELOW_EXPECTATION"},
                    {"resultReason", "Tidak ada capaian yang dicatat"},
                    {"behaviorRating", "AS_EXPECTED"}})
                  .ok());
  // The head of the office has the office's result.
  EXPECT_EQ(rate(town_->mayor(),
                 head_,
                 {{"resultRating", "ABOVE_EXPECTATION"},
                  {"resultReason", "Baik sekali"},
                  {"behaviorRating", "AS_EXPECTED"}})
                .status,
            400);
  EXPECT_TRUE(rate(town_->mayor(),
                   head_,
                   {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}})
                  .ok());

  const Answer checked = rest.Get(&town_->mayor(), "/v1/" + unit_result);
  EXPECT_EQ(checked.Number("/distribution/rated"), 3);
  rest.Post(&town_->mayor(),
            "/v1/" + unit_result + ":confirm",
            {{"justification", "Unit kecil: tiga orang"}});
  town_->Run(town_->hr(), "/v1/" + year + ":publishResults", json::object());

  EXPECT_EQ(TextOf(town_->EvaluationOf(officer_, year), "predicate"), "VERY_GOOD");
  EXPECT_EQ(TextOf(town_->EvaluationOf(colleague_, year), "predicate"), "GOOD");
  EXPECT_EQ(TextOf(town_->EvaluationOf(newcomer_, year), "predicate"), "NEEDS_IMPROVEMENT");
  const Answer receipt =
      rest.Get(&town_->As(officer_),
               "/v1/" + TextOf(town_->EvaluationOf(officer_, year), "name") + "/scoreReceipt");
  EXPECT_THAT(receipt.Text("/textEn"), HasSubstr("77 / 70"));
  EXPECT_THAT(receipt.Text("/textEn"), HasSubstr("plaju@1"));
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("Sangat Baik"));
  EXPECT_THAT(receipt.Text("/digest"), SizeIs(64));
  // A colleague does not see it; the person takes note of it.
  EXPECT_EQ(
      town_
          ->Refused("GET",
                    &town_->As(colleague_),
                    "/v1/" + TextOf(town_->EvaluationOf(officer_, year), "name") + "/scoreReceipt",
                    nullptr)
          .reason,
      "PERMISSION_DENIED");
  EXPECT_TRUE(
      rest.Post(&town_->As(officer_),
                "/v1/" + TextOf(town_->EvaluationOf(officer_, year), "name") + ":acknowledge",
                json::object())
          .ok());
}

TEST_F(Plaju, Line6_ThoseWhoNeedItAreTrainedAndAchieversAreAwarded) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  const std::string year = cycle_ + "/periods/year";
  const Answer nominated =
      rest.Post(&town_->hr(), base + "/awards:nominate", {{"period", year}, {"sharePercent", 34}});
  const json::array awards = ArrayOf(nominated.body, "awards");
  ASSERT_THAT(awards, SizeIs(1));
  EXPECT_EQ(TextOf(awards.front(), "employee"), officer_);
  EXPECT_THAT(TextOf(awards.front(), "reasonEn"), Not(IsEmpty()));
  EXPECT_EQ(rest.Post(&town_->mayor(),
                      "/v1/" + TextOf(awards.front(), "name") + ":confirm",
                      {{"confirmed", true}})
                .Text("/state"),
            "CONFIRMED");

  // Who lacks a skill gets a need, a place and a record of completion.
  town_->Run(town_->hr(), base + "/needs:derive", {{"fiscalYear", 2026}, {"period", year}});
  const json::array needs =
      rest.List(&town_->As(newcomer_), base + "/needs?fiscalYear=2026", "needs");
  ASSERT_THAT(needs, Not(IsEmpty()));
  EXPECT_THAT(TextOf(needs.front(), "reasonEn"), Not(IsEmpty()));
  const std::string course = rest.Post(&town_->hr(),
                                       base + "/courses",
                                       {{"title", "Pengolahan data"},
                                        {"topics", json::array{needs.front().at("topic")}},
                                        {"type", "8"},
                                        {"learningHours", 24}})
                                 .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + course + ":publish", json::object());
  rest.Post(&town_->hr(),
            "/v1/" + course + "/offerings",
            {{"startDate", Day(2026, 2, 2)},
             {"endDate", Day(2026, 2, 4)},
             {"seats", 5},
             {"costPerSeat", {{"currencyCode", "IDR"}, {"units", "500000"}}}});
  rest.Post(&town_->hr(),
            base + "/budgets",
            {{"fiscalYear", 2026},
             {"source", "APBD"},
             {"amount", {{"currencyCode", "IDR"}, {"units", "1000000"}}}});
  const std::string plan =
      rest.Post(&town_->hr(), base + "/allocationPlans", {{"fiscalYear", 2026}}).Text("/name");
  town_->Run(town_->hr(), "/v1/" + plan + ":solve", json::object());
  rest.Post(&town_->hr(), "/v1/" + plan + ":approve", json::object());
  const json::array places = rest.List(&town_->As(newcomer_), base + "/enrollments", "enrollments");
  ASSERT_THAT(places, SizeIs(1));
  rest.Post(
      &town_->hr(),
      "/v1/" + TextOf(places.front(), "name") + ":complete",
      {{"completeDate", Day(2026, 2, 4)}, {"effectNote", "Laporan bulanan kini tepat waktu"}});
  const json::value done =
      rest.List(&town_->As(newcomer_), base + "/enrollments", "enrollments").front();
  EXPECT_EQ(TextOf(done, "state"), "COMPLETED");
  EXPECT_EQ(NumberOf(done, "learningHours"), 24);
}

}  // namespace
}  // namespace teraju::scenarios
