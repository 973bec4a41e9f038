// Mulyorejo before its first binding cycle: a rehearsal that each sees alone, and who reads the own
// weaknesses. The numbers of the tests are the lines of the promise to this agency.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// A town in which fourteen people of two offices rehearse the new rules.
class MulyorejoShadow : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("mulyorejo-shadow", "Pemerintah Kota Mulyorejo"));
    for (const char* id : {"dukcapil", "pendidikan"}) {
      const std::string office = town_->Unit(id, std::string("Dinas ") + id, town_->root());
      const std::string head =
          town_->Employee(std::string("Kepala ") + id, office, "Kepala Dinas", "STRUCTURAL", true);
      offices_.push_back(office);
      heads_.push_back(head);
      for (int i = 0; i < 6; ++i) {
        staff_.push_back(town_->Employee("Petugas " + std::to_string(i),
                                         office,
                                         "Pranata Komputer Ahli Pertama",
                                         "FUNCTIONAL",
                                         false));
        superior_[staff_.back()] = head;
      }
    }
  }
  static std::string Base() { return "/v1/" + town_->agency(); }
  static std::string Report() { return "/v1/" + cycle_ + "/rehearsalReport"; }
  // Each reads the own alone, so nobody else's list has it.
  static json::value Own(const std::string& person, const std::string& collection) {
    const json::array all = town_->rest().List(
        &town_->As(person), Base() + "/" + collection + "?employee=" + person, collection);
    for (const json::value& one : all) {
      if (TextOf(one, "period") == cycle_ + "/periods/year") return one;
    }
    ADD_FAILURE() << "no " << collection;
    return nullptr;
  }
  static Caller& SuperiorOf(const std::string& person) {
    const auto found = superior_.find(person);
    return found == superior_.end() ? town_->mayor() : town_->As(found->second);
  }
  static std::vector<std::string> Everybody() {
    std::vector<std::string> all = heads_;
    all.insert(all.end(), staff_.begin(), staff_.end());
    return all;
  }
  static void AgreeAndRealise(const std::string& person) {
    RestClient& rest = town_->rest();
    Caller& self = town_->As(person);
    const std::string plan =
        "/v1/" + town_->AgreePlan(person,
                                  SuperiorOf(person),
                                  cycle_,
                                  json::array{{{"itemId", "hk1"},
                                               {"kind", "MAIN"},
                                               {"title", "Dokumen terbit tepat waktu"},
                                               {"proposedSupport", "Pelayanan yang cepat"},
                                               {"indicators",
                                                json::array{{{"indicatorId", "waktu"},
                                                             {"aspect", "QUALITY"},
                                                             {"title", "Tepat waktu"},
                                                             {"unitOfMeasure", "persen"},
                                                             {"polarity", "HIGHER_IS_BETTER"},
                                                             {"target", Amount("90")},
                                                             {"dataSource", "Register"}}}}}});
    rest.Post(&self,
              plan + "/progressEntries",
              {{"itemId", "hk1"},
               {"indicatorId", "waktu"},
               {"kind", "REALISATION"},
               {"date", Day(2025, 12, 31)},
               {"activity", "Rekap register"},
               {"realisation", Amount("90")}});
  }
  static Answer Rate(const std::string& person, const char* results, const char* behavior) {
    return town_->rest().Try("POST",
                             &SuperiorOf(person),
                             "/v1/" + TextOf(Own(person, "evaluations"), "name") + ":rate",
                             {{"resultRating", results},
                              {"resultReason", "Uji coba"},
                              {"behaviorRating", behavior},
                              {"behaviorReason", "Uji coba"}});
  }

  inline static std::vector<std::string> offices_, heads_, staff_;
  inline static std::map<std::string, std::string> superior_;
  inline static std::string cycle_;
};

