// Mulyorejo: objectivity. The numbers of the tests are the lines of the promise to this agency.
#include "common/testing/eventually.h"
#include "common/testing/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

json::value Indicator(const char* id, const char* title, const char* target) {
  return {{"indicatorId", id},
          {"aspect", "QUALITY"},
          {"title", title},
          {"unitOfMeasure", "persen"},
          {"polarity", "HIGHER_IS_BETTER"},
          {"target", Amount(target)},
          {"dataSource", "Register pelayanan"}};
}

json::value Figure(const char* name, const char* value, const char* source) {
  return {{"name", name},
          {"number", Amount(value)},
          {"source", source},
          {"asOfTime", "2025-12-31T00:00:00Z"}};
}

// The civil registry of Mulyorejo: a head, an officer, a colleague, and a cycle that is pinned to
// the town's own policy pack.
class Mulyorejo : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("mulyorejo", "Pemerintah Kota Mulyorejo"));
    office_ = town_->Unit("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas", "STRUCTURAL", true);
    officer_ = town_->Employee(
        "Petugas Pencatatan", office_, "Administrator Database Kependudukan", "FUNCTIONAL", false);
    colleague_ = town_->Employee("Rekan", office_, "Pengolah Data", "GENERAL", false);
    goal_ = town_->rest()
                .Post(&town_->hr(),
                      "/v1/" + town_->agency() + "/goals",
                      {{"kind", "STRATEGIC_GOAL"},
                       {"title", "Dokumen kependudukan yang benar dan tepat waktu"},
                       {"firstYear", 2025},
                       {"lastYear", 2029}})
                .Text("/name");
    town_->rest().Post(&town_->hr(), "/v1/" + goal_ + ":publish", json::object());
    pack_ = town_->AdoptPack("mulyorejo");
    cycle_ = town_->OpenCycle("2025", pack_);
    year_ = cycle_ + "/periods/year";
    for (const std::string& person : {head_, officer_, colleague_}) Agree(person);
  }

  static void Agree(const std::string& person) {
    town_->AgreePlan(
        person,
        person == head_ ? town_->mayor() : town_->As(head_),
        cycle_,
        json::array{{{"itemId", "hk1"},
                     {"kind", "MAIN"},
                     {"title", "Dokumen kependudukan terbit benar dan tepat waktu"},
                     {"supports", goal_},
                     {"indicators",
                      json::array{Indicator("akurasi", "Dokumen tanpa kesalahan", "95"),
                                  Indicator("waktu", "Dokumen selesai tepat waktu", "90")}}}});
  }
  static void Realise(const std::string& person, const char* indicator, const char* value) {
    town_->rest().Post(&town_->As(person),
                       "/v1/" + TextOf(town_->PlanOf(person, cycle_), "name") + "/progressEntries",
                       {{"itemId", "hk1"},
                        {"indicatorId", indicator},
                        {"kind", "REALISATION"},
                        {"date", Day(2025, 12, 31)},
                        {"activity", "Angka dari register pelayanan"},
                        {"realisation", Amount(value)}});
  }
  static std::string Evaluation(const std::string& person) {
    return "/v1/" + TextOf(town_->EvaluationOf(person, year_), "name");
  }
  static json::value LocalResult(const std::string& person) {
    return ObjectOf(town_->rest().Get(&town_->As(person), Evaluation(person)).body, "localResult");
  }
  static Answer Rate(const std::string& person, const json::object& ratings) {
    Caller& superior = person == head_ ? town_->mayor() : town_->As(head_);
    return town_->rest().Try("POST", &superior, Evaluation(person) + ":rate", ratings);
  }

  // The leaders look at the ratings together: the superior's superior proposes, the superior sets.
  static std::string Calibrate(const std::string& unit_result) {
    RestClient& rest = town_->rest();
    std::string name = rest.Post(&town_->mayor(),
                                 "/v1/" + town_->agency() + "/calibrationSessions",
                                 {{"unitResult", unit_result},
                                  {"attendants", json::array{json::string(head_)}},
                                  {"notes", "Dibandingkan dengan dinas lain"}})
                           .Text("/name");
    const std::string session = "/v1/" + name;
    EXPECT_EQ(town_
                  ->Refused("POST",
                            &town_->mayor(),
                            "/v1/" + unit_result + ":confirm",
                            {{"justification", "Unit kecil"}})
                  .reason,
              "CALIBRATION_OPEN");
    const std::string evaluation = TextOf(town_->EvaluationOf(colleague_, year_), "name");
    EXPECT_EQ(rest.Post(&town_->mayor(),
                        session + ":propose",
                        {{"evaluation", evaluation},
                         {"behaviorRating", "AS_EXPECTED"},
                         {"reason", "Loket bukan tugasnya"}})
                  .Text("/proposals/0/state"),
              "PENDING");
    const json::value accept = {{"evaluation", evaluation}, {"proposalId", "1"}, {"accept", true}};
    for (Caller* other : {&town_->mayor(), &town_->As(colleague_), &town_->hr()}) {
      EXPECT_EQ(town_->Refused("POST", other, session + ":decide", accept).reason,
                "PERMISSION_DENIED");
    }
    EXPECT_EQ(town_->Refused("GET", &town_->As(officer_), session, nullptr).reason,
              "PERMISSION_DENIED");
    rest.Post(&town_->As(head_), session + ":decide", accept);
    const Answer closed = rest.Post(&town_->mayor(), session + ":close", json::object());
    EXPECT_EQ(closed.Number("/changed"), 1);
    EXPECT_EQ(closed.Number("/before/veryPoor"), 1);
    EXPECT_EQ(closed.Number("/after/needsImprovement"), 1);
    return name;
  }

  static std::string office_, head_, officer_, colleague_, goal_, pack_, cycle_, year_;
};
std::string Mulyorejo::office_, Mulyorejo::head_, Mulyorejo::officer_, Mulyorejo::colleague_,
    Mulyorejo::goal_, Mulyorejo::pack_, Mulyorejo::cycle_, Mulyorejo::year_;

