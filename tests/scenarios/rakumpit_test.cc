// Rakumpit: indicators, quarterly evaluation, follow-up. The numbers of the tests are the lines of
// the promise to this agency.
#include <algorithm>

#include "common/testing/eventually.h"
#include "common/testing/smtp_sink.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The licensing office of Rakumpit: a head, an officer at the counter, a colleague.
class Rakumpit : public TownTest {
 protected:
  static void SetUpTestSuite() {
    relay_ = new testing::SmtpSink;
    ASSERT_TRUE(Begin("rakumpit",
                      "Pemerintah Kota Rakumpit",
                      {{"TERAJU_EVALUATION_MAIL_RELAY_URL", relay_->url()},
                       {"TERAJU_EVALUATION_MAIL_FROM", "teraju@rakumpit.example"},
                       {"TERAJU_EVALUATION_MAIL_PORTAL", "https://teraju.rakumpit.example"}}));
    office_ = town_->Unit("dpmptsp", "Dinas Penanaman Modal dan PTSP", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas", "STRUCTURAL", true);
    officer_ = town_->Employee(
        "Petugas Loket", office_, "Penata Perizinan Ahli Muda", "FUNCTIONAL", false);
    colleague_ = town_->Employee("Rekan", office_, "Pengolah Data", "GENERAL", false);
    cycle_ = town_->OpenCycle("2025");
  }
  static void TearDownTestSuite() {
    TownTest::TearDownTestSuite();
    delete relay_;
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
  static testing::SmtpSink* relay_;
};
testing::SmtpSink* Rakumpit::relay_ = nullptr;
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

TEST_F(Rakumpit, Line6_WhoIsLateIsVisibleAndLeadersAreReminded) {
  RestClient& rest = town_->rest();
  const std::string participation = "/v1/" + cycle_ + "/participation";
  const auto count = [&](const char* group, const std::string& subject, const char* field) {
    const Answer counts = rest.Get(&town_->hr(), participation);
    for (const json::value& one : ArrayOf(counts.body, group)) {
      if (TextOf(one, "subject") == subject) return NumberOf(one, field);
    }
    ADD_FAILURE() << subject << " is not among the " << group;
    return std::int64_t{-1};
  };
  EXPECT_EQ(count("units", office_, "plans"), 3);
  EXPECT_EQ(count("units", office_, "submitted"), 0);

  const std::string plan = "/v1/" + TextOf(town_->PlanOf(officer_, cycle_), "name");
  rest.Patch(&town_->As(officer_),
             plan,
             {{"items",
               json::array{{{"itemId", "tanggap"},
                            {"kind", "MAIN"},
                            {"title", "Permohonan dijawab tepat waktu"},
                            {"indicators",
                             json::array{{{"indicatorId", "jam"},
                                          {"aspect", "TIME"},
                                          {"title", "Waktu tanggap"},
                                          {"unitOfMeasure", "jam"},
                                          {"polarity", "LOWER_IS_BETTER"},
                                          {"target", Amount("24")},
                                          {"dataSource", "Aplikasi perizinan"}}}}}}}});
  rest.Post(&town_->As(officer_), plan + ":submit", json::object());
  rest.Post(&town_->As(head_), plan + ":approve", json::object());
  // By unit and by leader.
  EXPECT_EQ(count("units", office_, "submitted"), 1);
  EXPECT_EQ(count("leaders", head_, "plans"), 2);
  EXPECT_EQ(count("leaders", head_, "approved"), 1);
  // By person, for the leader alone.
  const std::string team = "/v1/" + cycle_ + "/subordinates";
  for (const json::value& one : rest.List(&town_->As(head_), team, "subordinates")) {
    const bool planned = TextOf(one, "employee") == officer_;
    const json::array late = ArrayOf(one, "late");
    EXPECT_EQ(std::find(late.begin(), late.end(), json::value("PLAN_NOT_SUBMITTED")) == late.end(),
              planned);
  }
  EXPECT_EQ(town_->Refused("GET", &town_->As(colleague_), participation, nullptr).reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(
      town_->Refused("GET", &town_->As(colleague_), team + "?appraiser=" + head_, nullptr).reason,
      "PERMISSION_DENIED");
  rest.Patch(
      &town_->hr(), "/v1/" + head_ + "?updateMask=email", {{"email", "kepala@rakumpit.example"}});
  // The head waits for a colleague and has no plan of the own, so the mayor waits too.
  EXPECT_EQ(rest.Post(&town_->hr(), participation + ":remind", json::object()).Number("/leaders"),
            2);
  // The mayor has no address. The mail tells nothing of anybody.
  ASSERT_TRUE(testing::Eventually([] { return !relay_->mails().empty(); }));
  ASSERT_THAT(relay_->mails(), SizeIs(1));
  EXPECT_THAT(relay_->mails().front().to, HasSubstr("kepala@rakumpit.example"));
  EXPECT_THAT(relay_->mails().front().text,
              AllOf(HasSubstr("https://teraju.rakumpit.example"),
                    HasSubstr("is late"),
                    Not(HasSubstr("Petugas")),
                    Not(HasSubstr("1980"))));
}

}  // namespace
}  // namespace teraju::scenarios
