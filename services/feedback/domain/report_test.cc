#include "services/feedback/domain/report.h"

#include <algorithm>
#include <map>

#include "absl/time/time.h"
#include "common/testing/status_matchers.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/timestamp.h"

namespace teraju::feedback::domain {
namespace {

using testing::IsOk;
using testing::StatusIs;

using ::testing::UnorderedElementsAre;

v1::Questionnaire Items(int count) {
  v1::Questionnaire questionnaire;
  questionnaire.set_scale_minimum(1);
  questionnaire.set_scale_maximum(5);
  for (int i = 0; i < count; ++i) {
    questionnaire.add_items()->set_item_id("i" + std::to_string(i));
    questionnaire.mutable_items(i)->set_topic("T" + std::to_string(i));
  }
  return questionnaire;
}

v1::Campaign Defaults() {
  v1::Campaign campaign;
  *campaign.mutable_end_time() = ToTimestamp(absl::FromUnixSeconds(10));
  EXPECT_THAT(PrepareCampaign(campaign, absl::UnixEpoch()), IsOk());
  return campaign;
}

v1::Report Make(const v1::Questionnaire& questionnaire,
                const RateeFeedback& feedback,
                std::uint64_t seed = 1) {
  auto report = MakeReport(questionnaire, Defaults(), feedback, seed);
  EXPECT_THAT(report, IsOk());
  return report.ok() ? *report : v1::Report();
}

const v1::GroupResult* Find(const v1::Report& report, v1::RaterGroup group) {
  for (const v1::GroupResult& result : report.groups()) {
    if (result.group() == group) return &result;
  }
  return nullptr;
}

RateeFeedback Peers(std::initializer_list<std::vector<int>> values) {
  RateeFeedback feedback{.asked = {v1::PEER}};
  for (const auto& value : values) feedback.answers.push_back({v1::PEER, value, ""});
  return feedback;
}

// 4.2 and 3.8 with weights 60 and 20, subordinates not shown: 4.10.
TEST(MakeReport, RenormalisesTheWeightsOverTheGroupsShown) {
  RateeFeedback feedback{.asked = {v1::SUPERIOR, v1::PEER, v1::SUBORDINATE, v1::SELF}};
  feedback.answers.push_back({v1::SUPERIOR, {4, 4, 4, 4, 5}, ""});
  for (int i = 0; i < 3; ++i) feedback.answers.push_back({v1::PEER, {4, 4, 4, 4, 3}, ""});
  feedback.answers.push_back({v1::SUBORDINATE, {1, 1, 1, 1, 1}, ""});
  feedback.answers.push_back({v1::SUBORDINATE, {1, 1, 1, 1, 1}, ""});
  feedback.answers.push_back({v1::SELF, {5, 5, 5, 5, 5}, ""});
  const v1::Report report = Make(Items(5), feedback);
  EXPECT_EQ(Find(report, v1::SUPERIOR)->mean().value(), "4.2");
  EXPECT_EQ(Find(report, v1::PEER)->mean().value(), "3.8");
  EXPECT_TRUE(Find(report, v1::SUBORDINATE)->withheld());
  EXPECT_FALSE(Find(report, v1::SUBORDINATE)->has_answers());
  EXPECT_EQ(Find(report, v1::SELF)->mean().value(), "5.0");
  EXPECT_EQ(report.overall_mean().value(), "4.10");
  EXPECT_THAT(report.overall_explanation_en(), ::testing::HasSubstr("superior 60, peers 20;"));
  EXPECT_THAT(report.overall_explanation_id(), ::testing::HasSubstr("atasan 60, rekan kerja 20;"));
}

TEST(MakeReport, WithholdsAGroupBelowTheThreshold) {
  const v1::Report two = Make(Items(2), Peers({{4, 3}, {2, 3}}));
  EXPECT_TRUE(Find(two, v1::PEER)->withheld());
  EXPECT_FALSE(Find(two, v1::PEER)->has_mean());
  EXPECT_EQ(Find(two, v1::PEER)->items_size(), 0);
  EXPECT_FALSE(two.has_overall_mean());

  const v1::Report three = Make(Items(2), Peers({{4, 3}, {2, 3}, {4, 2}}));
  EXPECT_FALSE(Find(three, v1::PEER)->withheld());
  EXPECT_EQ(Find(three, v1::PEER)->answers(), 3);
  EXPECT_EQ(Find(three, v1::PEER)->mean().value(), "3.0");
  EXPECT_EQ(Find(three, v1::PEER)->items(0).mean().value(), "3.3");
  EXPECT_EQ(Find(three, v1::PEER)->items(0).topic(), "T0");
  EXPECT_EQ(Find(three, v1::PEER)->items(1).mean().value(), "2.7");
}

TEST(MakeReport, SaysNothingDifferentForOneAndForTwoWithheldAnswers) {
  EXPECT_EQ(Make(Items(2), Peers({{5, 1}})).SerializeAsString(),
            Make(Items(2), Peers({{1, 1}, {2, 5}})).SerializeAsString());
}

TEST(MakeReport, NeverScoresSelf) {
  RateeFeedback feedback{.asked = {v1::SELF}, .answers = {{v1::SELF, {5, 5}, ""}}};
  const v1::Report report = Make(Items(2), feedback);
  EXPECT_EQ(Find(report, v1::SELF)->mean().value(), "5.0");
  EXPECT_FALSE(report.has_overall_mean());
}

TEST(MakeReport, LeavesOutGroupsThatNobodyWasAskedIn) {
  EXPECT_EQ(Find(Make(Items(1), Peers({})), v1::SUBORDINATE), nullptr);
}

TEST(MakeReport, WithholdsItemsWhereOneIsUnanimousAtAnEndOfTheScale) {
  const v1::Report report = Make(Items(3), Peers({{5, 3, 4}, {5, 4, 4}, {5, 2, 4}}));
  EXPECT_FALSE(Find(report, v1::PEER)->withheld());
  EXPECT_EQ(Find(report, v1::PEER)->items_size(), 0);
  EXPECT_FALSE(PublishesItems(report, v1::PEER));
  // Unanimous, but not at an end: other answers give the same mean.
  const v1::Report middle = Make(Items(3), Peers({{4, 3, 4}, {4, 4, 4}, {4, 2, 4}}));
  EXPECT_EQ(Find(middle, v1::PEER)->items_size(), 3);
  EXPECT_TRUE(PublishesItems(middle, v1::PEER));
}

TEST(MakeReport, WithholdsAGroupWhoseMeanTellsEveryAnswer) {
  EXPECT_TRUE(Find(Make(Items(1), Peers({{1}, {1}, {1}})), v1::PEER)->withheld());
  // With many answers behind it the same rounded mean may hide a lower one.
  RateeFeedback many{.asked = {v1::PEER}};
  for (int i = 0; i < 30; ++i) many.answers.push_back({v1::PEER, {5}, ""});
  EXPECT_FALSE(Find(Make(Items(1), many), v1::PEER)->withheld());
}

TEST(MakeReport, ShowsASuperiorWhoGivesTheHighestAnswer) {
  RateeFeedback feedback{.asked = {v1::SUPERIOR}, .answers = {{v1::SUPERIOR, {5, 5}, "bagus"}}};
  const v1::Report report = Make(Items(2), feedback);
  EXPECT_EQ(Find(report, v1::SUPERIOR)->items_size(), 2);
  EXPECT_EQ(report.overall_mean().value(), "5.00");
  EXPECT_EQ(report.comments_size(), 0);
  EXPECT_FALSE(PublishesItems(report, v1::SUPERIOR));
}

TEST(MakeReport, ShowsCommentsFromFiveAnswersOnInAnOrderOfItsOwn) {
  RateeFeedback feedback = Peers({{4, 3}, {2, 3}, {4, 2}, {3, 3}});
  for (std::size_t i = 0; i < feedback.answers.size(); ++i) {
    feedback.answers[i].comment = std::to_string(i);
  }
  EXPECT_EQ(Make(Items(2), feedback).comments_size(), 0);
  feedback.answers.push_back({v1::PEER, {3, 4}, "4"});
  EXPECT_THAT(Make(Items(2), feedback).comments(), UnorderedElementsAre("0", "1", "2", "3", "4"));
  int other_orders = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const v1::Report report = Make(Items(2), feedback, seed);
    other_orders += !std::is_sorted(report.comments().begin(), report.comments().end());
  }
  EXPECT_GT(other_orders, 10);
}

TEST(MakeReport, RefusesAnswersOfAnotherQuestionnaire) {
  EXPECT_THAT(MakeReport(Items(2), Defaults(), Peers({{4}}), 1),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// Every set of three answers to one item that is published is compatible with at least two answers
// of each rater: for any given rater some other set publishes the same.
TEST(MakeReport, DeterminesNoSingleAnswerFromTheMeansOfThree) {
  const v1::Questionnaire questionnaire = Items(1);
  std::map<std::string, std::vector<std::vector<int>>> published;
  for (int a = 1; a <= 5; ++a) {
    for (int b = 1; b <= 5; ++b) {
      for (int c = 1; c <= 5; ++c) {
        const v1::Report report = Make(questionnaire, Peers({{a}, {b}, {c}}));
        published[report.SerializeAsString()].push_back({a, b, c});
      }
    }
  }
  for (const auto& one : published) {
    const std::vector<std::vector<int>>& sets = one.second;
    for (int rater = 0; rater < 3; ++rater) {
      const bool all_equal = std::all_of(sets.begin(), sets.end(), [&](const auto& set) {
        return set[rater] == sets.front()[rater];
      });
      EXPECT_FALSE(all_equal) << "rater " << rater << " of " << sets.size() << " sets";
    }
  }
}

TEST(MakeReport, TellsIntervalAndDistributionFromTwiceTheThresholdOn) {
  const v1::Report five = Make(Items(2), Peers({{4, 3}, {2, 3}, {4, 2}, {3, 3}, {5, 4}}));
  EXPECT_FALSE(Find(five, v1::PEER)->has_lower());
  EXPECT_EQ(Find(five, v1::PEER)->distribution_size(), 0);

  const v1::Report six = Make(Items(2), Peers({{4, 3}, {2, 3}, {4, 2}, {3, 3}, {5, 4}, {3, 3}}));
  const v1::GroupResult& peers = *Find(six, v1::PEER);
  EXPECT_THAT(peers.distribution(), ::testing::ElementsAre(0, 2, 6, 3, 1));
  // Raters' means 3.5, 2.5, 3, 3, 4.5, 3: mean 3.25, standard error sqrt(2.375 / 5 / 6) = 0.2814,
  // t(0.975, 5) = 2.5706.
  EXPECT_EQ(peers.mean().value(), "3.3");
  EXPECT_EQ(peers.lower().value(), "2.5");
  EXPECT_EQ(peers.upper().value(), "4.0");
}

TEST(MakeReport, NoDistributionWhereItWouldTellThatAllGaveAnItemTheSameAnswer) {
  // 4.2 and 4.0 over eleven fours and a five: only the first item can have the five.
  const v1::Report told = Make(Items(2), Peers({{4, 4}, {4, 4}, {4, 4}, {4, 4}, {4, 4}, {5, 4}}));
  EXPECT_EQ(Find(told, v1::PEER)->distribution_size(), 0);
  EXPECT_TRUE(Find(told, v1::PEER)->has_lower());
  // Nor does its absence tell: it is absent as well where the four is not everybody's.
  const v1::Report other = Make(Items(2), Peers({{4, 3}, {4, 5}, {4, 4}, {4, 4}, {4, 4}, {5, 4}}));
  EXPECT_EQ(Find(other, v1::PEER)->distribution_size(), 0);
  EXPECT_EQ(Find(other, v1::PEER)->items(1).mean().value(), "4.0");
  // With a three and a five elsewhere the fours may be either's.
  const v1::Report free = Make(Items(2), Peers({{3, 4}, {5, 4}, {4, 4}, {4, 4}, {4, 4}, {5, 4}}));
  EXPECT_EQ(Find(free, v1::PEER)->distribution_size(), 5);
}

TEST(MakeReport, ADistributionOfOneAnswerIsNotTold) {
  const v1::Report same = Make(Items(1), Peers({{3}, {3}, {3}, {3}, {3}, {3}}));
  EXPECT_EQ(Find(same, v1::PEER)->distribution_size(), 0);
  EXPECT_FALSE(Find(same, v1::PEER)->has_lower());
}

}  // namespace
}  // namespace teraju::feedback::domain
