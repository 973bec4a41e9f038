#include "services/evaluation/domain/rating.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/objection.h"
#include "services/evaluation/domain/test_plans.h"
#include "services/evaluation/domain/unit_result.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'740'000'000);
constexpr char kBoss[] = "agencies/plaju/employees/boss";

v1::Evaluation Scored(v1::Evaluation::State state, v1::Rating suggested = v1::AS_EXPECTED) {
  v1::Evaluation evaluation;
  evaluation.set_name("agencies/plaju/evaluations/1");
  evaluation.set_state(state);
  evaluation.mutable_computed()->set_suggested_result_rating(suggested);
  return evaluation;
}

Ratings Of(v1::Rating results,
           v1::Rating behavior,
           std::string result_reason = "",
           std::string behavior_reason = "") {
  return {.results = results,
          .behavior = behavior,
          .result_reason = std::move(result_reason),
          .behavior_reason = std::move(behavior_reason),
          .path = ""};
}

TEST(EvaluationStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = v1::Evaluation;
  const std::map<std::pair<v1::Evaluation::State, EvaluationAction>, v1::Evaluation::State>
      allowed = {{{S::OPEN, EvaluationAction::kSubmitSelf}, S::OPEN},
                 {{S::OPEN, EvaluationAction::kSetFigures}, S::OPEN},
                 {{S::OPEN, EvaluationAction::kRate}, S::RATED},
                 {{S::RATED, EvaluationAction::kSetFigures}, S::RATED},
                 {{S::RATED, EvaluationAction::kRate}, S::RATED},
                 {{S::RATED, EvaluationAction::kFinalise}, S::FINAL},
                 {{S::FINAL, EvaluationAction::kAcknowledge}, S::ACKNOWLEDGED},
                 {{S::FINAL, EvaluationAction::kChangeByObjection}, S::FINAL},
                 {{S::ACKNOWLEDGED, EvaluationAction::kAcknowledge}, S::ACKNOWLEDGED},
                 {{S::ACKNOWLEDGED, EvaluationAction::kChangeByObjection}, S::FINAL}};
  const auto* states = v1::Evaluation::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::Evaluation::State>(states->value(i)->number());
    for (const EvaluationAction action : kEvaluationActions) {
      v1::Evaluation evaluation = Scored(state);
      absl::Status status;
      if (action == EvaluationAction::kSubmitSelf) status = SubmitSelf(evaluation, "Saya");
      if (action == EvaluationAction::kSetFigures) status = SetFigures(evaluation, {}, {});
      if (action == EvaluationAction::kRate) {
        status = RateEvaluation(evaluation, Of(v1::AS_EXPECTED, v1::AS_EXPECTED), {}, kBoss, kNow);
      }
      if (action == EvaluationAction::kFinalise) status = Finalise(evaluation, kNow);
      if (action == EvaluationAction::kAcknowledge) status = Acknowledge(evaluation, kNow);
      if (action == EvaluationAction::kChangeByObjection) {
        evaluation.set_result_rating(v1::AS_EXPECTED);
        evaluation.set_behavior_rating(v1::AS_EXPECTED);
        v1::Objection objection;
        objection.set_state(v1::Objection::HEARD);
        status = DecideObjection(
            objection, evaluation, {.results = v1::ABOVE_EXPECTATION}, std::nullopt, kNow);
      }
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(v1::Evaluation::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(evaluation.state(), cell != allowed.end() ? cell->second : state);
    }
  }
}

TEST(SubmitSelf, ComesBeforeTheAppraiser) {
  v1::Evaluation rated = Scored(v1::Evaluation::RATED);
  EXPECT_THAT(SubmitSelf(rated, "Saya"), HasReason(v1::EVALUATION_RATED));
  v1::Evaluation final = Scored(v1::Evaluation::FINAL);
  EXPECT_THAT(SubmitSelf(final, "Saya"), HasReason(v1::EVALUATION_FINAL));
}

TEST(RateEvaluation, TakesThePredicateFromTheMatrix) {
  struct Cell {
    v1::Rating results, behavior;
    v1::Predicate predicate;
  };
  for (const Cell& c : {Cell{v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION, v1::VERY_GOOD},
                        Cell{v1::ABOVE_EXPECTATION, v1::AS_EXPECTED, v1::GOOD},
                        Cell{v1::ABOVE_EXPECTATION, v1::BELOW_EXPECTATION, v1::POOR},
                        Cell{v1::AS_EXPECTED, v1::ABOVE_EXPECTATION, v1::GOOD},
                        Cell{v1::AS_EXPECTED, v1::AS_EXPECTED, v1::GOOD},
                        Cell{v1::AS_EXPECTED, v1::BELOW_EXPECTATION, v1::POOR},
                        Cell{v1::BELOW_EXPECTATION, v1::ABOVE_EXPECTATION, v1::NEEDS_IMPROVEMENT},
                        Cell{v1::BELOW_EXPECTATION, v1::AS_EXPECTED, v1::NEEDS_IMPROVEMENT},
                        Cell{v1::BELOW_EXPECTATION, v1::BELOW_EXPECTATION, v1::VERY_POOR}}) {
    v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN);
    ASSERT_THAT(
        RateEvaluation(evaluation, Of(c.results, c.behavior, "alasan", "alasan"), {}, kBoss, kNow),
        IsOk());
    EXPECT_EQ(evaluation.predicate(), c.predicate);
    EXPECT_EQ(evaluation.rated_by(), kBoss);
    EXPECT_EQ(evaluation.rate_time().seconds(), 1'740'000'000);
  }
}

