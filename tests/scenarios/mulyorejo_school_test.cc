// Mulyorejo: the education office follows up its results, and says honestly what that changed.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/survey.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The office with its head, somebody who achieves, somebody who does not, and a colleague.
class MulyorejoSchool : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("mulyorejo", "Pemerintah Kota Mulyorejo"));
    office_ = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    head_ = town_->Employee("Kepala", office_, "Kepala Dinas Pendidikan", "STRUCTURAL", true);
    achiever_ = town_->Employee("Pengawas", office_, "Pengawas Sekolah", "FUNCTIONAL", false);
    struggling_ = town_->Employee("Penilik", office_, "Penilik", "FUNCTIONAL", false);
    colleague_ = town_->Employee("Staf", office_, "Pengolah Data", "GENERAL", false);
    cycle_ = town_->OpenCycle("2025");
    year_ = cycle_ + "/periods/year";
  }
  static Caller& SuperiorOf(const std::string& person) {
    return person == head_ ? town_->mayor() : town_->As(head_);
  }
  static void PublishYear() {
    RestClient& rest = town_->rest();
    for (const std::string& person : {head_, achiever_, struggling_, colleague_}) {
      town_->AgreePlan(person,
                       SuperiorOf(person),
                       cycle_,
                       json::array{{{"itemId", "sekolah"},
                                    {"kind", "MAIN"},
                                    {"title", "Sekolah didampingi"},
                                    {"indicators",
                                     json::array{{{"indicatorId", "kunjungan"},
                                                  {"aspect", "QUANTITY"},
                                                  {"title", "Kunjungan ke sekolah"},
                                                  {"unitOfMeasure", "kunjungan"},
                                                  {"polarity", "HIGHER_IS_BETTER"},
                                                  {"target", Amount("24")},
                                                  {"dataSource", "Buku tamu sekolah"}}}}}});
    }
    town_->Run(town_->hr(), "/v1/" + year_ + ":score", json::object());
    for (const std::string& person : {head_, achiever_, struggling_, colleague_}) {
      const char* rating = person == achiever_     ? "ABOVE_EXPECTATION"
                           : person == struggling_ ? "BELOW_EXPECTATION"
                                                   : "AS_EXPECTED";
      rest.Post(&SuperiorOf(person),
                "/v1/" + TextOf(town_->EvaluationOf(person, year_), "name") + ":rate",
                {{"resultRating", rating},
                 {"resultReason", "Dibahas dalam rapat evaluasi"},
                 {"behaviorRating", person == achiever_ ? "ABOVE_EXPECTATION" : "AS_EXPECTED"},
                 {"behaviorReason", "Dibahas dalam rapat evaluasi"}});
    }
    const std::string unit = rest.Post(&town_->mayor(),
                                       "/v1/" + town_->agency() + "/unitResults",
                                       {{"unit", office_},
                                        {"period", year_},
                                        {"predicate", "UNIT_GOOD"},
                                        {"reason", "Perjanjian kinerja tercapai"}})
                                 .Text("/name");
    rest.Post(&town_->mayor(),
              "/v1/" + unit + ":confirm",
              {{"justification", "Unit kecil: empat orang"}});
    town_->Run(town_->hr(), "/v1/" + year_ + ":publishResults", json::object());
  }
  inline static std::string office_, head_, achiever_, struggling_, colleague_, cycle_, year_;
};

TEST_F(MulyorejoSchool, Line10_AchieversAreAwardedOthersTrainedAndNoChangeIsAnAnswer) {
  RestClient& rest = town_->rest();
  const std::string base = "/v1/" + town_->agency();
  // What the schools found before.
  const std::string questions = SurveyQuestions(*town_);
  const SurveyRound before = OpenSurvey(*town_, questions, office_, 12);
  AnswerSurvey(*town_, before, {2, 2, 1, 2, 3, 2, 2, 1, 2, 3});
  CloseSurvey(*town_, before);
  const std::string action = rest.Post(&town_->hr(),
                                       base + "/improvementActions",
                                       {{"citizenSurvey", before.name},
                                        {"unit", office_},
                                        {"element", "U3"},
                                        {"description", "Pendampingan dijadwalkan tiap bulan"},
                                        {"owner", head_},
                                        {"dueDate", Day(2026, 6, 30)}})
                                 .Text("/name");

  PublishYear();
  const json::array awards = ArrayOf(
      rest.Post(&town_->hr(), base + "/awards:nominate", {{"period", year_}, {"sharePercent", 25}})
          .body,
      "awards");
  ASSERT_THAT(awards, SizeIs(1));
  EXPECT_EQ(TextOf(awards.front(), "employee"), achiever_);
  EXPECT_EQ(rest.Post(&town_->mayor(),
                      "/v1/" + TextOf(awards.front(), "name") + ":confirm",
                      {{"confirmed", true}})
                .Text("/state"),
            "CONFIRMED");
  town_->Run(town_->hr(), base + "/needs:derive", {{"fiscalYear", 2026}, {"period", year_}});
  EXPECT_THAT(rest.List(&town_->As(struggling_), base + "/needs", "needs"), Not(IsEmpty()));
  EXPECT_THAT(rest.List(&town_->As(achiever_), base + "/needs", "needs"), IsEmpty());
  rest.Post(&town_->As(head_),
            "/v1/" + action + ":complete",
            {{"outcome", "Delapan sekolah didampingi tiap bulan"}});

  // What they find afterwards: a little better, and not more than chance would give.
  const SurveyRound after = OpenSurvey(*town_, questions, office_, 12);
  AnswerSurvey(*town_, after, {2, 3, 1, 2, 2, 2, 3, 1, 2, 3});
  CloseSurvey(*town_, after);
  const json::value effect =
      ObjectOf(rest.List(nullptr, base + "/publicImprovements", "improvements").at(0), "effect");
  EXPECT_EQ(TextOf(effect, "verdict"), "NO_SIGNIFICANT_CHANGE");
  EXPECT_EQ(NumberOf(effect, "answersBefore"), 10);
  EXPECT_EQ(NumberOf(effect, "answersAfter"), 10);
  EXPECT_EQ(TextOf(ObjectOf(effect, "change"), "value"), "0.100");
  EXPECT_LT(DecimalOf(effect, "lower"), 0);
  EXPECT_GT(DecimalOf(effect, "upper"), 0);
  EXPECT_THAT(TextOf(effect, "textId"), HasSubstr("Tidak ada perubahan"));
}

}  // namespace
}  // namespace teraju::scenarios