TEST_F(Mulyorejo, Line2_ResultsAreAccuracyAndTimelinessFromOperationalFigures) {
  Realise(officer_, "akurasi", "99.75");
  Realise(officer_, "waktu", "94.5");
  Realise(head_, "akurasi", "95");
  Realise(head_, "waktu", "90");
  Realise(colleague_, "akurasi", "90");
  town_->Run(town_->hr(), "/v1/" + year_ + ":score", json::object());
  const json::value computed =
      ObjectOf(town_->rest().Get(&town_->As(officer_), Evaluation(officer_)).body, "computed");
  EXPECT_EQ(TextOf(ObjectOf(computed, "meanAchievement"), "value"), "105.00");
  // Behaviour has not been entered: no local result, and it says why.
  const json::value local = LocalResult(officer_);
  EXPECT_EQ(TextOf(local, "pack"), pack_);
  EXPECT_FALSE(local.as_object().contains("score"));
  ASSERT_THAT(ArrayOf(local, "missing"), SizeIs(2));
  EXPECT_EQ(TextOf(ArrayOf(local, "missing").front(), "input"), "discipline");
  EXPECT_THAT(TextOf(ArrayOf(local, "missing").front(), "textId"), HasSubstr("disiplin"));
}

TEST_F(Mulyorejo,
       Line3_BehaviourIsDisciplineAndCooperationOnLevelsAndAwayFromTheMiddleNeedsAReason) {
  RestClient& rest = town_->rest();
  // The HR system knows discipline from attendance; the superior knows cooperation.
  const auto deliver = [&](const char* level) {
    return rest.Try(
        "POST",
        &town_->hr(),
        "/v1/" + year_ + "/figures:batchSet",
        {{"people",
          json::array{
              {{"employee", officer_},
               {"figures", json::array{Figure("discipline", level, "Rekap presensi 2025")}}},
              {{"employee", colleague_},
               {"figures", json::array{Figure("discipline", "3", "Rekap presensi 2025")}}}}}});
  };
  const Answer wrong = deliver("7");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(json::serialize(wrong.body), HasSubstr("people[0].figures[0].number"));
  const Answer delivered = deliver("4");
  EXPECT_TRUE(delivered.ok()) << json::serialize(delivered.body);
  const auto observe = [&](Caller& caller, const json::value& figure) {
    return rest.Try(
        "POST", &caller, Evaluation(officer_) + ":setFigures", {{"figures", json::array{figure}}});
  };
  EXPECT_EQ(observe(town_->As(officer_), Figure("cooperation", "5", "Diri sendiri")).status, 403);
  EXPECT_EQ(observe(town_->As(colleague_), Figure("cooperation", "5", "Rekan")).status, 403);
  EXPECT_EQ(observe(town_->As(head_), Figure("cooperation", "5", "")).status, 400);
  EXPECT_EQ(observe(town_->As(head_), Figure("attendance", "99", "Presensi")).status, 400);
  const Answer observed =
      observe(town_->As(head_), Figure("cooperation", "5", "Membantu loket saat antrean panjang"));
  EXPECT_TRUE(observed.ok()) << json::serialize(observed.body);
  // Figures count with the next scoring.
  EXPECT_FALSE(LocalResult(officer_).as_object().contains("score"));
  town_->Run(town_->hr(), "/v1/" + year_ + ":score", json::object());
  EXPECT_EQ(TextOf(ObjectOf(LocalResult(officer_), "score"), "value"), "105.00");
  EXPECT_EQ(TextOf(LocalResult(officer_), "predicate"), "VERY_GOOD");

  EXPECT_EQ(Rate(officer_,
                 {{"resultRating", "ABOVE_EXPECTATION"}, {"behaviorRating", "ABOVE_EXPECTATION"}})
                .status,
            400);
}