TEST(RateEvaluation, NeedsAReasonAwayFromTheEvidenceAndFromTheMiddle) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN, v1::ABOVE_EXPECTATION);
  const absl::Status results =
      RateEvaluation(evaluation, Of(v1::AS_EXPECTED, v1::AS_EXPECTED), {}, kBoss, kNow);
  EXPECT_THAT(results, HasReason(v1::RATING_REASON_MISSING));
  EXPECT_THAT(results, HasMetadata("field", "resultReason"));
  Ratings in_batch = Of(v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION);
  in_batch.path = "requests[2].";
  EXPECT_THAT(RateEvaluation(evaluation, in_batch, {}, kBoss, kNow),
              HasMetadata("field", "requests[2].behaviorReason"));
  EXPECT_EQ(evaluation.state(), v1::Evaluation::OPEN);
  EXPECT_THAT(
      RateEvaluation(evaluation, Of(v1::ABOVE_EXPECTATION, v1::AS_EXPECTED), {}, kBoss, kNow),
      IsOk());
}

TEST(RateEvaluation, WithoutFiguresOnlyTheMiddleNeedsNoReason) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN, v1::RATING_UNSPECIFIED);
  EXPECT_THAT(
      RateEvaluation(evaluation, Of(v1::BELOW_EXPECTATION, v1::AS_EXPECTED), {}, kBoss, kNow),
      HasReason(v1::RATING_REASON_MISSING));
  EXPECT_THAT(RateEvaluation(evaluation, Of(v1::AS_EXPECTED, v1::AS_EXPECTED), {}, kBoss, kNow),
              IsOk());
}

TEST(RateEvaluation, WarnsWhenFarFromTheFiguresAndStopsWhenNear) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN, v1::ABOVE_EXPECTATION);
  ASSERT_THAT(
      RateEvaluation(evaluation, Of(v1::BELOW_EXPECTATION, v1::AS_EXPECTED, "x"), {}, kBoss, kNow),
      IsOk());
  ASSERT_EQ(evaluation.computed().warnings_size(), 1);
  EXPECT_EQ(evaluation.computed().warnings(0).code(), "RATING_FAR_FROM_EVIDENCE");
  ASSERT_THAT(
      RateEvaluation(evaluation, Of(v1::AS_EXPECTED, v1::AS_EXPECTED, "x"), {}, kBoss, kNow),
      IsOk());
  EXPECT_EQ(evaluation.computed().warnings_size(), 0);
}

TEST(RateEvaluation, NeedsScoringFirst) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN);
  evaluation.clear_computed();
  EXPECT_THAT(RateEvaluation(evaluation, Of(v1::AS_EXPECTED, v1::AS_EXPECTED), {}, kBoss, kNow),
              HasReason(v1::EVALUATION_NOT_SCORED));
}

TEST(RateEvaluation, AHeadHasTheResultOfTheUnit) {
  const UnitContext good{.own_unit = v1::UNIT_GOOD, .confirmed = false};
  v1::Evaluation evaluation = Scored(v1::Evaluation::OPEN, v1::BELOW_EXPECTATION);
  const absl::Status other = RateEvaluation(
      evaluation, Of(v1::ABOVE_EXPECTATION, v1::AS_EXPECTED, "baik"), good, kBoss, kNow);
  EXPECT_THAT(other, HasReason(v1::UNIT_RESULT_BINDS));
  EXPECT_THAT(other, HasMetadata("expected", "AS_EXPECTED"));
  // The unit's result is its reason, also away from the figures, and may be left out.
  EXPECT_THAT(
      RateEvaluation(evaluation, Of(v1::RATING_UNSPECIFIED, v1::AS_EXPECTED), good, kBoss, kNow),
      IsOk());
  EXPECT_EQ(evaluation.result_rating(), v1::AS_EXPECTED);
  v1::Evaluation other_person = Scored(v1::Evaluation::OPEN);
  EXPECT_THAT(
      RateEvaluation(other_person, Of(v1::RATING_UNSPECIFIED, v1::AS_EXPECTED), {}, kBoss, kNow),
      ViolatesField("resultRating"));
}

TEST(RateEvaluation, IsOverOnceTheUnitIsConfirmed) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::RATED);
  EXPECT_THAT(RateEvaluation(evaluation,
                             Of(v1::AS_EXPECTED, v1::AS_EXPECTED),
                             {.own_unit = {}, .confirmed = true},
                             kBoss,
                             kNow),
              HasReason(v1::UNIT_RESULT_CONFIRMED));
}

