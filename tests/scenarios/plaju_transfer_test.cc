// Plaju: an employee who changes office, and so superior, in the middle of the year.
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Somebody who goes from the office of social affairs to that of education on 1 July.
class PlajuTransfer : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("plaju", "Pemerintah Kota Plaju"));
    social_ = town_->Unit("dinsos", "Dinas Sosial", town_->root());
    education_ = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    first_ = town_->Employee("Kepala Sosial", social_, "Kepala Dinas Sosial", "STRUCTURAL", true);
    second_ = town_->Employee(
        "Kepala Pendidikan", education_, "Kepala Dinas Pendidikan", "STRUCTURAL", true);
    mover_ = town_->Employee("Pindahan", social_, "Penyuluh Sosial", "FUNCTIONAL", false);
    RestClient& rest = town_->rest();
    const json::array posts =
        rest.List(&town_->hr(), "/v1/" + mover_ + "/assignments", "assignments");
    rest.Post(&town_->hr(),
              "/v1/" + TextOf(posts.at(0), "name") + ":end",
              {{"endDate", Day(2025, 6, 30)}});
    rest.Post(&town_->hr(),
              "/v1/" + mover_ + "/assignments",
              {{"unit", education_},
               {"positionTitle", "Pamong Belajar"},
               {"kind", "DEFINITIVE"},
               {"startDate", Day(2025, 7, 1)}});
    cycle_ = town_->OpenCycle("2025", town_->AdoptPack("plaju"));
    year_ = cycle_ + "/periods/year";
  }
  // In order of time.
  static json::array OfMover(const std::string& list) {
    json::array all =
        town_->rest().List(&town_->hr(),
                           "/v1/" + town_->agency() + "/" + list + "?employee=" + mover_ +
                               (list == "evaluations" ? "&period=" + year_ : "&cycle=" + cycle_),
                           list);
    if (all.size() == 2 && NumberOf(all[0].at("snapshot").at("startDate"), "month") == 7)
      std::swap(all[0], all[1]);
    return all;
  }
  static void Rate(Caller& superior, const std::string& evaluation, const char* results) {
    town_->rest().Post(&superior,
                       "/v1/" + evaluation + ":rate",
                       {{"resultRating", results},
                        {"resultReason", "Dibahas pada dialog kinerja"},
                        {"behaviorRating", "AS_EXPECTED"}});
  }
  static std::string social_, education_, first_, second_, mover_, cycle_, year_;
};
std::string PlajuTransfer::social_, PlajuTransfer::education_, PlajuTransfer::first_,
    PlajuTransfer::second_, PlajuTransfer::mover_, PlajuTransfer::cycle_, PlajuTransfer::year_;

TEST_F(PlajuTransfer, Line5_AfterAChangeOfSuperiorEachAppraisesTheOwnPartAndTheYearShowsBoth) {
  RestClient& rest = town_->rest();
  const json::array plans = OfMover("workPlans");
  ASSERT_THAT(plans, SizeIs(2));
  EXPECT_EQ(TextOf(plans[0].at("snapshot"), "appraiser"), first_);
  EXPECT_EQ(TextOf(plans[1].at("snapshot"), "appraiser"), second_);
  town_->Run(town_->hr(), "/v1/" + year_ + ":score", json::object());
  const json::array parts = OfMover("evaluations");
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(first_),
                          "/v1/" + TextOf(parts[1], "name") + ":rate",
                          {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}})
                .reason,
            "PERMISSION_DENIED");
  Rate(town_->As(first_), TextOf(parts[0], "name"), "AS_EXPECTED");
  Rate(town_->As(second_), TextOf(parts[1], "name"), "BELOW_EXPECTATION");
  for (const std::string& head : {first_, second_})
    Rate(town_->mayor(), TextOf(town_->EvaluationOf(head, year_), "name"), "AS_EXPECTED");

  // The second superior sees both parts and decides, with a reason, for what the year as a whole
  // was.
  const json::array annual =
      rest.List(&town_->As(mover_), "/v1/" + town_->agency() + "/annualResults", "annualResults");
  ASSERT_THAT(annual, SizeIs(1));
  const std::string name = "/v1/" + TextOf(annual[0], "name");
  const Answer draft = rest.Get(&town_->As(second_), name);
  EXPECT_EQ(draft.Text("/predicate"), "NEEDS_IMPROVEMENT");
  EXPECT_EQ(draft.Number("/segments/0/days"), 181);
  EXPECT_EQ(draft.Text("/segments/0/predicate"), "GOOD");
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(first_), name + ":decide", {{"predicate", "GOOD"}}).reason,
      "PERMISSION_DENIED");
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(second_), name + ":decide", {{"predicate", "GOOD"}}).reason,
      "FIELD_INVALID");
  rest.Post(&town_->As(second_),
            name + ":decide",
            {{"predicate", "GOOD"}, {"reason", "Paruh kedua adalah masa belajar"}});

  for (const std::string& unit : {social_, education_}) {
    const Answer result = rest.Post(&town_->mayor(),
                                    "/v1/" + town_->agency() + "/unitResults",
                                    {{"unit", unit},
                                     {"period", year_},
                                     {"predicate", "UNIT_GOOD"},
                                     {"reason", "Perjanjian kinerja tercapai"}});
    rest.Post(&town_->mayor(),
              "/v1/" + result.Text("/name") + ":confirm",
              {{"justification", "Unit kecil"}});
  }
  town_->Run(town_->hr(), "/v1/" + year_ + ":publishResults", json::object());
  const Answer final = rest.Get(&town_->As(mover_), name);
  EXPECT_EQ(final.Text("/state"), "FINAL");
  EXPECT_EQ(final.Text("/predicate"), "GOOD");
  EXPECT_THAT(final.Text("/textId"), HasSubstr("masa belajar"));
  EXPECT_THAT(final.Text("/textEn"),
              HasSubstr("2025-01-01 – 2025-06-30, Penyuluh Sosial (181 days)"));
  // What the agency's own pack lacks is named; it does not become a zero.
  EXPECT_THAT(final.Text("/textId"), HasSubstr("yang kosong tidak dianggap nol"));
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(second_),
                          name + ":decide",
                          {{"predicate", "POOR"}, {"reason", "Terlambat"}})
                .reason,
            "ANNUAL_RESULT_FINAL");
}

}  // namespace
}  // namespace teraju::scenarios
