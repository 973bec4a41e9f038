// Dumai: a project team across offices. The numbers of the tests are the lines of the promise to
// this agency.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/dumai.h"

namespace teraju::scenarios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class DumaiTeam : public DumaiTown {
 protected:
  static std::string Base() { return "/v1/" + town_->agency(); }
  static Answer SetUpTeam(const std::vector<std::string>& people) {
    json::array members;
    for (const std::string& person : people)
      members.push_back({{"employee", person}, {"task", "Membersihkan dan memuat data"}});
    return town_->rest().Post(&town_->As(head_),
                              Base() + "/projectTeams",
                              {{"title", "Data kependudukan terpadu"},
                               {"lead", head_},
                               {"startDate", Day(2025, 3, 1)},
                               {"endDate", Day(2025, 8, 31)},
                               {"members", members}});
  }
  // Two questions; one is about initiative.
  static std::string PublishQuestions() {
    RestClient& rest = town_->rest();
    std::string questions = rest.Post(&town_->hr(),
                                      Base() + "/questionnaires",
                                      {{"kind", "MULTI_RATER"},
                                       {"displayName", "Tim kerja"},
                                       {"items",
                                        json::array{{{"itemId", "inisiatif"},
                                                     {"topic", "INISIATIF"},
                                                     {"textId", "Mengambil inisiatif"},
                                                     {"textEn", "Takes initiative"}},
                                                    {{"itemId", "kontribusi"},
                                                     {"topic", "KONTRIBUSI"},
                                                     {"textId", "Menyelesaikan bagiannya"},
                                                     {"textEn", "Does the own part"}}}},
                                       {"scaleMinimum", 1},
                                       {"scaleMaximum", 5}})
                                .Text("/name");
    rest.Post(&town_->hr(), "/v1/" + questions + ":publish", json::object());
    return questions;
  }
};

TEST_F(DumaiTeam, Line3_ACrossUnitTeamIsAppraisedByContributionsAndTheLeadsSignedView) {
  RestClient& rest = town_->rest();
  const Answer set_up = SetUpTeam({officer_, technician_});
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

TEST_F(DumaiTeam, Line3_MatesOfALargerTeamGiveFeedbackWithoutNames) {
  RestClient& rest = town_->rest();
  std::vector<std::string> people = colleagues_;
  people.back() = technician_;
  people.push_back(officer_);
  const Answer team = SetUpTeam(people);
  EXPECT_THAT(team.Text("/matesTextId"), HasSubstr("tanpa nama"));

  // Everybody of the team about everybody else.
  json::array nominations;
  for (const json::value& ratee : ArrayOf(team.body, "members")) {
    for (const json::value& rater : ArrayOf(team.body, "members")) {
      if (TextOf(ratee, "employee") == TextOf(rater, "employee")) continue;
      nominations.push_back({{"ratee", TextOf(ratee, "employee")},
                             {"rater", TextOf(rater, "employee")},
                             {"group", "PEER"}});
    }
  }
  const std::string campaign = "/v1/" + rest.Post(&town_->hr(),
                                                  Base() + "/campaigns",
                                                  {{"displayName", "Tim data kependudukan"},
                                                   {"questionnaire", PublishQuestions()},
                                                   {"endTime", "2099-12-31T00:00:00Z"}})
                                            .Text("/name");
  rest.Post(&town_->hr(),
            campaign + "/nominations:batchCreate",
            {{"nominations", nominations}, {"approve", true}});
  EXPECT_EQ(rest.Get(&town_->hr(), campaign + ":checkRaters").Number("/components"), 1);
  rest.Post(&town_->hr(), campaign + ":launch", json::object());

  // Answers about a person are the same series, whoever gives them: what may be published depends
  // on them.
  constexpr std::array<std::pair<int, int>, 6> kSeries = {
      {{3, 2}, {4, 4}, {5, 5}, {3, 3}, {4, 3}, {5, 5}}};
  std::map<std::string, std::size_t> turns;  // by ratee
  for (const std::string& person : people) {
    for (const json::value& request :
         rest.List(&town_->As(person), campaign + "/requests", "requests")) {
      const auto [initiative, part] = kSeries[turns[TextOf(request, "ratee")]++];
      rest.Post(nullptr,
                "/v1/responses:submit",
                {{"responseToken", TextOf(request, "responseToken")},
                 {"answers",
                  json::array{{{"itemId", "inisiatif"}, {"value", initiative}},
                              {{"itemId", "kontribusi"}, {"value", part}}}}});
    }
  }
  town_->Run(town_->hr(), campaign + ":close", json::object());

  // The member and the own superior, in the other office, have it as evidence; nobody of the team
  // reads another's, and none of it says who answered.
  const std::string reports = campaign + "/reports";
  for (Caller* reader : {&town_->As(technician_), &town_->As(other_head_)}) {
    const json::array seen = rest.List(reader, reports, "reports");
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(TextOf(seen.front(), "ratee"), technician_);
    const json::array groups = ArrayOf(seen.front(), "groups");
    ASSERT_THAT(groups, SizeIs(1));
    EXPECT_EQ(TextOf(groups.front(), "group"), "PEER");
    EXPECT_EQ(NumberOf(groups.front(), "answers"), 6);
    const std::string text = json::serialize(seen.front());
    EXPECT_THAT(text, AllOf(HasSubstr("inisiatif"), HasSubstr("kontribusi")));
    for (const std::string& mate : colleagues_) EXPECT_THAT(text, Not(HasSubstr(mate)));
  }
}

}  // namespace
}  // namespace teraju::scenarios
