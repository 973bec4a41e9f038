// Singkil: training under a budget that does not suffice.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

json::value Rupiah(const char* units) { return {{"currencyCode", "IDR"}, {"units", units}}; }

// One teacher's and one nurse's office of four each.
class SingkilTraining : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("singkil", "Pemerintah Kabupaten Singkil"));
    const std::string education = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    const std::string health = town_->Unit("dinkes", "Dinas Kesehatan", town_->root());
    for (int i = 0; i < 4; ++i) {
      const std::string number = std::to_string(i);
      teachers_.push_back(
          town_->Employee("Guru " + number, education, "Guru", "FUNCTIONAL", false));
      nurses_.push_back(
          town_->Employee("Perawat " + number, health, "Perawat", "FUNCTIONAL", false));
    }
  }

  static std::string Base() { return "/v1/" + town_->agency(); }
  static std::string CourseOf(const std::string& title) {
    for (const json::value& course :
         town_->rest().List(&town_->hr(), Base() + "/courses", "courses"))
      if (TextOf(course, "title") == title) return TextOf(course, "name");
    return "";
  }

  static std::vector<std::string> teachers_, nurses_;
};
std::vector<std::string> SingkilTraining::teachers_, SingkilTraining::nurses_;

TEST_F(SingkilTraining, Line5_ScarceMoneyGoesWhereTheAgencyPutsItsFocusAndEveryRefusalIsExplained) {
  RestClient& rest = town_->rest();
  for (const auto& [people, topic] :
       {std::pair{&teachers_, "LITERASI"}, std::pair{&nurses_, "IMUNISASI"}}) {
    for (const std::string& person : *people)
      rest.Post(&town_->mayor(),
                Base() + "/needs?fiscalYear=2026",
                {{"employee", person}, {"topic", topic}});
    const std::string course = rest.Post(&town_->hr(),
                                         Base() + "/courses",
                                         {{"title", std::string("Kursus ") + topic},
                                          {"topics", json::array{topic}},
                                          {"type", "8"},
                                          {"learningHours", 24}})
                                   .Text("/name");
    rest.Post(&town_->hr(), "/v1/" + course + ":publish", json::object());
    rest.Post(&town_->hr(),
              "/v1/" + course + "/offerings",
              {{"startDate", Day(2026, 2, 2)},
               {"endDate", Day(2026, 2, 4)},
               {"seats", 10},
               {"costPerSeat", Rupiah("1000000")}});
  }
  // Money for four of the eight.
  rest.Post(&town_->hr(),
            Base() + "/budgets",
            {{"fiscalYear", 2026}, {"source", "APBK"}, {"amount", Rupiah("4000000")}});
  const auto plan_with = [&](const char* topic) {
    std::string plan =
        rest.Post(&town_->hr(),
                  Base() + "/allocationPlans",
                  {{"fiscalYear", 2026},
                   {"focuses", json::array{{{"topic", topic}, {"factor", Amount("3")}}}}})
            .Text("/name");
    town_->Run(town_->hr(), "/v1/" + plan + ":solve", json::object());
    return plan;
  };
  const auto met_by = [&](const std::string& plan) {
    std::vector<std::string> met;
    for (const json::value& decision :
         rest.List(&town_->hr(), "/v1/" + plan + "/decisions", "decisions")) {
      if (TextOf(decision, "refusalCode").empty()) {
        met.push_back(TextOf(decision, "employee"));
        continue;
      }
      EXPECT_EQ(TextOf(decision, "refusalCode"), "BUDGET");
      EXPECT_THAT(TextOf(decision, "reasonId"), HasSubstr("APBK"));
      EXPECT_THAT(TextOf(decision, "reasonEn"), HasSubstr("short"));
    }
    return met;
  };
  const std::string for_schools = plan_with("LITERASI");
  EXPECT_THAT(met_by(for_schools), ::testing::UnorderedElementsAreArray(teachers_));
  EXPECT_EQ(
      TextOf(ObjectOf(rest.Get(&town_->hr(), "/v1/" + for_schools).body, "gapPercent"), "value"),
      "0.00");
  // The focus moves from education to health, and the plan with it.
  EXPECT_THAT(met_by(plan_with("IMUNISASI")), ::testing::UnorderedElementsAreArray(nurses_));

  // What one more rupiah buys: a little more by its price, a certain sum by trying it out.
  const json::value use =
      ArrayOf(rest.Get(&town_->hr(), "/v1/" + for_schools).body, "budgetUses").front();
  EXPECT_GT(std::stod(TextOf(ObjectOf(use, "valueOfMillion"), "value")), 0);
  EXPECT_THAT(TextOf(use, "textId"), HasSubstr("APBK"));
  const json::value more = town_->Run(
      town_->hr(),
      "/v1/" + for_schools + ":simulate",
      {{"budgets",
        json::array{{{"budget", TextOf(use, "budget")}, {"amount", Rupiah("5000000")}}}}});
  EXPECT_EQ(NumberOf(more, "needsMetBefore"), 4);
  EXPECT_EQ(NumberOf(more, "needsMetAfter"), 5);

  // What a course changed is not known before the results of both years are published.
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->hr(),
                          "/v1/" + CourseOf("Kursus LITERASI") + ":estimateEffect",
                          {{"beforePeriod", town_->agency() + "/cycles/2025/periods/year"},
                           {"afterPeriod", town_->agency() + "/cycles/2026/periods/year"}})
                .reason,
            "RESULTS_NOT_PUBLISHED");

  // Seats of a partner institution and of a private provider cost nothing and are used.
  const std::string immunisation = CourseOf("Kursus IMUNISASI");
  const auto offer = [&](const char* partner, int month) {
    return rest
        .Post(&town_->hr(),
              "/v1/" + immunisation + "/offerings",
              {{"startDate", Day(2026, month, 2)},
               {"endDate", Day(2026, month, 4)},
               {"seats", 2},
               {"partner", partner},
               {"costPerSeat", Rupiah("0")}})
        .Text("/name");
  };
  const std::string shared = offer("Poltekkes Aceh", 3);
  town_->Run(town_->hr(), "/v1/" + for_schools + ":solve", json::object());
  EXPECT_THAT(met_by(for_schools), ::testing::IsSupersetOf(teachers_));
  EXPECT_THAT(met_by(for_schools), SizeIs(6));
  rest.Post(&town_->hr(), "/v1/" + for_schools + ":approve", json::object());
  const auto places = [&] {
    std::set<std::string> names;
    for (const json::value& place :
         rest.List(&town_->hr(), Base() + "/enrollments", "enrollments")) {
      if (TextOf(place, "state") == "PLANNED") names.insert(TextOf(place, "name"));
    }
    return names;
  };
  EXPECT_THAT(places(), SizeIs(6));

  // The partner calls off, another steps in: the plan is repaired, not rebuilt.
  rest.Post(&town_->hr(), "/v1/" + shared + ":cancel", {{"comment", "Pengajar sakit"}});
  const auto standing = places();
  EXPECT_THAT(standing, SizeIs(4));
  offer("RS Swasta", 4);
  const std::string repair =
      rest.Post(&town_->hr(), "/v1/" + for_schools + ":repair", json::object()).Text("/name");
  town_->Run(town_->hr(), "/v1/" + repair + ":solve", json::object());
  const Answer repaired = rest.Post(&town_->hr(), "/v1/" + repair + ":approve", json::object());
  EXPECT_EQ(repaired.Number("/seatsKept"), 4);
  EXPECT_EQ(repaired.Number("/seatsAdded"), 2);
  EXPECT_THAT(places(), ::testing::IsSupersetOf(standing));
  EXPECT_THAT(places(), SizeIs(6));
  EXPECT_EQ(rest.Get(&town_->hr(), "/v1/" + for_schools).Text("/state"), "SUPERSEDED");
}

}  // namespace
}  // namespace teraju::scenarios