TEST_F(Mulyorejo, Line1_ResultsAndBehaviourAreRatedApartAndCombinedByTheMatrix) {
  RestClient& rest = town_->rest();
  const std::string unit_result = rest.Post(&town_->mayor(),
                                            "/v1/" + town_->agency() + "/unitResults",
                                            {{"unit", office_},
                                             {"period", year_},
                                             {"predicate", "UNIT_GOOD"},
                                             {"reason", "Perjanjian kinerja tercapai"}})
                                      .Text("/name");
  const Answer rated = Rate(officer_,
                            {{"resultRating", "ABOVE_EXPECTATION"},
                             {"behaviorRating", "AS_EXPECTED"},
                             {"behaviorReason", "Sesuai panduan perilaku"}});
  ASSERT_TRUE(rated.ok()) << json::serialize(rated.body);
  EXPECT_EQ(TextOf(rated.body, "resultRating"), "ABOVE_EXPECTATION");
  EXPECT_EQ(TextOf(rated.body, "behaviorRating"), "AS_EXPECTED");
  // The official predicate is the matrix of the two ratings, whatever the town's own pack computes.
  EXPECT_EQ(TextOf(rated.body, "predicate"), "GOOD");
  EXPECT_EQ(TextOf(LocalResult(officer_), "predicate"), "VERY_GOOD");
  EXPECT_TRUE(Rate(colleague_,
                   {{"resultRating", "BELOW_EXPECTATION"},
                    {"resultReason", "Ketepatan waktu tidak dicatat"},
                    {"behaviorRating", "BELOW_EXPECTATION"},
                    {"behaviorReason", "Kurang membantu loket"}})
                  .ok());
  EXPECT_TRUE(
      Rate(head_, {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}}).ok());
  const std::string session = Calibrate(unit_result);
  // Before the distribution is confirmed the effect of another rating is seen, and nobody is moved.
  const Answer tried =
      rest.Post(&town_->mayor(),
                "/v1/" + unit_result + ":simulate",
                {{"changes",
                  json::array{{{"result", TextOf(town_->EvaluationOf(colleague_, year_), "name")},
                               {"resultRating", "AS_EXPECTED"}}}}});
  EXPECT_EQ(tried.Number("/before/needsImprovement"), 1);
  EXPECT_EQ(tried.Number("/after/good"), 2);
  EXPECT_EQ(tried.Text("/after/violations/0/constraint"), "GOOD_AT_MOST_70");
  EXPECT_EQ(tried.Number("/after/violations/0/by"), 1);
  EXPECT_EQ(TextOf(town_->EvaluationOf(colleague_, year_), "predicate"), "NEEDS_IMPROVEMENT");
  rest.Post(&town_->mayor(),
            "/v1/" + unit_result + ":confirm",
            {{"justification", "Unit kecil: dua orang"}});
  town_->Run(town_->hr(), "/v1/" + year_ + ":publishResults", json::object());
  // The person reads before, after and why.
  const Answer receipt = rest.Get(&town_->As(colleague_), Evaluation(colleague_) + "/scoreReceipt");
  EXPECT_EQ(receipt.Text("/calibrations/0/session"), session);
  EXPECT_EQ(receipt.Text("/calibrations/0/before/predicate"), "VERY_POOR");
  EXPECT_EQ(receipt.Text("/calibrations/0/after/predicate"), "NEEDS_IMPROVEMENT");
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("Alasan: Loket bukan tugasnya"));
}

