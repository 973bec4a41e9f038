// Rakumpit: a whole year at the licensing office, and what follows from it. The numbers of the
// tests are the lines of the promise to this agency; they run in this order.
#include <ctime>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

json::value Measure(const char* id,
                    const char* title,
                    const char* unit,
                    const char* polarity,
                    const char* target,
                    const char* source) {
  return {{"indicatorId", id},
          {"aspect", "QUALITY"},
          {"title", title},
          {"unitOfMeasure", unit},
          {"polarity", polarity},
          {"target", Amount(target)},
          {"dataSource", source}};
}

// The licensing office: a head, an officer at the counter who serves well, one who does not, and
// four colleagues.
class RakumpitYear : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("rakumpit", "Pemerintah Kota Rakumpit"));
    office_ = town_->Unit("dpmptsp", "Dinas Penanaman Modal dan PTSP", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas", "STRUCTURAL", true);
    officer_ = town_->Employee(
        "Petugas Loket", office_, "Penata Perizinan Ahli Muda", "FUNCTIONAL", false);
    struggling_ = town_->Employee("Petugas Arsip", office_, "Arsiparis", "FUNCTIONAL", false);
    for (const char* name : {"Ani", "Budi", "Cici", "Dedi"})
      colleagues_.push_back(town_->Employee(name, office_, "Pengolah Data", "GENERAL", false));
    goal_ = town_->rest()
                .Post(&town_->hr(),
                      "/v1/" + town_->agency() + "/goals",
                      {{"kind", "STRATEGIC_GOAL"},
                       {"title", "Perizinan yang cepat dan memuaskan"},
                       {"firstYear", 2025},
                       {"lastYear", 2029}})
                .Text("/name");
    town_->rest().Post(&town_->hr(), "/v1/" + goal_ + ":publish", json::object());
    cycle_ = town_->OpenCycle("2025");
    year_ = cycle_ + "/periods/year";
  }
  static std::vector<std::string> Everybody() {
    std::vector<std::string> everybody = colleagues_;
    everybody.insert(everybody.end(), {head_, officer_, struggling_});
    return everybody;
  }
  static Caller& SuperiorOf(const std::string& person) {
    return person == head_ ? town_->mayor() : town_->As(head_);
  }
  static std::string Plan(const std::string& person) {
    return "/v1/" + TextOf(town_->PlanOf(person, cycle_), "name");
  }
  static json::value Items() {
    return json::array{{{"itemId", "layanan"},
                        {"kind", "MAIN"},
                        {"title", "Permohonan warga dilayani cepat dan memuaskan"},
                        {"supports", goal_},
                        {"indicators",
                         json::array{Measure("tanggap",
                                             "Waktu tanggap permohonan warga",
                                             "jam",
                                             "LOWER_IS_BETTER",
                                             "24",
                                             "Aplikasi perizinan"),
                                     Measure("puas",
                                             "Kepuasan warga",
                                             "indeks",
                                             "HIGHER_IS_BETTER",
                                             "80",
                                             "Survei kepuasan masyarakat")}}}};
  }
  static void Realise(const std::string& person,
                      const char* indicator,
                      const char* value,
                      const std::string& evidence = "") {
    json::object entry = {{"itemId", "layanan"},
                          {"indicatorId", indicator},
                          {"kind", "REALISATION"},
                          {"date", Day(2025, 12, 30)},
                          {"activity", "Rekap pelayanan"},
                          {"realisation", Amount(value)}};
    if (!evidence.empty()) entry["evidence"] = json::array{json::string(evidence)};
    town_->rest().Post(&town_->As(person), Plan(person) + "/progressEntries", entry);
  }
  static void Rate(const std::string& person,
                   const std::string& period,
                   const char* results,
                   const char* behavior) {
    town_->rest().Post(&SuperiorOf(person),
                       "/v1/" + TextOf(town_->EvaluationOf(person, period), "name") + ":rate",
                       {{"resultRating", results},
                        {"resultReason", "Dibahas dalam rapat evaluasi"},
                        {"behaviorRating", behavior},
                        {"behaviorReason", "Dibahas dalam rapat evaluasi"}});
  }
  static std::string ResultOf(const std::string& person) {
    return TextOf(town_->rest()
                      .List(&town_->As(person),
                            "/v1/" + town_->agency() + "/annualResults?employee=" + person,
                            "annualResults")
                      .front(),
                  "name");
  }
  static std::string Report() { return "/v1/" + cycle_ + "/publicReport"; }

  inline static std::string office_, head_, officer_, struggling_, goal_, cycle_, year_;
  inline static std::vector<std::string> colleagues_;
};

