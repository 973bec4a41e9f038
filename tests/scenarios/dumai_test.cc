// Dumai: competence, integrity, mentoring. The numbers of the tests are the lines of the promise to
// this agency.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Two offices of Dumai with a head each, an officer and a technician.
class Dumai : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("dumai", "Pemerintah Kota Dumai"));
    const std::string registry =
        town_->Unit("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", town_->root());
    const std::string digital = town_->Unit("kominfo", "Dinas Kominfo", town_->root());
    head_ = town_->Employee("Kepala Dukcapil", registry, "Kepala Dinas", "STRUCTURAL", true);
    other_head_ = town_->Employee("Kepala Kominfo", digital, "Kepala Dinas", "STRUCTURAL", true);
    officer_ =
        town_->Employee("Petugas", registry, "Administrator Kependudukan", "FUNCTIONAL", false);
    technician_ = town_->Employee("Teknisi", digital, "Pranata Komputer", "FUNCTIONAL", false);
    cycle_ = town_->OpenCycle("2025");
  }
  static std::string PlanName(const std::string& person) {
    return TextOf(town_->PlanOf(person, cycle_), "name");
  }
  static std::string head_, other_head_, officer_, technician_, cycle_;
};
std::string Dumai::head_, Dumai::other_head_, Dumai::officer_, Dumai::technician_, Dumai::cycle_;

TEST_F(Dumai, Line3_ACrossUnitTeamIsAppraisedByContributionsAndTheLeadsSignedView) {
  RestClient& rest = town_->rest();
  const Answer set_up =
      rest.Post(&town_->As(head_),
                "/v1/" + town_->agency() + "/projectTeams",
                {{"title", "Data kependudukan terpadu"},
                 {"lead", head_},
                 {"startDate", Day(2025, 3, 1)},
                 {"endDate", Day(2025, 8, 31)},
                 {"members",
                  json::array{{{"employee", officer_}, {"task", "Membersihkan data"}},
                              {{"employee", technician_}, {"task", "Membangun layanan data"}}}}});
  const std::string team = "/v1/" + set_up.Text("/name");
  // Two mates are too few for answers without names: the team is told so.
  EXPECT_THAT(set_up.Text("/matesTextId"), HasSubstr("terlalu kecil"));
  rest.Post(&town_->As(technician_), team + ":report", {{"account", "Layanan data siap Juni"}});
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(other_head_), team + ":report", {{"account", "-"}}).reason,
      "PERMISSION_DENIED");

  // A weak contributor gets written feedback with action and date.
  const json::object weak = {{"employee", officer_},
                             {"rating", "BELOW_EXPECTATION"},
                             {"text", "Seperempat data belum dibersihkan"}};
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), team + ":assess", weak).status, 400);
  json::object helped = weak;
  helped["action"] = "Dampingan teknisi tiap Senin";
  helped["actionDueDate"] = Day(2025, 7, 31);
  rest.Post(&town_->As(head_), team + ":assess", helped);
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), team + ":close", json::object()).reason,
            "TEAM_VIEWS_MISSING");
  rest.Post(&town_->As(head_),
            team + ":assess",
            {{"employee", technician_},
             {"rating", "ABOVE_EXPECTATION"},
             {"text", "Layanan dipakai tiga dinas"}});
  rest.Post(&town_->As(head_), team + ":close", json::object());

  // It enters the members' evidence, for the own superior of the other office as well; a member
  // does not read what the lead says of another.
  const json::array evidence = rest.List(&town_->As(other_head_),
                                         "/v1/" + PlanName(technician_) + "/teamContributions",
                                         "teamContributions");
  ASSERT_THAT(evidence, SizeIs(1));
  const json::value part = ObjectOf(evidence.front(), "contribution");
  EXPECT_EQ(TextOf(part, "account"), "Layanan data siap Juni");
  EXPECT_EQ(TextOf(ObjectOf(part, "leadView"), "signedBy"), head_);
  const json::array members = ArrayOf(rest.Get(&town_->As(officer_), team).body, "members");
  EXPECT_TRUE(members[0].as_object().contains("leadView"));
  EXPECT_FALSE(members[1].as_object().contains("leadView"));
}

TEST_F(Dumai, Line5_LeadersAndColleaguesGiveConstructiveFeedbackByName) {
  RestClient& rest = town_->rest();
  const std::string notes = "/v1/" + town_->agency() + "/feedbackNotes";
  const std::string note = rest.Post(&town_->As(technician_),
                                     notes,
                                     {{"employee", officer_},
                                      {"kind", "SUGGESTION"},
                                      {"date", Day(2025, 6, 2)},
                                      {"text", "Kirim berkas per kelurahan agar cepat dimuat"}})
                               .Text("/name");
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(head_),
                          notes,
                          {{"employee", officer_},
                           {"kind", "CONCERN"},
                           {"date", Day(2025, 6, 3)},
                           {"text", "Laporan terlambat"}})
                .status,
            400);  // a concern says what to do and until when
  EXPECT_EQ(rest.Post(&town_->As(officer_), "/v1/" + note + ":acknowledge", {{"reply", "Siap"}})
                .Text("/state"),
            "ACKNOWLEDGED");
  EXPECT_THAT(rest.List(&town_->As(head_), notes, "feedbackNotes"), SizeIs(1));
  EXPECT_THAT(rest.List(&town_->As(other_head_), notes, "feedbackNotes"), SizeIs(0));
}

}  // namespace
}  // namespace teraju::scenarios