TEST(FollowUnitPredicate, ChangesAHeadWhoHasBeenRatedOtherwise) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::RATED);
  evaluation.set_result_rating(v1::AS_EXPECTED);
  evaluation.set_behavior_rating(v1::ABOVE_EXPECTATION);
  EXPECT_FALSE(FollowUnitPredicate(evaluation, v1::UNIT_GOOD));
  EXPECT_TRUE(FollowUnitPredicate(evaluation, v1::UNIT_EXCEPTIONAL));
  EXPECT_EQ(evaluation.predicate(), v1::VERY_GOOD);
  EXPECT_EQ(RatingOfHead(v1::UNIT_POOR), v1::BELOW_EXPECTATION);
}

TEST(Acknowledge, KeepsTheFirstTime) {
  v1::Evaluation evaluation = Scored(v1::Evaluation::FINAL);
  ASSERT_THAT(Acknowledge(evaluation, kNow), IsOk());
  ASSERT_THAT(Acknowledge(evaluation, kNow + absl::Hours(1)), IsOk());
  EXPECT_EQ(evaluation.acknowledge_time().seconds(), 1'740'000'000);
  v1::Evaluation open = Scored(v1::Evaluation::RATED);
  EXPECT_THAT(Acknowledge(open, kNow), HasReason(v1::EVALUATION_NOT_FINAL));
}

v1::UnitResult Unit(v1::UnitResult::State state, std::array<int, 5> counts, int population) {
  v1::UnitResult result;
  result.set_state(state);
  result.set_predicate(v1::UNIT_GOOD);
  v1::DistributionCheck& check = *result.mutable_distribution();
  check.set_population(population);
  check.set_rated(counts[0] + counts[1] + counts[2] + counts[3] + counts[4]);
  check.set_very_good(counts[0]);
  check.set_good(counts[1]);
  check.set_needs_improvement(counts[2]);
  check.set_poor(counts[3]);
  check.set_very_poor(counts[4]);
  return result;
}

TEST(UnitResultStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  const auto* states = v1::UnitResult::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::UnitResult::State>(states->value(i)->number());
    const bool draft = state == v1::UnitResult::DRAFT;
    v1::UnitResult result = Unit(state, {8, 26, 5, 1, 0}, 40);
    EXPECT_EQ(UpdateUnitResult(result).ok(), draft);
    EXPECT_EQ(ConfirmUnitResult(result, "").ok(), draft) << v1::UnitResult::State_Name(state);
    EXPECT_EQ(result.state(), draft ? v1::UnitResult::CONFIRMED : state);
    const auto published = Next(std::span<const UnitResultTransition>(kUnitResultTransitions),
                                state,
                                UnitResultAction::kPublish);
    EXPECT_EQ(published.has_value(), state == v1::UnitResult::CONFIRMED);
  }
}

TEST(ConfirmUnitResult, CountsAgainstThePattern) {
  v1::UnitResult fits = Unit(v1::UnitResult::DRAFT, {8, 26, 5, 1, 0}, 40);
  EXPECT_THAT(ConfirmUnitResult(fits, ""), IsOk());
  EXPECT_TRUE(fits.distribution().conforms());

  v1::UnitResult deviates = Unit(v1::UnitResult::DRAFT, {10, 30, 0, 0, 0}, 40);
  const absl::Status refused = ConfirmUnitResult(deviates, "");
  EXPECT_THAT(refused, HasReason(v1::JUSTIFICATION_MISSING));
  EXPECT_EQ(deviates.distribution().violations_size(), 2);
  EXPECT_FALSE(deviates.distribution().violations(0).text_id().empty());
  deviates.set_state(v1::UnitResult::DRAFT);
  EXPECT_THAT(ConfirmUnitResult(deviates, "Terbukti pada setiap evaluasi"), IsOk());
  EXPECT_EQ(deviates.justification(), "Terbukti pada setiap evaluasi");

  v1::UnitResult open = Unit(v1::UnitResult::DRAFT, {8, 26, 5, 0, 0}, 40);
  EXPECT_THAT(ConfirmUnitResult(open, "x"), HasMetadata("open_count", "1"));
}

TEST(AwardStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  const auto* states = v1::Award::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::Award::State>(states->value(i)->number());
    for (const bool confirmed : {true, false}) {
      v1::Award award;
      award.set_state(state);
      const absl::Status status = DecideAward(award, confirmed, kBoss, "");
      EXPECT_EQ(status.ok(), state == v1::Award::NOMINATED);
      if (status.ok()) {
        EXPECT_EQ(award.state(), confirmed ? v1::Award::CONFIRMED : v1::Award::DECLINED);
      } else {
        EXPECT_THAT(status, HasReason(v1::AWARD_DECIDED));
      }
    }
  }
}

}  // namespace
}  // namespace teraju::evaluation::domain