TEST_F(MulyorejoShadow, Line8_IntroductionSessionsAreCoursesWithAttendance) {
  RestClient& rest = town_->rest();
  for (const std::string& person : {staff_[0], staff_[1]}) {
    rest.Post(&SuperiorOf(person),
              Base() + "/needs?fiscalYear=2025",
              {{"employee", person}, {"topic", "SOSIALISASI_KINERJA"}});
  }
  rest.Post(&town_->hr(),
            Base() + "/budgets",
            {{"fiscalYear", 2025},
             {"source", "APBD"},
             {"amount", {{"currencyCode", "IDR"}, {"units", "1000000"}}}});
  const std::string session = "/v1/" + rest.Post(&town_->hr(),
                                                 Base() + "/courses",
                                                 {{"title", "Sosialisasi penilaian kinerja"},
                                                  {"topics", json::array{"SOSIALISASI_KINERJA"}},
                                                  {"type", "7"},  // sosialisasi
                                                  {"learningHours", 4}})
                                           .Text("/name");
  rest.Post(&town_->hr(), session + ":publish", json::object());
  rest.Post(&town_->hr(),
            session + "/offerings",
            {{"startDate", Day(2025, 2, 3)},
             {"endDate", Day(2025, 2, 3)},
             {"seats", 20},
             {"costPerSeat", {{"currencyCode", "IDR"}, {"units", "0"}}}});
  const std::string plan =
      "/v1/" +
      rest.Post(&town_->hr(), Base() + "/allocationPlans", {{"fiscalYear", 2025}}).Text("/name");
  town_->Run(town_->hr(), plan + ":solve", json::object());
  rest.Post(&town_->hr(), plan + ":approve", json::object());
  const auto places = [&](const std::string& person) {
    return rest.List(&town_->As(person), Base() + "/enrollments", "enrollments");
  };
  ASSERT_THAT(places(staff_[0]), SizeIs(1));
  rest.Post(&town_->hr(),
            "/v1/" + TextOf(places(staff_[0]).front(), "name") + ":complete",
            {{"completeDate", Day(2025, 2, 3)}});
  // Who was there is known of each.
  EXPECT_EQ(TextOf(places(staff_[0]).front(), "state"), "COMPLETED");
  EXPECT_NE(TextOf(places(staff_[1]).front(), "state"), "COMPLETED");
}

TEST_F(MulyorejoShadow, Line8_TheYearRunsOnRealDataAndEachSeesTheOwnResultAlone) {
  RestClient& rest = town_->rest();
  cycle_ = rest.Post(&town_->hr(),
                     Base() + "/cycles?cycleId=2025",
                     {{"displayName", "Uji coba 2025"},
                      {"kind", "SHADOW"},
                      {"periodKind", "QUARTERLY"},
                      {"startDate", Day(2025, 1, 1)},
                      {"endDate", Day(2025, 12, 31)}})
               .Text("/name");
  town_->Run(town_->hr(), "/v1/" + cycle_ + ":open", json::object());
  for (const std::string& person : Everybody()) AgreeAndRealise(person);
  const std::string year = "/v1/" + cycle_ + "/periods/year";
  town_->Run(town_->hr(), year + ":score", json::object());
  std::vector<std::string> results;
  for (const std::string& office : offices_) {
    results.push_back(rest.Post(&town_->mayor(),
                                Base() + "/unitResults",
                                {{"unit", office},
                                 {"period", cycle_ + "/periods/year"},
                                 {"predicate", "UNIT_GOOD"},
                                 {"reason", "Uji coba"}})
                          .Text("/name"));
  }
  for (const std::string& head : heads_) EXPECT_TRUE(Rate(head, "AS_EXPECTED", "AS_EXPECTED").ok());
  // A third each better than before, as before, worse.
  for (std::size_t i = 0; i < staff_.size(); ++i) {
    const char* results_of[] = {"ABOVE_EXPECTATION", "AS_EXPECTED", "BELOW_EXPECTATION"};
    const char* behavior = i % 3 == 0 ? "ABOVE_EXPECTATION" : "AS_EXPECTED";
    EXPECT_TRUE(Rate(staff_[i], results_of[i % 3], behavior).ok());
  }
  for (const std::string& result : results) {
    rest.Post(&town_->mayor(), "/v1/" + result + ":confirm", {{"justification", "Uji coba"}});
  }
  town_->Run(town_->hr(), year + ":publishResults", json::object());

  // The person sees what the new rules would have given, and why; nobody else does.
  const std::string own = "/v1/" + TextOf(Own(staff_[0], "evaluations"), "name");
  EXPECT_EQ(rest.Get(&town_->As(staff_[0]), own).Text("/predicate"), "VERY_GOOD");
  EXPECT_THAT(rest.Get(&town_->As(staff_[0]), own + "/scoreReceipt").Text("/textId"),
              Not(IsEmpty()));
  const std::string annual = "/v1/" + TextOf(Own(staff_[0], "annualResults"), "name");
  const Answer credits = rest.Get(&town_->As(staff_[0]), annual);
  EXPECT_EQ(credits.Text("/credits/credits/value"), "18.750");  // Ahli Pertama, Sangat Baik
  for (Caller* other :
       {&town_->hr(), &town_->mayor(), &town_->As(heads_[0]), &town_->As(staff_[1])}) {
    for (const std::string& path : {own, own + "/scoreReceipt", annual}) {
      EXPECT_EQ(town_->Refused("GET", other, path, nullptr).reason, "PERMISSION_DENIED") << path;
    }
  }
  EXPECT_THAT(rest.List(&town_->hr(), Base() + "/annualResults", "annualResults"), IsEmpty());
  EXPECT_THAT(rest.List(&town_->hr(), Base() + "/evaluations", "evaluations"), IsEmpty());
}

