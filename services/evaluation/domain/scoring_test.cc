#include "services/evaluation/domain/scoring.h"

#include <algorithm>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/receipt.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/domain/test_plans.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::IsOkAndHolds;

const absl::Time kNow = absl::FromUnixSeconds(1'740'000'000);

std::vector<std::string> Codes(const v1::ComputedEvidence& evidence) {
  std::vector<std::string> codes;
  for (const v1::Warning& warning : evidence.warnings()) codes.push_back(warning.code());
  return codes;
}

Activity Realised(std::string item, std::string indicator, Decimal value, int evidence = 0) {
  return {.item_id = std::move(item),
          .indicator_id = std::move(indicator),
          .realisation = std::move(value),
          .entries = 1,
          .initiatives = 0,
          .evidence = evidence};
}

TEST(ShareOf, CountsTheDaysOfTheSegmentUntilTheEndOfThePeriod) {
  v1::Snapshot segment = MakePlan(v1::WorkPlan::APPROVED).snapshot();
  const auto q2 = ShareOf(segment, time::Period::Quarter(2025, 2));
  ASSERT_THAT(q2, IsOk());
  EXPECT_EQ(q2->elapsed, 181);
  EXPECT_EQ(q2->days, 365);
  // Who came in May and left in October has nine tenths behind them at the end of the third
  // quarter.
  *segment.mutable_start_date() = time::ToDate(absl::CivilDay(2025, 5, 1));
  *segment.mutable_end_date() = time::ToDate(absl::CivilDay(2025, 10, 17));
  const auto q3 = ShareOf(segment, time::Period::Quarter(2025, 3));
  ASSERT_THAT(q3, IsOk());
  EXPECT_EQ(q3->elapsed, 153);
  EXPECT_EQ(q3->days, 170);
  EXPECT_EQ(ShareOf(segment, time::Period::Year(2025))->elapsed, 170);
}

TEST(IsDueByDay, OnlyQuantitiesThatAddUpAndOfWhichMoreIsBetter) {
  v1::ItemIndicator indicator = MakePlan(v1::WorkPlan::APPROVED).items(0).indicators(0);
  EXPECT_TRUE(IsDueByDay(indicator));
  indicator.set_unit_of_measure("Persen");
  EXPECT_FALSE(IsDueByDay(indicator));
  indicator.set_unit_of_measure("dokumen");
  indicator.set_polarity(v1::ItemIndicator::LOWER_IS_BETTER);
  EXPECT_FALSE(IsDueByDay(indicator));
  indicator.set_polarity(v1::ItemIndicator::HIGHER_IS_BETTER);
  indicator.set_aspect(v1::ItemIndicator::QUALITY);
  EXPECT_FALSE(IsDueByDay(indicator));
}

TEST(AchievementOf, IsExact) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const v1::ItemIndicator& quantity = plan.items(0).indicators(0);
  // 30 of the 60 * 181/365 that are due.
  EXPECT_THAT(AchievementOf(quantity, Decimal(30), {181, 365}),
              IsOkAndHolds(Rational(100 * 30 * 365, 60 * 181)));
  EXPECT_THAT(AchievementOf(quantity, Decimal(60), {}), IsOkAndHolds(Rational(100)));
  const v1::ItemIndicator& time = plan.items(1).indicators(0);
  EXPECT_THAT(AchievementOf(time, Decimal(65, 1), {}), IsOkAndHolds(Rational(750, 7)));
}

TEST(AchievementOf, ARangeIsDueAsAWhole) {
  v1::ItemIndicator range = MakePlan(v1::WorkPlan::APPROVED).items(0).indicators(0);
  range.mutable_target()->set_value("80");
  range.mutable_target_upper()->set_value("90");
  EXPECT_THAT(AchievementOf(range, Decimal(70), {}), IsOkAndHolds(Rational(175, 2)));
  EXPECT_THAT(AchievementOf(range, Decimal(85), {}), IsOkAndHolds(Rational(100)));
  EXPECT_THAT(AchievementOf(range, Decimal(92), {}), IsOkAndHolds(Rational(9200, 90)));
  EXPECT_THAT(AchievementOf(range, Decimal(42), {1, 2}), IsOkAndHolds(Rational(100)));
}

TEST(AchievementOf, ATargetOfZeroIsMetOrNot) {
  v1::ItemIndicator findings = MakePlan(v1::WorkPlan::APPROVED).items(1).indicators(0);
  findings.mutable_target()->set_value("0");
  EXPECT_THAT(AchievementOf(findings, Decimal(0), {}), IsOkAndHolds(Rational(100)));
  EXPECT_THAT(AchievementOf(findings, Decimal(1), {}), IsOkAndHolds(Rational(0)));
}