TEST_F(Mulyorejo, Line4_ObjectivityIsMeasuredAndShownToTheRaterAndTheAppraisalTeam) {
  RestClient& rest = town_->rest();
  const std::string practices = "/v1/" + year_ + "/ratingPractices";
  const Answer own = rest.Get(&town_->As(head_), practices);
  ASSERT_THAT(ArrayOf(own.body, "ratingPractices"), SizeIs(1));
  const json::value practice = ArrayOf(own.body, "ratingPractices").front();
  EXPECT_EQ(TextOf(practice, "appraiser"), head_);
  EXPECT_EQ(NumberOf(practice, "rated"), 2);
  EXPECT_EQ(NumberOf(ObjectOf(practice, "results"), "aboveExpectation"), 1);
  // The officer's figures suggest what was rated; the colleague's, 90 of 95 percent, suggest more.
  EXPECT_EQ(NumberOf(ObjectOf(practice, "distance"), "compared"), 2);
  EXPECT_EQ(NumberOf(ObjectOf(practice, "distance"), "lower"), 1);
  EXPECT_EQ(NumberOf(practice, "withoutDialogue"), 2);
  EXPECT_THAT(TextOf(ArrayOf(practice, "findings").front(), "textId"),
              HasSubstr("tanpa dialog dalam periode ini"));
  EXPECT_FALSE(own.body.as_object().contains("agency"));
  EXPECT_THAT(ArrayOf(rest.Get(&town_->hr(), practices).body, "ratingPractices"), SizeIs(2));
  // How groups compare is counted once; of three people nothing is told.
  const std::string fairness = "/v1/" + cycle_ + "/fairnessReport";
  for (Caller* other : {&town_->As(officer_), &town_->As(head_), &town_->mayor()})
    EXPECT_EQ(town_->Refused("GET", other, fairness, nullptr).reason, "PERMISSION_DENIED");
  const Answer groups = rest.Post(&town_->hr(), fairness + ":publish", json::object());
  EXPECT_EQ(groups.Number("/threshold"), 3);
  EXPECT_THAT(json::serialize(groups.body), Not(HasSubstr("veryGood")));
  EXPECT_THAT(std::string(rest.Get(&town_->hr(), fairness + ":draw").body.as_string()),
              HasSubstr("pertanyaan, bukan bukti"));
  // By what people are grouped is for services alone.
  const std::string traits = "/v1/" + town_->agency() + "/employees:listTraits";
  EXPECT_EQ(town_->Refused("GET", &town_->hr(), traits, nullptr).reason, "PERMISSION_DENIED");
  // Who is rated learns nothing of it.
  EXPECT_THAT(rest.Get(&town_->As(officer_), practices).body.as_object(), IsEmpty());
}