TEST_F(MulyorejoShadow, Line8_NothingEntersAFileAnExportOrADecision) {
  const std::string own = "/v1/" + TextOf(Own(staff_[0], "evaluations"), "name");
  Caller& self = town_->As(staff_[0]);
  const auto refused = [&](const char* verb,
                           Caller& caller,
                           const std::string& path,
                           const json::value& body = nullptr) {
    return town_->Refused(verb, &caller, path, body).reason;
  };
  EXPECT_EQ(refused("GET", self, own + "/scoreReceipt:export"), "SHADOW_CYCLE");
  EXPECT_EQ(refused("GET", self, own + "/scoreReceipt:draw"), "SHADOW_CYCLE");
  EXPECT_EQ(refused("POST",
                    self,
                    Base() + "/objections",
                    {{"evaluation", TextOf(Own(staff_[0], "evaluations"), "name")},
                     {"reason", "Keliru"}}),
            "SHADOW_CYCLE");
  EXPECT_EQ(refused("POST",
                    town_->hr(),
                    Base() + "/awards:nominate",
                    {{"period", cycle_ + "/periods/year"}, {"sharePercent", 50}}),
            "SHADOW_CYCLE");
  EXPECT_EQ(
      refused("POST", town_->hr(), "/v1/" + cycle_ + "/fairnessReport:publish", json::object()),
      "SHADOW_CYCLE");
  EXPECT_EQ(town_->Refused("GET", nullptr, "/v1/" + cycle_ + "/publicReport", nullptr).status, 404);
}

