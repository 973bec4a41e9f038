// Plaju: when many need the same skill.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;

class PlajuTraining : public TownTest {};

TEST_F(PlajuTraining, Line6_OneCourseForTheGroupIsOfferedWithCountAndCost) {
  ASSERT_TRUE(Begin("plaju", "Pemerintah Kota Plaju"));
  const std::string office = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
  const std::string head =
      town_->Employee("Kepala", office, "Kepala Dinas Pendidikan", "STRUCTURAL", true);
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  for (const char* name : {"Pamong", "Penilik", "Pengawas"}) {
    const std::string person = town_->Employee(name, office, name, "FUNCTIONAL", false);
    rest.Post(&town_->As(head),
              base + "/needs?fiscalYear=2026",
              {{"employee", person}, {"topic", "TEKNOLOGI_INFORMASI"}});
  }
  rest.Post(&town_->hr(),
            base + "/budgets",
            {{"fiscalYear", 2026},
             {"source", "APBD"},
             {"amount", {{"currencyCode", "IDR"}, {"units", "1000000"}}}});
  const std::string skill = rest.Post(&town_->hr(),
                                      base + "/courses",
                                      {{"title", "Teknologi informasi"},
                                       {"topics", json::array{"TEKNOLOGI_INFORMASI"}},
                                       {"type", "8"},
                                       {"learningHours", 16}})
                                .Text("/name");
  rest.Post(&town_->hr(), "/v1/" + skill + ":publish", json::object());
  rest.Post(&town_->hr(),
            "/v1/" + skill + "/offerings",
            {{"startDate", Day(2026, 4, 6)},
             {"endDate", Day(2026, 4, 8)},
             {"seats", 20},
             {"minimumParticipants", 3},
             {"costPerSeat", {{"currencyCode", "IDR"}, {"units", "0"}}},
             {"fixedCost", {{"currencyCode", "IDR"}, {"units", "300000"}}}});
  const std::string together =
      rest.Post(&town_->hr(), base + "/allocationPlans", {{"fiscalYear", 2026}}).Text("/name");
  town_->Run(town_->hr(), "/v1/" + together + ":solve", json::object());
  const json::value group =
      ArrayOf(rest.Get(&town_->hr(), "/v1/" + together).body, "groupCourses").front();
  EXPECT_EQ(NumberOf(group, "peopleLacking"), 3);
  EXPECT_EQ(NumberOf(group, "participants"), 3);
  EXPECT_EQ(TextOf(ObjectOf(group, "cost"), "units"), "300000");
  EXPECT_THAT(TextOf(group, "textId"), HasSubstr("3 pegawai membutuhkannya"));
}

}  // namespace
}  // namespace teraju::scenarios