TEST_F(RakumpitYear, Line1_ResponseTimeAndSatisfactionHaveUnitTargetSourceAndEvidence) {
  RestClient& rest = town_->rest();
  const std::string plan = Plan(officer_);
  // Without its unit of measure an indicator measures nothing.
  json::value unclear = Items();
  unclear.at(0).at("indicators").at(0).as_object().erase("unitOfMeasure");
  EXPECT_EQ(town_->Refused("PATCH", &town_->As(officer_), plan, {{"items", unclear}}).reason,
            "FIELD_INVALID");
  for (const std::string& person : Everybody()) {
    town_->AgreePlan(person, SuperiorOf(person), cycle_, Items().as_array());
  }
  const json::value agreed = rest.Get(&town_->As(head_), plan).body.at("items").at(0);
  EXPECT_EQ(TextOf(agreed.at("indicators").at(0), "polarity"), "LOWER_IS_BETTER");
  EXPECT_EQ(TextOf(agreed.at("indicators").at(0), "unitOfMeasure"), "jam");
  EXPECT_EQ(TextOf(agreed.at("indicators").at(1), "dataSource"), "Survei kepuasan masyarakat");

  const std::string evidence = rest.Upload(&town_->As(officer_),
                                           plan + "/evidence:upload?itemId=layanan",
                                           "text/csv",
                                           "permohonan;jam\n1;18\n2;22\n")
                                   .Text("/name");
  Realise(officer_, "tanggap", "20", evidence);
  Realise(officer_, "puas", "86", evidence);
  Realise(struggling_, "tanggap", "40");
  Realise(struggling_, "puas", "60");
  for (const std::string& person : Everybody()) {
    if (person == officer_ || person == struggling_) continue;
    Realise(person, "tanggap", "24");
    Realise(person, "puas", "80");
  }
  town_->Run(town_->hr(), "/v1/" + year_ + ":score", json::object());
  const json::value computed =
      ObjectOf(town_->EvaluationOf(officer_, year_), "computed").at("items").at(0);
  // 1 + (1 - 20/24), and 86/80.
  const json::array measured = ArrayOf(computed, "indicators");
  ASSERT_THAT(measured, SizeIs(2));
  EXPECT_EQ(TextOf(ObjectOf(measured[0], "achievement"), "value"), "116.67");
  EXPECT_EQ(TextOf(ObjectOf(measured[1], "achievement"), "value"), "107.50");
  EXPECT_THAT(rest.List(&town_->As(head_), plan + "/evidence", "evidence"), SizeIs(1));
}

