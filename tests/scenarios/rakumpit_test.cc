// Rakumpit: indicators, quarterly evaluation, follow-up. The numbers of the tests are the lines of
// the promise to this agency.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The licensing office of Rakumpit: a head, an officer at the counter, a colleague.
class Rakumpit : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("rakumpit", "Pemerintah Kota Rakumpit"));
    office_ = town_->Unit("dpmptsp", "Dinas Penanaman Modal dan PTSP", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas", "STRUCTURAL", true);
    officer_ = town_->Employee(
        "Petugas Loket", office_, "Penata Perizinan Ahli Muda", "FUNCTIONAL", false);
    colleague_ = town_->Employee("Rekan", office_, "Pengolah Data", "GENERAL", false);
    cycle_ = town_->OpenCycle("2025");
  }
  static json::value Meet(const std::string& period,
                          const json::value& date,
                          const char* progress,
                          const char* improvement) {
    return town_->rest()
        .Post(&town_->As(head_),
              "/v1/" + town_->agency() + "/meetings",
              {{"period", cycle_ + "/periods/" + period},
               {"date", date},
               {"attendants", json::array{json::string(officer_), json::string(colleague_)}},
               {"progressNote", progress},
               {"improvementNote", improvement}})
        .body;
  }
  static std::string office_, head_, officer_, colleague_, cycle_;
};
std::string Rakumpit::office_, Rakumpit::head_, Rakumpit::officer_, Rakumpit::colleague_,
    Rakumpit::cycle_;

TEST_F(Rakumpit, Line2_EveryQuarterIsDiscussedAndTheNextMeetingShowsWhatWasDone) {
  RestClient& rest = town_->rest();
  const json::value first = Meet("q1",
                                 Day(2025, 4, 8),
                                 "Waktu tanggap rata-rata 26 jam dari target 24 jam",
                                 "Berkas ditumpuk sampai sore");
  const std::string minutes = "/v1/" + TextOf(first, "name");
  const auto agree = [&](const char* text, const std::string& owner) {
    return "/v1/" + rest.Post(&town_->As(head_),
                              minutes + "/actionItems",
                              {{"text", text}, {"owner", owner}, {"dueDate", Day(2025, 5, 1)}})
                        .Text("/name");
  };
  const std::string queue = agree("Berkas dibagi dua kali sehari", officer_);
  const std::string board = agree("Papan antrean daring", colleague_);
  rest.Post(&town_->As(head_), minutes + ":close", json::object());
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(head_),
                          minutes + "/actionItems",
                          {{"text", "Lagi"}, {"owner", officer_}, {"dueDate", Day(2025, 5, 1)}})
                .reason,
            "MEETING_CLOSED");
  // Those who took part read the minutes; the owner says what came of it.
  EXPECT_THAT(rest.Get(&town_->As(officer_), minutes).Text("/improvementNote"), HasSubstr("sore"));
  rest.Post(
      &town_->As(officer_), queue + ":complete", {{"outcome", "Berjalan sejak 2 Mei, 22 jam"}});

  const json::value second = Meet("q2", Day(2025, 7, 8), "Waktu tanggap 22 jam", "");
  const json::array open = ArrayOf(second, "followUp");
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(TextOf(open.front(), "text"), "Papan antrean daring");
  EXPECT_EQ(TextOf(open.front(), "state"), "OPEN");
  rest.Post(&town_->As(head_), board + ":complete", {{"outcome", "Dipasang"}});
  EXPECT_EQ(TextOf(ArrayOf(rest.Get(&town_->As(colleague_), "/v1/" + TextOf(second, "name")).body,
                           "followUp")
                       .front(),
                   "state"),
            "DONE");
  const json::value third = Meet("q3", Day(2025, 10, 8), "Waktu tanggap 20 jam", "");
  EXPECT_THAT(third.as_object().contains("followUp") ? ArrayOf(third, "followUp") : json::array(),
              IsEmpty());
}

}  // namespace
}  // namespace teraju::scenarios