TEST(Suggest, FollowsTheCategoryOfTheWholePercent) {
  const auto of = [](int numerator, int denominator) {
    return Suggest(Rational(numerator, denominator), kMeanCategoryRule);
  };
  EXPECT_EQ(of(1005, 10), v1::ABOVE_EXPECTATION);  // 100.5 rounds to 101
  EXPECT_EQ(of(10049, 100), v1::AS_EXPECTED);
  EXPECT_EQ(of(795, 10), v1::AS_EXPECTED);  // 79.5 rounds to 80
  EXPECT_EQ(of(7949, 100), v1::BELOW_EXPECTATION);
  EXPECT_EQ(Suggest(std::nullopt, kMeanCategoryRule), v1::RATING_UNSPECIFIED);
}

TEST(ComputeEvidence, JoinsIndicatorsItemsAndMean) {
  const std::vector<Activity> activities = {Realised("h1", "k1", Decimal(33), 2),
                                            Realised("h1", "k2", Decimal(90)),
                                            Realised("h2", "k1", Decimal(65, 1)),
                                            {.item_id = "h1",
                                             .indicator_id = "",
                                             .realisation = {},
                                             .entries = 0,
                                             .initiatives = 1,
                                             .evidence = 3}};
  const auto evidence =
      ComputeEvidence(MakePlan(v1::WorkPlan::APPROVED), activities, {1, 2}, std::nullopt, kNow);
  ASSERT_THAT(evidence, IsOk());
  ASSERT_EQ(evidence->items_size(), 2);
  const v1::ItemAchievement& first = evidence->items(0);
  EXPECT_EQ(first.indicators(0).achievement().value(), "110.00");  // 33 / (60 / 2)
  EXPECT_EQ(first.indicators(0).due_share().value(), "50.00");
  EXPECT_EQ(first.indicators(0).category(), "SANGAT_BAIK");
  EXPECT_EQ(first.indicators(0).evidence(), 2);
  EXPECT_EQ(first.indicators(1).due_share().value(), "100.00");
  EXPECT_EQ(first.achievement().value(), "105.00");
  EXPECT_EQ(first.initiatives(), 1);
  EXPECT_EQ(first.evidence(), 3);
  EXPECT_EQ(evidence->items(1).achievement().value(), "107.14");
  EXPECT_EQ(evidence->mean_achievement().value(), "106.07");  // of the exact values
  EXPECT_EQ(evidence->suggested_result_rating(), v1::ABOVE_EXPECTATION);
  EXPECT_THAT(Codes(*evidence), ElementsAre());
}

TEST(ComputeEvidence, WhatIsMissingIsAbsentAndNeverZero) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const auto none = ComputeEvidence(plan, {}, {1, 1}, std::nullopt, kNow);
  ASSERT_THAT(none, IsOk());
  EXPECT_FALSE(none->has_mean_achievement());
  EXPECT_FALSE(none->items(0).has_achievement());
  EXPECT_FALSE(none->items(0).indicators(0).has_realisation());
  EXPECT_FALSE(none->items(0).indicators(0).has_achievement());
  EXPECT_EQ(none->suggested_result_rating(), v1::RATING_UNSPECIFIED);
  EXPECT_THAT(Codes(*none), ElementsAre("NO_REALISATION", "NO_EVIDENCE"));

  const std::vector<Activity> some = {Realised("h2", "k1", Decimal(7), 1)};
  const auto partial = ComputeEvidence(plan, some, {1, 1}, std::nullopt, kNow);
  ASSERT_THAT(partial, IsOk());
  EXPECT_EQ(partial->mean_achievement().value(), "100.00");
  EXPECT_THAT(Codes(*partial), ElementsAre("PARTIAL_REALISATION"));

  const auto zero = ComputeEvidence(
      plan, std::vector<Activity>{Realised("h1", "k1", Decimal(0))}, {1, 1}, std::nullopt, kNow);
  ASSERT_THAT(zero, IsOk());
  EXPECT_EQ(zero->mean_achievement().value(), "0.00");
}

TEST(ComputeEvidence, APlanThatIsNotApprovedCountsAsNone) {
  const auto evidence = ComputeEvidence(MakePlan(v1::WorkPlan::SUBMITTED),
                                        std::vector<Activity>{Realised("h2", "k1", Decimal(7))},
                                        {1, 1},
                                        std::nullopt,
                                        kNow);
  ASSERT_THAT(evidence, IsOk());
  EXPECT_EQ(evidence->items_size(), 0);
  EXPECT_THAT(Codes(*evidence), ElementsAre("NO_APPROVED_PLAN", "NO_REALISATION", "NO_EVIDENCE"));
}