TEST_F(RakumpitYear, Line4_ThePublicReadsRulesCalendarCriteriaAndCountsButNeverAPerson) {
  RestClient& rest = town_->rest();
  // While the cycle is open: rules, calendar and criteria, without signing in.
  const Answer announced = rest.Get(nullptr, Report());
  EXPECT_EQ(announced.Text("/state"), "ANNOUNCED");
  EXPECT_EQ(announced.Text("/rules/0/pack"), "permenpanrb-6-2022");
  EXPECT_THAT(announced.Text("/rules/0/digest"), SizeIs(64));
  EXPECT_THAT(ArrayOf(announced.body, "periods"), SizeIs(5));
  EXPECT_EQ(announced.Number("/objectionRules/filingDays"), 14);
  EXPECT_THAT(announced.Text("/awardCriteriaId"), HasSubstr("Sangat Baik"));
  EXPECT_FALSE(announced.body.as_object().contains("units"));

  // The year goes its way; who struggles disagrees with the result.
  for (const char* quarter : {"q1", "q2", "q3", "q4"}) {
    const std::string period = cycle_ + "/periods/" + quarter;
    town_->Run(town_->hr(), "/v1/" + period + ":score", json::object());
    for (const std::string& person : Everybody())
      Rate(person, period, "AS_EXPECTED", "AS_EXPECTED");
    town_->Run(town_->hr(), "/v1/" + period + ":publishResults", json::object());
  }
  const std::string unit_result = rest.Post(&town_->mayor(),
                                            "/v1/" + town_->agency() + "/unitResults",
                                            {{"unit", office_},
                                             {"period", year_},
                                             {"predicate", "UNIT_GOOD"},
                                             {"reason", "Perjanjian kinerja tercapai"}})
                                      .Text("/name");
  for (const std::string& person : Everybody()) {
    const bool excels = person == officer_ || person == colleagues_.front();
    const char* results = excels                  ? "ABOVE_EXPECTATION"
                          : person == struggling_ ? "BELOW_EXPECTATION"
                                                  : "AS_EXPECTED";
    Rate(person, year_, results, excels ? "ABOVE_EXPECTATION" : "AS_EXPECTED");
  }
  rest.Post(&town_->mayor(),
            "/v1/" + unit_result + ":confirm",
            {{"justification", "Unit kecil: enam orang"}});
  town_->Run(town_->hr(), "/v1/" + year_ + ":publishResults", json::object());
  rest.Post(&town_->As(struggling_),
            "/v1/" + town_->agency() + "/objections",
            {{"evaluation", TextOf(town_->EvaluationOf(struggling_, year_), "name")},
             {"reason", "Arsip lama belum diserahkan kepada saya"}});
  EXPECT_FALSE(rest.Get(nullptr, Report()).body.as_object().contains("units"));
  rest.Post(&town_->hr(), "/v1/" + cycle_ + ":close", json::object());

  const Answer report = rest.Get(nullptr, Report());
  EXPECT_EQ(report.Text("/state"), "PUBLISHED");
  const json::array units = ArrayOf(report.body, "units");
  ASSERT_THAT(units, SizeIs(2));
  EXPECT_EQ(TextOf(units[0], "displayName"), "Pemerintah Kota Rakumpit");
  EXPECT_EQ(TextOf(units[1], "displayName"), "Dinas Penanaman Modal dan PTSP");
  for (const json::value& unit : units) {
    EXPECT_EQ(NumberOf(unit, "appraised"), 7);
    EXPECT_EQ(NumberOf(unit, "good"), 4);
    // Two excel, one struggles and objects: withheld, and so that no difference tells one of them.
    for (const char* small : {"veryGood", "needsImprovement", "poor", "objections"})
      EXPECT_FALSE(unit.as_object().contains(small)) << small;
  }
  EXPECT_THAT(json::serialize(report.body), Not(HasSubstr("employees/")));
  EXPECT_EQ(rest.Try("GET", nullptr, Report() + "x", nullptr).status, 404);
}

