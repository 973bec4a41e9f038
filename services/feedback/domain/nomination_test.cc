#include "services/feedback/domain/nomination.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/testing/status_matchers.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// A head under an official, five people under the head; two more in a unit elsewhere.
std::vector<ReportingLine> Office() {
  std::vector<ReportingLine> lines = {{"employees/head", "officials/mayor", "u1", {"u1", "root"}}};
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    lines.push_back({std::string("employees/") + id, "employees/head", "u1", {"u1", "root"}});
  }
  lines.push_back({"employees/x", "officials/mayor", "u2", {"u2", "root"}});
  lines.push_back({"employees/y", "employees/x", "u2", {"u2", "root"}});
  return lines;
}

std::vector<std::string> RatersOf(const std::vector<RaterChoice>& choices,
                                  const std::string& ratee,
                                  v1::RaterGroup group) {
  std::vector<std::string> raters;
  for (const RaterChoice& choice : choices) {
    if (choice.ratee == ratee && choice.group == group) raters.push_back(choice.rater);
  }
  return raters;
}

TEST(CheckRater, WantsTheSamePersonExactlyForSelf) {
  EXPECT_THAT(CheckRater({"employees/a", "employees/a", v1::SELF}), IsOk());
  EXPECT_THAT(CheckRater({"employees/a", "employees/b", v1::PEER}), IsOk());
  EXPECT_THAT(CheckRater({"employees/a", "employees/a", v1::PEER}), HasReason(v1::RATER_IS_RATEE));
  EXPECT_THAT(CheckRater({"employees/a", "employees/b", v1::SELF}), HasReason(v1::RATER_IS_RATEE));
}

TEST(RequireDistinct, NamesARepetition) {
  std::vector<RaterChoice> choices = {{"employees/a", "employees/b", v1::PEER},
                                      {"employees/b", "employees/a", v1::PEER}};
  EXPECT_THAT(RequireDistinct(choices), IsOk());
  choices.push_back({"employees/a", "employees/b", v1::SUPERIOR});
  EXPECT_THAT(RequireDistinct(choices), testing::ViolatesField("nominations[2].rater"));
}

TEST(SuggestRaters, TakesSelfSuperiorPeersAndSubordinates) {
  const auto choices = SuggestRaters(Office(), {.peers = 3, .subordinates = 2, .seed = "s"});
  EXPECT_THAT(RatersOf(choices, "employees/a", v1::SELF), ElementsAre("employees/a"));
  EXPECT_THAT(RatersOf(choices, "employees/a", v1::SUPERIOR), ElementsAre("employees/head"));
  const auto peers = RatersOf(choices, "employees/a", v1::PEER);
  EXPECT_EQ(peers.size(), 3U);
  EXPECT_THAT(peers, Not(Contains("employees/a")));
  EXPECT_THAT(peers, Not(Contains("employees/y")));
  EXPECT_TRUE(RatersOf(choices, "employees/a", v1::SUBORDINATE).empty());
  EXPECT_THAT(RatersOf(choices, "employees/head", v1::SUPERIOR), ElementsAre("officials/mayor"));
  EXPECT_EQ(RatersOf(choices, "employees/head", v1::SUBORDINATE).size(), 2U);
  EXPECT_THAT(RatersOf(choices, "employees/head", v1::PEER), ElementsAre("employees/x"));
}

TEST(SuggestRaters, NamesNobodyTwiceForARatee) {
  const auto choices = SuggestRaters(Office(), {.peers = 20, .subordinates = 20, .seed = "s"});
  std::set<std::pair<std::string, std::string>> pairs;
  for (const RaterChoice& choice : choices) {
    EXPECT_TRUE(pairs.emplace(choice.ratee, choice.rater).second);
    EXPECT_THAT(CheckRater(choice), IsOk());
  }
  EXPECT_EQ(RatersOf(choices, "employees/a", v1::PEER).size(), 4U);
}

TEST(SuggestRaters, GivesEveryPeerTheSameLoad) {
  const auto choices = SuggestRaters(Office(), {.peers = 3, .seed = "s"});
  std::map<std::string, int> load;
  for (const RaterChoice& choice : choices) {
    if (choice.group == v1::PEER) ++load[choice.rater];
  }
  for (const char* id : {"a", "b", "c", "d", "e"})
    EXPECT_EQ(load[std::string("employees/") + id], 3);
}

TEST(SuggestRaters, DependsOnTheSeedAndNotOnTheOrder) {
  std::vector<ReportingLine> reversed = Office();
  std::reverse(reversed.begin(), reversed.end());
  const SuggestionRules rules{.peers = 2, .subordinates = 2, .seed = "s"};
  EXPECT_EQ(SuggestRaters(Office(), rules), SuggestRaters(reversed, rules));
  std::set<std::vector<std::string>> draws;
  for (const char* seed : {"1", "2", "3", "4", "5", "6"}) {
    draws.insert(
        RatersOf(SuggestRaters(Office(), {.peers = 2, .seed = seed}), "employees/a", v1::PEER));
  }
  EXPECT_GT(draws.size(), 1U);
}

TEST(SuggestRaters, LimitsRateesToAUnitButNotTheirRaters) {
  const auto choices =
      SuggestRaters(Office(), {.peers = 2, .subordinates = 2, .unit = "u2", .seed = "s"});
  std::set<std::string> ratees;
  for (const RaterChoice& choice : choices) ratees.insert(choice.ratee);
  EXPECT_THAT(ratees, UnorderedElementsAre("employees/x", "employees/y"));
  EXPECT_THAT(RatersOf(choices, "employees/x", v1::PEER), ElementsAre("employees/head"));
}

TEST(SuggestRaters, LeavesOutTheSuperiorWhereThereIsNone) {
  const auto choices = SuggestRaters({{"employees/top", "", "u", {"u"}}}, {.peers = 2});
  ASSERT_EQ(choices.size(), 1U);
  EXPECT_EQ(choices[0].group, v1::SELF);
}

TEST(SuggestRaters, TakesAPersonWithTwoLinesOnce) {
  std::vector<ReportingLine> lines = Office();
  lines.push_back({"employees/a", "employees/x", "u2", {"u2", "root"}});
  const auto choices = SuggestRaters(lines, {.peers = 2, .seed = "s"});
  EXPECT_EQ(RatersOf(choices, "employees/a", v1::SELF).size(), 1U);
  EXPECT_EQ(RatersOf(choices, "employees/a", v1::SUPERIOR).size(), 1U);
}

}  // namespace
}  // namespace teraju::feedback::domain