TEST_F(MulyorejoShadow, Line8_UnitsSeeTheDifferencesInAggregateAndTheSwitchIsARecordedDecision) {
  RestClient& rest = town_->rest();
  json::array grades;
  for (const std::string& person : Everybody())
    grades.push_back({{"employee", person}, {"grade", "GOOD"}});
  EXPECT_EQ(rest.Post(&town_->hr(), "/v1/" + cycle_ + "/priorGrades:import", {{"grades", grades}})
                .Number("/imported"),
            14);
  rest.Post(&town_->hr(), Report() + ":publish", json::object());
  const Answer report = rest.Get(&town_->As(staff_[3]), Report());
  const json::array counts = ArrayOf(report.body, "counts");
  ASSERT_THAT(counts, SizeIs(3));
  EXPECT_EQ(TextOf(counts[0], "unit"), town_->root());
  EXPECT_EQ(NumberOf(counts[0], "compared"), 14);
  EXPECT_EQ(NumberOf(counts[0], "better"), 4);
  EXPECT_EQ(NumberOf(counts[0], "same"), 6);
  EXPECT_EQ(NumberOf(counts[0], "worse"), 4);
  // Two of an office are too few to be told.
  EXPECT_EQ(NumberOf(counts[1], "compared"), 7);
  EXPECT_FALSE(counts[1].as_object().contains("better"));
  EXPECT_FALSE(counts[1].as_object().contains("worse"));

  const auto open = [&] {
    return town_->Refused(
        "POST", &town_->hr(), "/v1/" + town_->agency() + "/cycles/2026:open", json::object());
  };
  rest.Post(&town_->hr(),
            Base() + "/cycles?cycleId=2026",
            {{"displayName", "2026"},
             {"kind", "ANNUAL"},
             {"periodKind", "QUARTERLY"},
             {"startDate", Day(2026, 1, 1)},
             {"endDate", Day(2026, 12, 31)}});
  EXPECT_EQ(open().reason, "REHEARSAL_NOT_DECIDED");
  const json::value words = {{"reason", "Selisih dibahas dengan kedua dinas"}};
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), Report() + ":switchToBinding", words).reason,
            "PERMISSION_DENIED");
  rest.Post(&town_->mayor(), Report() + ":switchToBinding", words);
  EXPECT_EQ(rest.Get(&town_->As(staff_[3]), Report()).Text("/decision/reason"),
            "Selisih dibahas dengan kedua dinas");
  town_->Run(town_->hr(), Base() + "/cycles/2026:open", json::object());
}

TEST_F(MulyorejoShadow, Line9_EachSeesWhoCanReadTheOwnWeaknessesAndWhoDid) {
  RestClient& rest = town_->rest();
  const std::string& person = staff_[1];
  rest.Post(&town_->As(staff_[2]),
            Base() + "/feedbackNotes",
            {{"employee", person},
             {"kind", "SUGGESTION"},
             {"date", Day(2025, 5, 5)},
             {"text", "Berkas lebih rapi bila diberi nomor"}});
  EXPECT_THAT(
      rest.List(
          &town_->As(heads_[0]), Base() + "/feedbackNotes?employee=" + person, "feedbackNotes"),
      SizeIs(1));
  // A colleague reads nothing of it.
  EXPECT_THAT(
      rest.List(
          &town_->As(staff_[3]), Base() + "/feedbackNotes?employee=" + person, "feedbackNotes"),
      IsEmpty());

  const std::string path = "/v1/" + person + "/weaknessAccess";
  for (Caller* other :
       {&town_->hr(), &town_->mayor(), &town_->As(heads_[0]), &town_->As(staff_[2])})
    EXPECT_EQ(town_->Refused("GET", other, path, nullptr).reason, "PERMISSION_DENIED");
  EXPECT_EQ(town_->Refused("GET", nullptr, path, nullptr).status, 401);
  const Answer answer = rest.Get(&town_->As(person), path);
  std::set<std::string> kinds;
  for (const json::value& kind : ArrayOf(answer.body, "kinds")) {
    kinds.insert(TextOf(kind, "kind"));
    std::set<std::string> relations;
    for (const json::value& reader : ArrayOf(kind, "readers")) {
      if (TextOf(reader, "role") == "employee") relations.insert(TextOf(reader, "reach"));
      if (TextOf(reader, "reach") == "appraiser" && TextOf(reader, "role") == "employee") {
        EXPECT_EQ(TextOf(reader, "person"), heads_[0]);
      }
    }
    // Peers reach nothing: everybody's own role reaches by relation alone.
    for (const std::string& relation : relations)
      EXPECT_THAT((std::set<std::string>{"self", "appraiser", "next"}), Contains(relation));
    if (TextOf(kind, "kind") == "FEEDBACK_NOTES") {
      ASSERT_THAT(ArrayOf(kind, "readings"), SizeIs(1));
      EXPECT_TRUE(heads_[0].ends_with(TextOf(ArrayOf(kind, "readings").front(), "actor")));
    }
  }
  EXPECT_THAT(kinds, SizeIs(7));
  EXPECT_THAT(kinds, Contains("COMPETENCY_GAPS"));
  // The public has no way to ask.
  EXPECT_EQ(town_->Refused("GET", nullptr, Base() + "/competencyAssessments", nullptr).status, 401);
}

}  // namespace
}  // namespace teraju::scenarios