TEST_F(RakumpitYear, Line5_HighPerformersAreCandidatesWithReasonsAndAPersonDecides) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  const json::array awards = ArrayOf(
      rest.Post(&town_->hr(), base + "/awards:nominate", {{"period", year_}, {"sharePercent", 20}})
          .body,
      "awards");
  ASSERT_THAT(awards, SizeIs(1));
  EXPECT_EQ(TextOf(awards.front(), "employee"), officer_);
  EXPECT_THAT(TextOf(awards.front(), "reasonId"), HasSubstr("112.08%"));
  rest.Post(&town_->mayor(),
            "/v1/" + TextOf(awards.front(), "name") + ":confirm",
            {{"confirmed", true}, {"comment", "Pelayan publik terbaik"}});

  // A vacant higher post: the year's results say who qualifies, who nearly, and why.
  const std::string vacancy = "/v1/" + rest.Post(&town_->hr(),
                                                 base + "/vacancies",
                                                 {{"positionTitle", "Kepala Seksi Perizinan"},
                                                  {"unit", office_},
                                                  {"echelon", "41"},
                                                  {"minimumGrade", "33"},
                                                  {"years", 1},
                                                  {"minimumPredicate", "VERY_GOOD"}})
                                           .Text("/name");
  const json::array candidates =
      ArrayOf(rest.Get(&town_->mayor(), vacancy + "/candidates").body, "candidates");
  ASSERT_THAT(candidates, Not(IsEmpty()));
  const json::value& best = candidates.front();
  EXPECT_EQ(TextOf(best, "employee"), officer_);
  EXPECT_TRUE(FlagOf(best, "qualifies"));
  EXPECT_THAT(TextOf(best.at("grounds").at(0), "textId"), HasSubstr("Sangat Baik (2025)"));
  EXPECT_THAT(TextOf(best.at("grounds").at(1), "textEn"), HasSubstr("112.08%; required 100%"));
  // Who reached the targets but not the predicate is near, and reads what is missing.
  const json::value& near = candidates.at(2);
  EXPECT_FALSE(FlagOf(near, "qualifies"));
  EXPECT_THAT(TextOf(near.at("grounds").at(0), "textEn"), HasSubstr("met 0"));
  for (const json::value& candidate : candidates)
    EXPECT_NE(TextOf(candidate, "employee"), struggling_);
  EXPECT_EQ(town_->Refused("GET", &town_->As(officer_), vacancy + "/candidates", nullptr).reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(rest.Get(&town_->As(officer_), vacancy).Text("/state"), "OPEN");
  const json::object choice = {{"employee", officer_}, {"reason", "Dua indikator terlampaui"}};
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), vacancy + ":decide", choice).reason,
            "PERMISSION_DENIED");
  const Answer decided = rest.Post(&town_->mayor(), vacancy + ":decide", choice);
  EXPECT_EQ(decided.Text("/state"), "FILLED");
  EXPECT_EQ(decided.Text("/decision/candidate/employee"), officer_);
}

TEST_F(RakumpitYear, Line5_LowPerformersGetADevelopmentProgramme) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency() + "/developmentProgrammes";
  const std::time_t soon = std::time(nullptr) + 60 * 86400;
  std::tm due{};
  gmtime_r(&soon, &due);
  const auto wanted = [&](const std::string& person) {
    return json::object{
        {"annualResult", ResultOf(person)},
        {"goals",
         json::array{{{"text", "Arsip ditemukan dalam satu hari"},
                      {"measure", "Rata-rata bulanan aplikasi arsip"},
                      {"dueDate", Day(due.tm_year + 1900, due.tm_mon + 1, due.tm_mday)},
                      {"support", "Pelatihan arsip digital dan pendamping"}}}}};
  };
  const Refusal needless =
      town_->Refused("POST", &town_->As(head_), base, wanted(colleagues_.back()));
  EXPECT_EQ(needless.reason, "DEVELOPMENT_NOT_NEEDED");
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), base, wanted(struggling_)).reason,
            "PERMISSION_DENIED");
  const Answer opened = rest.Post(&town_->As(head_), base, wanted(struggling_));
  const std::string programme = "/v1/" + opened.Text("/name");
  EXPECT_EQ(opened.Text("/predicate"), "NEEDS_IMPROVEMENT");
  rest.Post(&town_->As(struggling_), programme + ":acknowledge", {{"comment", "Saya mulai besok"}});
  EXPECT_EQ(town_->Refused("GET", &town_->As(officer_), programme, nullptr).reason,
            "PERMISSION_DENIED");
  const Refusal early = town_->Refused("POST",
                                       &town_->As(head_),
                                       programme + ":conclude",
                                       {{"improved", true}, {"reason", "Sudah baik"}});
  EXPECT_EQ(early.reason, "DEVELOPMENT_NOT_REVIEWED");
  EXPECT_THAT(early.text, HasSubstr("Record a review"));
  const json::value start = ObjectOf(opened.body, "startDate");
  rest.Post(
      &town_->As(head_),
      programme + ":review",
      {{"date", start}, {"note", "Arsip 2024 sudah rapi"}, {"reachedGoals", json::array{"1"}}});
  // Who has not improved has the whole six months.
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(head_),
                          programme + ":conclude",
                          {{"improved", false}, {"reason", "Belum"}})
                .reason,
            "DEVELOPMENT_TOO_EARLY");
  EXPECT_EQ(rest.Post(&town_->As(head_),
                      programme + ":conclude",
                      {{"improved", true}, {"reason", "Sasaran tercapai"}})
                .Text("/state"),
            "IMPROVED");
}