TEST_F(Mulyorejo, Line5_EachAsnSeesHowTheResultAroseAndWhatTheWorkContributesTo) {
  RestClient& rest = town_->rest();
  const Answer receipt = rest.Get(&town_->As(officer_), Evaluation(officer_) + "/scoreReceipt");
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("99.75 / 95"));
  EXPECT_THAT(receipt.Text("/textEn"), HasSubstr("mulyorejo@1"));
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("kerja sama, tingkat 1-5"));
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("Sangat Baik"));
  const json::value account = json::parse(TextOf(LocalResult(officer_), "account"));
  EXPECT_EQ(TextOf(ObjectOf(account, "result"), "score"), "105.00");
  EXPECT_THAT(ArrayOf(ObjectOf(account, "account"), "inputs"), Not(IsEmpty()));
  // Who entered what, from where.
  const json::array figures =
      ArrayOf(rest.Get(&town_->As(officer_), Evaluation(officer_)).body, "figures");
  ASSERT_THAT(figures, SizeIs(2));
  EXPECT_EQ(TextOf(figures[0], "enteredBy"), head_);
  EXPECT_EQ(TextOf(figures[1], "source"), "Rekap presensi 2025");
  // The colleague has no local result, with the reason.
  const json::value missing = ArrayOf(LocalResult(colleague_), "missing").front();
  EXPECT_EQ(TextOf(missing, "input"), "cooperation");
  // The own work, the goal it serves.
  const json::value item = ArrayOf(town_->PlanOf(officer_, cycle_), "items").front();
  EXPECT_EQ(TextOf(item, "supports"), goal_);
  EXPECT_THAT(rest.Get(&town_->As(officer_), "/v1/" + goal_).Text("/title"),
              HasSubstr("tepat waktu"));
}

TEST_F(Mulyorejo, Line7_WhoHoldsTheReceiptChecksItOfflineAndComputesTheSame) {
  RestClient& rest = town_->rest();
  Answer file;
  // The decision log is signed a moment after publication.
  ASSERT_TRUE(teraju::testing::Eventually([&] {
    file = rest.Try(
        "GET", &town_->As(officer_), Evaluation(officer_) + "/scoreReceipt:export", nullptr);
    return file.ok();
  })) << json::serialize(file.body);
  const teraju::testing::TemporaryFolder folder;
  const std::string key =
      folder.Write("key.pem", rest.Get(nullptr, "/v1/auditEvents/evaluation:key").Text("/pem"));
  const std::string text = json::serialize(file.body);
  const auto verify = [&](const std::string& receipt) {
    return teraju::testing::RunProgram(
        TERAJU_VERIFY, {"--lang=en", "--key=" + key, folder.Write("receipt.json", receipt)});
  };
  const teraju::testing::Outcome right = verify(text);
  EXPECT_EQ(right.status, 0) << right.out << right.err;
  EXPECT_THAT(right.out, HasSubstr("Recomputed to the same: annual 105.00 VERY_GOOD."));
  EXPECT_THAT(right.out, HasSubstr("The receipt's predicate is what was computed: GOOD."));
  // The service itself says the same, operation by operation.
  const Answer again =
      rest.Get(&town_->As(officer_), Evaluation(officer_) + "/scoreReceipt:recompute");
  EXPECT_EQ(again.body.at("matches"), json::value(true)) << json::serialize(again.body);
  EXPECT_EQ(again.Text("/localPack"), pack_);
  // One digit of what was measured, one of the town's own pack.
  for (const char* part : {"99.75", R"(\"at_least\": \"results_above\")"}) {
    std::string changed = text;
    const std::size_t at = changed.find(part);
    ASSERT_NE(at, std::string::npos) << part;
    changed[at + 4] = changed[at + 4] == '5' ? '6' : 'x';
    const teraju::testing::Outcome wrong = verify(changed);
    EXPECT_NE(wrong.status, 0) << wrong.out;
  }
}

