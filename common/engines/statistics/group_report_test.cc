#include "common/engines/statistics/group_report.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::IsEmpty;

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

ReportRules Rules() {
  ReportRules rules;
  rules.groups = {{"SUPERIOR", 1, D("0.6")},
                  {"PEER", 3, D("0.2")},
                  {"SUBORDINATE", 3, D("0.2")},
                  {"SELF", 1, 0}};
  return rules;
}

TEST(MakeGroupReport, RenormalisesOverTheGroupsShown) {
  const std::vector<GroupAnswers> groups = {
      {"SUPERIOR", 1, {{"a", 4, 1}, {"b", 4, 1}, {"c", 5, 1}, {"d", 4, 1}, {"e", 4, 1}}},
      {"PEER", 5, {{"a", 19, 5}}},
      {"SUBORDINATE", 2, {{"a", 2, 2}}},
      {"SELF", 1, {{"a", 5, 1}}},
  };
  const GroupReport report = MakeGroupReport(groups, Rules()).value();
  EXPECT_EQ(report.groups[0].mean.ToString(), "4.2");
  EXPECT_EQ(report.groups[1].mean.ToString(), "3.8");
  EXPECT_EQ(report.groups[1].answers, 5);
  EXPECT_TRUE(report.groups[2].withheld);
  EXPECT_EQ(report.groups[3].mean.ToString(), "5.0");
  EXPECT_EQ(report.overall->ToString(), "4.10");
  ASSERT_EQ(report.shares.size(), 2u);
  EXPECT_EQ(report.shares[0].share, Rational(3, 4));
  EXPECT_EQ(report.shares[1].share, Rational(1, 4));
}

TEST(MakeGroupReport, ShowsNothingOfAWithheldGroup) {
  const GroupReport report =
      MakeGroupReport(std::vector<GroupAnswers>{{"PEER", 2, {{"a", 7, 2}}}}, Rules()).value();
  const GroupMean& peers = report.groups[1];
  EXPECT_TRUE(peers.withheld);
  EXPECT_EQ(peers.answers, 0);
  EXPECT_EQ(peers.mean, Decimal(0));
  EXPECT_THAT(peers.items, IsEmpty());
  EXPECT_EQ(report.overall, std::nullopt);
  EXPECT_THAT(report.shares, IsEmpty());
}

// Two reports that differ only in what is withheld are the same.
TEST(MakeGroupReport, NothingWithheldIsPartOfAnythingShown) {
  const auto report = [](std::int64_t subordinates, std::int64_t skipped_item) {
    return MakeGroupReport(
               std::vector<GroupAnswers>{
                   {"SUPERIOR", 1, {{"a", 4, 1}}},
                   {"PEER", 4, {{"a", 15, 4}, {"b", skipped_item, 2}, {"c", 9, 3}}},
                   {"SUBORDINATE", 2, {{"a", subordinates, 2}}}},
               Rules())
        .value();
  };
  const GroupReport low = report(2, 2);
  const GroupReport high = report(10, 10);
  EXPECT_EQ(low.overall, high.overall);
  for (std::size_t i = 0; i < low.groups.size(); ++i) {
    EXPECT_EQ(low.groups[i].mean, high.groups[i].mean);
    EXPECT_EQ(low.groups[i].withheld, high.groups[i].withheld);
    for (std::size_t j = 0; j < low.groups[i].items.size(); ++j) {
      EXPECT_EQ(low.groups[i].items[j].mean, high.groups[i].items[j].mean);
    }
  }
  EXPECT_EQ(low.groups[1].items[1].mean, std::nullopt);
  EXPECT_EQ(low.groups[1].mean.ToString(), "3.4");  // (3.75 + 3) / 2 = 3.375
  // The control: a shown item changes what is shown.
  EXPECT_NE(
      MakeGroupReport(std::vector<GroupAnswers>{{"PEER", 3, {{"a", 9, 3}}}}, Rules())->overall,
      MakeGroupReport(std::vector<GroupAnswers>{{"PEER", 3, {{"a", 15, 3}}}}, Rules())->overall);
}

TEST(MakeGroupReport, CountsOnlyItemsThatEnoughRatersAnswered) {
  const GroupReport report =
      MakeGroupReport(std::vector<GroupAnswers>{{"PEER", 3, {{"a", 5, 2}, {"b", 5, 1}}}}, Rules())
          .value();
  EXPECT_TRUE(report.groups[1].withheld);  // three raters, but no item with three answers
}

TEST(MakeGroupReport, RoundsByTheNamedRule) {
  ReportRules rules = Rules();
  const std::vector<GroupAnswers> groups = {{"PEER", 4, {{"a", 13, 4}}}};  // 3.25
  EXPECT_EQ(MakeGroupReport(groups, rules)->groups[1].mean.ToString(), "3.3");
  rules.rounding = Rounding::kHalfEven;
  EXPECT_EQ(MakeGroupReport(groups, rules)->groups[1].mean.ToString(), "3.2");
  rules.digits = 2;
  EXPECT_EQ(MakeGroupReport(groups, rules)->groups[1].mean.ToString(), "3.25");
}

TEST(MakeGroupReport, OverallCanBeRecomputedFromWhatIsShown) {
  for (int sum = 3; sum <= 15; ++sum) {
    const GroupReport report =
        MakeGroupReport(
            std::vector<GroupAnswers>{{"SUPERIOR", 1, {{"a", 4, 1}}}, {"PEER", 3, {{"a", sum, 3}}}},
            Rules())
            .value();
    Rational recomputed;
    for (const Share& share : report.shares) {
      for (const GroupMean& group : report.groups) {
        if (group.group == share.group) recomputed += share.share * ToRational(group.mean);
      }
    }
    EXPECT_EQ(*report.overall, Round(recomputed, 2, Rounding::kHalfUp));
  }
}

TEST(MakeGroupReport, RefusesWhatCannotBe) {
  EXPECT_THAT(MakeGroupReport(std::vector<GroupAnswers>{{"STRANGER", 3, {}}}, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MakeGroupReport(std::vector<GroupAnswers>{{"PEER", 3, {{"a", 20, 4}}}}, Rules()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju::statistics