TEST_F(RakumpitYear, Line3_WhoLacksASkillGetsANeedAPlaceARecordAndTheEffect) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  const Answer need = rest.Post(&town_->As(head_),
                                base + "/needs?fiscalYear=2026",
                                {{"employee", struggling_},
                                 {"topic", "TEKNOLOGI_INFORMASI"},
                                 {"comment", "Arsip masih dicatat di buku"}});
  EXPECT_EQ(need.Text("/state"), "CONFIRMED");  // the superior's word
  EXPECT_EQ(need.Text("/source"), "SUPERIOR");
  const std::string course = rest.Post(&town_->hr(),
                                       base + "/courses",
                                       {{"title", "Arsip digital"},
                                        {"topics", json::array{"TEKNOLOGI_INFORMASI"}},
                                        {"type", "8"},
                                        {"learningHours", 24}})
                                 .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + course + ":publish", json::object());
  rest.Post(&town_->hr(),
            "/v1/" + course + "/offerings",
            {{"startDate", Day(2026, 3, 2)},
             {"endDate", Day(2026, 3, 4)},
             {"seats", 2},
             {"costPerSeat", {{"currencyCode", "IDR"}, {"units", "400000"}}}});
  rest.Post(&town_->hr(),
            base + "/budgets",
            {{"fiscalYear", 2026},
             {"source", "APBD"},
             {"amount", {{"currencyCode", "IDR"}, {"units", "1000000"}}}});
  const std::string plan =
      "/v1/" +
      rest.Post(&town_->hr(), base + "/allocationPlans", {{"fiscalYear", 2026}}).Text("/name");
  town_->Run(town_->hr(), plan + ":solve", json::object());
  rest.Post(&town_->hr(), plan + ":approve", json::object());
  const auto own_need = [&] {
    return rest.List(&town_->As(struggling_), base + "/needs?fiscalYear=2026", "needs").front();
  };
  EXPECT_EQ(TextOf(own_need(), "state"), "PLANNED");
  const json::array places =
      rest.List(&town_->As(struggling_), base + "/enrollments", "enrollments");
  ASSERT_THAT(places, SizeIs(1));
  const Answer done = rest.Post(
      &town_->hr(),
      "/v1/" + TextOf(places.front(), "name") + ":complete",
      {{"completeDate", Day(2026, 3, 4)}, {"effectNote", "Arsip dicari 10 menit, dulu sehari"}});
  EXPECT_EQ(done.Text("/state"), "COMPLETED");
  EXPECT_EQ(done.Number("/learningHours"), 24);
  EXPECT_THAT(done.Text("/effectNote"), HasSubstr("10 menit"));
  EXPECT_EQ(TextOf(own_need(), "state"), "MET");
}

}  // namespace
}  // namespace teraju::scenarios
