#include "services/evaluation/domain/cascade.h"

#include "gmock/gmock.h"
#include "services/evaluation/domain/test_plans.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kTop[] = "agencies/singkil/workPlans/head/items/a";
constexpr char kGoalName[] = "agencies/singkil/goals/g";

struct Link {
  std::string plan, item, supports;
  std::string share = {};
  v1::WorkPlanItem::SupportsState state = v1::WorkPlanItem::CONFIRMED;
};

std::vector<v1::WorkPlan> Cascade(const std::vector<Link>& links) {
  std::vector<v1::WorkPlan> plans;
  for (const Link& link : links) {
    v1::WorkPlan& plan = plans.emplace_back();
    plan.set_name("agencies/singkil/workPlans/" + link.plan);
    plan.mutable_snapshot()->set_leads_unit(link.plan == "head");
    v1::WorkPlanItem& item = *plan.add_items();
    item.set_item_id(link.item);
    item.set_title(link.plan + " " + link.item);
    item.set_supports(link.supports);
    item.set_supports_state(link.state);
    if (link.share.empty()) continue;
    item.set_supports_kind(v1::WorkPlanItem::DIRECT);
    item.mutable_supports_share()->set_value(link.share);
  }
  return plans;
}

std::vector<std::string> Of(const v1::CascadeReport& report, v1::CascadeFinding::Kind kind) {
  std::vector<std::string> names;
  for (const v1::CascadeFinding& finding : report.findings()) {
    if (finding.kind() == kind) names.push_back(finding.names(0));
  }
  return names;
}

TEST(CascadeReport, ASoundCascadeHasNoFindings) {
  const auto report = MakeCascadeReport(
      Cascade({{"head", "a", kGoalName}, {"x", "i", kTop, "60"}, {"y", "i", kTop, "40"}}),
      {{CascadeGoal{kGoalName, "Layanan", "", {}}}});
  EXPECT_THAT(report.findings(), IsEmpty());
  EXPECT_EQ(report.plans(), 3);
  EXPECT_EQ(report.linked_results(), 3);
}

TEST(CascadeReport, ListsOrphansProposedLinksAndResultsThatNobodyServes) {
  const auto report =
      MakeCascadeReport(Cascade({{"head", "a", kGoalName},
                                 {"x", "i", ""},
                                 {"y", "i", kGoalName, "", v1::WorkPlanItem::PROPOSED}}),
                        {});
  EXPECT_THAT(Of(report, v1::CascadeFinding::ORPHAN),
              ElementsAre("agencies/singkil/workPlans/x/items/i"));
  EXPECT_THAT(Of(report, v1::CascadeFinding::PROPOSED_LINK),
              ElementsAre("agencies/singkil/workPlans/y/items/i"));
  EXPECT_THAT(Of(report, v1::CascadeFinding::UNCOVERED_RESULT), ElementsAre(kTop));
  EXPECT_EQ(report.results(), 3);
  EXPECT_EQ(report.linked_results(), 2);
}

TEST(CascadeReport, FindsEachCircleOnce) {
  const std::string base = "agencies/singkil/workPlans/";
  const auto report = MakeCascadeReport(Cascade({{"p", "i", base + "q/items/i"},
                                                 {"q", "i", base + "r/items/i"},
                                                 {"r", "i", base + "p/items/i"},
                                                 {"s", "i", base + "p/items/i"}}),
                                        {});
  ASSERT_THAT(Of(report, v1::CascadeFinding::CYCLE), ElementsAre(base + "p/items/i"));
  EXPECT_EQ(report.findings(0).names_size(), 3);
}

TEST(CascadeReport, AGoalIsServedThroughItsIndicatorsAndTheGoalsBelow) {
  const std::vector<CascadeGoal> goals = {{"top", "Sasaran", "", {}},
                                          {"programme", "Program", "top", {"indicator"}},
                                          {"lonely", "Program lain", "top", {}}};
  const auto report = MakeCascadeReport(Cascade({{"x", "i", "indicator"}}), goals);
  EXPECT_THAT(Of(report, v1::CascadeFinding::UNCOVERED_GOAL), ElementsAre("lonely"));
}

TEST(CascadeReport, DirectPartsAddUpToTheWholeAtMost) {
  const auto report = MakeCascadeReport(
      Cascade({{"head", "a", kGoalName}, {"x", "i", kTop, "60.5"}, {"y", "i", kTop, "40"}}), {});
  ASSERT_THAT(Of(report, v1::CascadeFinding::DOUBLE_COUNTING), ElementsAre(kTop));
  EXPECT_EQ(report.findings(0).share().value(), "100.5");
  EXPECT_EQ(report.counts(0).count(), 1);
}

v1::WorkPlan WithTarget(
    const std::string& target,
    v1::ItemIndicator::Polarity polarity = v1::ItemIndicator::HIGHER_IS_BETTER) {
  v1::WorkPlan plan;
  v1::WorkPlanItem& item = *plan.add_items();
  item.set_item_id("h1");
  v1::ItemIndicator& indicator = *item.add_indicators();
  indicator.set_indicator_id("k1");
  indicator.set_title("Berkas selesai");
  indicator.set_unit_of_measure("persen");
  indicator.set_polarity(polarity);
  indicator.mutable_target()->set_value(target);
  return plan;
}

std::vector<std::string> Codes(const v1::WorkPlan& plan,
                               const std::vector<v1::WorkPlan>& peers,
                               const std::vector<PastPlan>& past = {}) {
  std::vector<std::string> codes;
  for (const v1::TargetHint& hint : MakeTargetHints(plan, peers, past))
    codes.push_back(hint.code());
  return codes;
}

TEST(TargetHints, CompareWithAtLeastThreeOthers) {
  const std::vector<v1::WorkPlan> two = {WithTarget("90"), WithTarget("92")};
  EXPECT_THAT(Codes(WithTarget("50"), two), IsEmpty());
  const std::vector<v1::WorkPlan> three = {WithTarget("90"), WithTarget("92"), WithTarget("99")};
  EXPECT_THAT(Codes(WithTarget("91"), three), ElementsAre("EASIER_THAN_PEERS"));
  EXPECT_THAT(Codes(WithTarget("95"), three), ElementsAre("HARDER_THAN_PEERS"));
  EXPECT_THAT(Codes(WithTarget("92"), three), IsEmpty());
  EXPECT_EQ(MakeTargetHints(WithTarget("91"), three, {})[0].compared().value(), "92");
  const auto down = v1::ItemIndicator::LOWER_IS_BETTER;
  EXPECT_THAT(Codes(WithTarget("6", down),
                    {WithTarget("5", down), WithTarget("5", down), WithTarget("5", down)}),
              ElementsAre("EASIER_THAN_PEERS"));
}

TEST(TargetHints, CompareWithWhatThePersonHasReachedLast) {
  const std::vector<PastPlan> past = {{WithTarget("80"), {}},
                                      {WithTarget("85"), {{"h1/k1", Decimal(88)}}},
                                      {WithTarget("70"), {{"h1/k1", Decimal(60)}}}};
  EXPECT_THAT(Codes(WithTarget("85"), {}, past), ElementsAre("EASIER_THAN_BEFORE"));
  EXPECT_THAT(Codes(WithTarget("88"), {}, past), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation::domain