TEST(ComputeEvidence, TakesFeedbackOverOrSaysThatItIsWithheld) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const auto shown = ComputeEvidence(plan, {}, {1, 1}, Feedback{"r", Decimal(42, 1)}, kNow);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->feedback_mean().value(), "4.2");
  EXPECT_EQ(shown->feedback_report(), "r");
  const auto withheld = ComputeEvidence(plan, {}, {1, 1}, Feedback{"r", std::nullopt}, kNow);
  ASSERT_THAT(withheld, IsOk());
  EXPECT_FALSE(withheld->has_feedback_mean());
  EXPECT_THAT(Codes(*withheld), ElementsAre("NO_REALISATION", "NO_EVIDENCE", "FEEDBACK_WITHHELD"));
}

TEST(ComputeEvidence, WarnsWhereAlmostAllIsOfTheLastDays) {
  struct Case {
    int elapsed, entries, initiatives, recent;
    bool warned;
  };
  for (const Case& one : {Case{365, 4, 0, 4, true},
                          Case{365, 3, 3, 5, true},
                          Case{365, 5, 0, 4, false},  // four fifths are not more than that
                          Case{365, 1, 1, 2, false},  // too few to say
                          Case{120, 4, 0, 4, false},  // everybody reports at the end of a quarter
                          Case{121, 4, 0, 4, true}}) {
    Activity realised = Realised("h2", "k1", Decimal(7), 1);
    realised.entries = one.entries;
    realised.recent = one.recent;
    Activity tried{.item_id = "h2", .indicator_id = "", .realisation = std::nullopt};
    tried.initiatives = one.initiatives;
    const std::vector<Activity> activities = {realised, tried};
    const auto evidence = ComputeEvidence(
        MakePlan(v1::WorkPlan::APPROVED), activities, {one.elapsed, 365}, std::nullopt, kNow);
    ASSERT_THAT(evidence, IsOk());
    EXPECT_EQ(Codes(*evidence),
              one.warned ? std::vector<std::string>({"PARTIAL_REALISATION", "RECENT_ENTRIES_ONLY"})
                         : std::vector<std::string>({"PARTIAL_REALISATION"}))
        << one.elapsed << " " << one.entries << " " << one.recent;
  }
}

TEST(ComputeEvidence, DoesNotDependOnTheOrderOfItsInputs) {
  std::vector<Activity> activities = {Realised("h1", "k1", Decimal(33)),
                                      Realised("h1", "k2", Decimal(89)),
                                      Realised("h2", "k1", Decimal(6))};
  std::string first;
  std::sort(activities.begin(), activities.end(), [](const Activity& a, const Activity& b) {
    return *a.realisation < *b.realisation;
  });
  do {
    const auto evidence = ComputeEvidence(
        MakePlan(v1::WorkPlan::APPROVED), activities, {181, 365}, std::nullopt, kNow);
    ASSERT_THAT(evidence, IsOk());
    if (first.empty()) first = evidence->SerializeAsString();
    EXPECT_EQ(evidence->SerializeAsString(), first);
  } while (std::next_permutation(
      activities.begin(), activities.end(), [](const Activity& a, const Activity& b) {
        return *a.realisation < *b.realisation;
      }));
}

v1::Evaluation FinalEvaluation(const v1::WorkPlan& plan, const time::Period& period) {
  const std::vector<Activity> activities = {Realised("h1", "k1", Decimal(33)),
                                            Realised("h2", "k1", Decimal(65, 1))};
  v1::Evaluation evaluation;
  evaluation.set_name("agencies/plaju/evaluations/1");
  evaluation.set_etag("\"7\"");
  *evaluation.mutable_snapshot() = plan.snapshot();
  *evaluation.mutable_computed() =
      *ComputeEvidence(plan, activities, *ShareOf(plan.snapshot(), period), std::nullopt, kNow);
  evaluation.set_state(v1::Evaluation::FINAL);
  evaluation.set_result_rating(v1::ABOVE_EXPECTATION);
  evaluation.set_behavior_rating(v1::ABOVE_EXPECTATION);
  evaluation.set_behavior_reason("Kelas malam");
  evaluation.set_predicate(v1::VERY_GOOD);
  return evaluation;
}