TEST_F(Mulyorejo, Line6_TheAsnObjectsTheSuperiorsSuperiorHearsBothAndDecidesBeforeAndAfterShow) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  EXPECT_EQ(rest.Get(&town_->As(colleague_), base + "/objectionRules").Number("/filingDays"), 14);
  const std::string result = TextOf(town_->EvaluationOf(colleague_, year_), "name");
  const json::value words = {{"evaluation", result},
                             {"reason", "Ketepatan waktu ada di register, hanya belum disalin."}};
  EXPECT_EQ(town_->Refused("POST", &town_->As(officer_), base + "/objections", words).reason,
            "PERMISSION_DENIED");
  const Answer filed = rest.Post(&town_->As(colleague_), base + "/objections", words);
  const std::string objection = "/v1/" + filed.Text("/name");
  EXPECT_EQ(filed.Text("/record/evaluation/predicate"), "NEEDS_IMPROVEMENT");
  const Refusal twice = town_->Refused("POST", &town_->As(colleague_), base + "/objections", words);
  EXPECT_EQ(twice.reason, "OBJECTION_EXISTS");
  EXPECT_THAT(twice.text, HasSubstr("its decision is final"));

  // Both sides are heard before the superior's superior decides; the superior does not.
  const json::value change = {{"reason", "Register dukcapil membuktikan 90 persen tepat waktu."},
                              {"resultRating", "AS_EXPECTED"}};
  const Refusal unheard = town_->Refused("POST", &town_->mayor(), objection + ":decide", change);
  EXPECT_EQ(unheard.reason, "OBJECTION_NOT_HEARD");
  EXPECT_THAT(unheard.text, HasSubstr("Ask for a response"));
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), objection + ":decide", change).reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(rest.Post(&town_->As(head_),
                      objection + ":respond",
                      {{"text", "Registernya memang belum disalin ke SKP."}})
                .Text("/state"),
            "HEARD");
  const Answer decided = rest.Post(&town_->mayor(), objection + ":decide", change);
  EXPECT_EQ(decided.Text("/state"), "RESULT_CHANGED");
  EXPECT_EQ(decided.Text("/decision/before/predicate"), "NEEDS_IMPROVEMENT");
  EXPECT_EQ(decided.Text("/decision/after/predicate"), "GOOD");

  const Answer receipt = rest.Get(&town_->As(colleague_), "/v1/" + result + "/scoreReceipt");
  EXPECT_EQ(receipt.Number("/revision"), 2);
  EXPECT_EQ(receipt.Text("/before/predicate"), "NEEDS_IMPROVEMENT");
  EXPECT_EQ(receipt.Text("/before/digest"), filed.Text("/record/receipt/digest"));
  EXPECT_THAT(receipt.Text("/textId"), HasSubstr("Semula: Butuh Perbaikan"));
  EXPECT_THAT(receipt.Text("/textEn"), HasSubstr("Register dukcapil"));
  EXPECT_EQ(TextOf(town_->EvaluationOf(colleague_, year_), "predicate"), "GOOD");
  // How many objected is known, small numbers are not.
  EXPECT_EQ(rest.Get(&town_->As(officer_), "/v1/" + year_ + "/objectionStatistics")
                .body.at("total")
                .at("suppressed"),
            json::value(true));
}

}  // namespace
}  // namespace teraju::scenarios