TEST(MakeReceipt, ShowsEachStepWithItsFormula) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const time::Period q2 = time::Period::Quarter(2025, 2);
  const v1::Evaluation evaluation = FinalEvaluation(plan, q2);
  const auto receipt = MakeReceipt({.evaluation = evaluation,
                                    .plan = plan,
                                    .period = q2,
                                    .salt = "00",
                                    .own_unit = std::nullopt});
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->engine(), kEngine);
  std::vector<std::string> formulas;
  for (const v1::ReceiptStep& step : receipt->steps())
    formulas.push_back(step.operation() + ": " + step.formula());
  EXPECT_THAT(formulas,
              ElementsAre("achievement: 33 / (60 * 181/365) * 100 = 110.911602…",
                          "round: HALF_UP(110.911602…, 0) = 111",
                          "absent: ",
                          "mean: (110.911602…) / 1 = 110.911602…",
                          "achievement: (1 + (1 - 6.5 / 7)) * 100 = 107.142857…",
                          "round: HALF_UP(107.142857…, 0) = 107",
                          "mean: (107.142857…) / 1 = 107.142857…",
                          "mean: (110.911602… + 107.142857…) / 2 = 109.027229…",
                          "suggestion: HALF_UP(109.027229…, 0) = 109",
                          "decision: ",
                          "decision: Kelas malam",
                          "matrix: ABOVE_EXPECTATION x ABOVE_EXPECTATION"));
  EXPECT_EQ(receipt->steps(7).result(), evaluation.computed().mean_achievement().value());
  EXPECT_THAT(receipt->text_en(), HasSubstr("33 / (60 * 181/365)"));
  EXPECT_THAT(receipt->text_id(), HasSubstr("Sangat Baik"));
}

TEST(MakeReceipt, SaysWhenTheUnitDecides) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const time::Period year = time::Period::Year(2025);
  const v1::Evaluation evaluation = FinalEvaluation(plan, year);
  const auto receipt = MakeReceipt({.evaluation = evaluation,
                                    .plan = plan,
                                    .period = year,
                                    .salt = "00",
                                    .own_unit = v1::UNIT_EXCEPTIONAL});
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(receipt->text_id(), HasSubstr("mengikuti predikat unit"));
}

std::string DocumentOf(const v1::Evaluation& evaluation,
                       const v1::WorkPlan& plan,
                       const time::Period& period,
                       const std::string& salt = "00") {
  const auto receipt = MakeReceipt({.evaluation = evaluation,
                                    .plan = plan,
                                    .period = period,
                                    .salt = salt,
                                    .own_unit = std::nullopt});
  EXPECT_THAT(receipt, IsOk());
  if (!receipt.ok()) return "";
  EXPECT_EQ(receipt->digest(), rules::DigestOf(*rules::ParseJson(receipt->document())));
  return receipt->document();
}

TEST(ReceiptDocument, HoldsWhatThePackComputesAndChangesWithEveryInput) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const time::Period year = time::Period::Year(2025);
  v1::Evaluation evaluation = FinalEvaluation(plan, year);
  const std::string document = DocumentOf(evaluation, plan, year);
  const auto parsed = rules::ParseJson(document);
  ASSERT_THAT(parsed, IsOk());
  for (const char* part : {"evidence", "result"}) {
    const rules::Json* account = parsed->Find(part);
    ASSERT_NE(account, nullptr) << part;
    EXPECT_THAT(rules::CheckAccount(OfficialPack(), *account), IsOk());
  }
  EXPECT_EQ(parsed->Find("evidence")->Find("result")->Find("score")->text,
            evaluation.computed().mean_achievement().value());
  EXPECT_THAT(document, ::testing::Not(HasSubstr("etag")));
  EXPECT_NE(DocumentOf(evaluation, plan, year, "01"), document);
  evaluation.set_behavior_reason("Kelas pagi");
  EXPECT_NE(DocumentOf(evaluation, plan, year), document);
}

// Control: a stored result that the rules do not give is never published.
TEST(ReceiptDocument, RefusesAResultThatIsNotThePacks) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  const time::Period year = time::Period::Year(2025);
  v1::Evaluation evaluation = FinalEvaluation(plan, year);
  evaluation.set_predicate(v1::GOOD);
  EXPECT_EQ(MakeReceipt({.evaluation = evaluation,
                         .plan = plan,
                         .period = year,
                         .salt = "00",
                         .own_unit = std::nullopt})
                .status()
                .code(),
            absl::StatusCode::kInternal);
  evaluation.set_predicate(v1::VERY_GOOD);
  evaluation.mutable_computed()->mutable_mean_achievement()->set_value("109.04");
  EXPECT_EQ(MakeReceipt({.evaluation = evaluation,
                         .plan = plan,
                         .period = year,
                         .salt = "00",
                         .own_unit = std::nullopt})
                .status()
                .code(),
            absl::StatusCode::kInternal);
}

TEST(FormatExact, CutsAndSaysSo) {
  EXPECT_EQ(FormatExact(Rational(110)), "110");
  EXPECT_EQ(FormatExact(Rational(875, 10)), "87.5");
  EXPECT_EQ(FormatExact(Rational(750, 7)), "107.142857…");
  EXPECT_EQ(FormatExact(Rational(-1, 3)), "-0.333333…");
}

}  // namespace
}  // namespace teraju::evaluation::domain
