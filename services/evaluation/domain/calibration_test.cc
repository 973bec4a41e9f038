#include "services/evaluation/domain/calibration.h"

#include <map>
#include <vector>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/receipt_changes.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kSessionTime = absl::FromUnixSeconds(1'770'000'000);

v1::Evaluation RatedEvaluation() {
  v1::Evaluation evaluation;
  evaluation.set_name("agencies/a/evaluations/1");
  evaluation.mutable_snapshot()->set_employee("agencies/a/employees/officer");
  evaluation.set_state(v1::Evaluation::RATED);
  evaluation.set_result_rating(v1::ABOVE_EXPECTATION);
  evaluation.set_behavior_rating(v1::AS_EXPECTED);
  evaluation.set_result_reason("Target terlampaui");
  evaluation.set_predicate(v1::GOOD);
  return evaluation;
}

v1::CalibratedRating Looked(const v1::Evaluation& evaluation) {
  v1::CalibratedRating rating;
  rating.set_evaluation(evaluation.name());
  *rating.mutable_before() = PairOf(evaluation);
  *rating.mutable_after() = PairOf(evaluation);
  return rating;
}

Proposing Propose(v1::Rating results, v1::Rating behavior, const std::string& by = "head") {
  return {.results = results,
          .behavior = behavior,
          .reason = "Setara dengan rekan",
          .by = "agencies/a/employees/" + by};
}

ProposalDecision Accept(const std::string& id, bool accept = true) {
  return {.proposal_id = id, .accept = accept, .note = "", .by = "agencies/a/employees/head"};
}

TEST(CalibrationStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  const auto* states = Session::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<Session::State>(states->value(i)->number());
    for (const CalibrationAction action : kCalibrationActions) {
      SCOPED_TRACE(Session::State_Name(state) + " " + std::string(ActionName(action)));
      Session session;
      session.set_state(state);
      const absl::Status status = MoveSession(session, action);
      EXPECT_EQ(status.ok(), state == Session::OPEN);
      const bool closes = state == Session::OPEN && action == CalibrationAction::kClose;
      EXPECT_EQ(session.state(), closes ? Session::CLOSED : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::CALIBRATION_CLOSED));
      }
    }
  }
}

TEST(CheckCalibratable, NeedsRatingsThatAreNotConfirmed) {
  v1::UnitResult result;
  result.set_state(v1::UnitResult::DRAFT);
  EXPECT_THAT(CheckCalibratable(result), HasReason(v1::CALIBRATION_NOTHING_RATED));
  result.mutable_distribution()->set_rated(1);
  EXPECT_THAT(CheckCalibratable(result), IsOk());
  for (const auto state : {v1::UnitResult::CONFIRMED, v1::UnitResult::PUBLISHED}) {
    result.set_state(state);
    EXPECT_THAT(CheckCalibratable(result), HasReason(v1::UNIT_RESULT_CONFIRMED));
  }
}

TEST(ProposeRating, KeepsWhatIsNotNamedAndNobodyProposesForOneself) {
  const v1::Evaluation evaluation = RatedEvaluation();
  v1::CalibratedRating rating = Looked(evaluation);
  EXPECT_THAT(
      ProposeRating(
          rating, evaluation, Propose(v1::AS_EXPECTED, v1::AS_EXPECTED, "officer"), kSessionTime),
      HasReason(v1::CALIBRATION_OWN));
  EXPECT_THAT(ProposeRating(rating, evaluation, Propose({}, {}), kSessionTime),
              ViolatesField("resultRating"));
  EXPECT_EQ(rating.proposals_size(), 0);
  const auto proposal =
      ProposeRating(rating, evaluation, Propose(v1::AS_EXPECTED, {}), kSessionTime);
  ASSERT_THAT(proposal, IsOk());
  EXPECT_EQ(proposal->proposal_id(), "1");
  EXPECT_EQ(proposal->behavior_rating(), v1::AS_EXPECTED);
  EXPECT_EQ(proposal->state(), v1::RatingProposal::PENDING);
}

TEST(DecideProposal, IsDoneOnce) {
  const v1::Evaluation evaluation = RatedEvaluation();
  v1::CalibratedRating rating = Looked(evaluation);
  ASSERT_THAT(ProposeRating(rating, evaluation, Propose(v1::AS_EXPECTED, {}), kSessionTime),
              IsOk());
  EXPECT_THAT(DecideProposal(rating, Accept("2"), kSessionTime), ViolatesField("proposalId"));
  EXPECT_EQ(DecideProposal(rating, Accept("1", false), kSessionTime)->state(),
            v1::RatingProposal::DECLINED);
  const auto again = DecideProposal(rating, Accept("1"), kSessionTime);
  EXPECT_THAT(again, HasReason(v1::CALIBRATION_PROPOSAL_DECIDED));
  EXPECT_THAT(again, HasMetadata("state", "DECLINED"));
}

TEST(RatingsBy, ARatingThatStaysKeepsItsOwnReason) {
  const v1::Evaluation evaluation = RatedEvaluation();
  v1::RatingProposal proposal;
  proposal.set_reason("Setara dengan rekan");
  proposal.set_result_rating(v1::ABOVE_EXPECTATION);
  proposal.set_behavior_rating(v1::ABOVE_EXPECTATION);
  const Ratings ratings = RatingsBy(proposal, evaluation);
  EXPECT_EQ(ratings.result_reason, "Target terlampaui");
  EXPECT_EQ(ratings.behavior_reason, "Setara dengan rekan");
}

TEST(CloseSession, NeedsAReasonForEveryChangedRating) {
  const v1::Evaluation evaluation = RatedEvaluation();
  std::vector<v1::CalibratedRating> ratings = {Looked(evaluation), Looked(evaluation)};
  ASSERT_THAT(ProposeRating(ratings[0], evaluation, Propose(v1::AS_EXPECTED, {}), kSessionTime),
              IsOk());
  ASSERT_THAT(
      ProposeRating(ratings[1], evaluation, Propose({}, v1::ABOVE_EXPECTATION), kSessionTime),
      IsOk());
  // Somebody changed the first without saying why: the proposal was not what led there.
  ratings[0].mutable_after()->set_result_rating(v1::AS_EXPECTED);
  Session session;
  session.set_state(Session::OPEN);
  std::vector<v1::CalibratedRating> tried = ratings;
  const auto refused = CloseSession(session, tried, "agencies/a/officials/mayor", kSessionTime);
  EXPECT_THAT(refused, HasReason(v1::CALIBRATION_REASON_MISSING));
  EXPECT_THAT(refused, HasMetadata("evaluations", evaluation.name()));

  session.set_state(Session::OPEN);
  ASSERT_THAT(DecideProposal(ratings[0], Accept("1"), kSessionTime), IsOk());
  ASSERT_THAT(CloseSession(session, ratings, "agencies/a/officials/mayor", kSessionTime), IsOk());
  EXPECT_EQ(session.changed(), 1);
  EXPECT_EQ(ratings[0].reason(), "Setara dengan rekan");
  EXPECT_EQ(ratings[1].reason(), "");
  EXPECT_EQ(ratings[1].proposals(0).state(), v1::RatingProposal::LAPSED);
}

TEST(ExplainChange, WhatWentBackNeedsNoReason) {
  const v1::Evaluation evaluation = RatedEvaluation();
  v1::CalibratedRating rating = Looked(evaluation);
  ASSERT_THAT(ProposeRating(rating, evaluation, Propose(v1::AS_EXPECTED, {}), kSessionTime),
              IsOk());
  ASSERT_THAT(DecideProposal(rating, Accept("1"), kSessionTime), IsOk());
  ExplainChange(rating);
  EXPECT_FALSE(IsChanged(rating));
  EXPECT_EQ(rating.reason(), "");
}

TEST(WriteCalibrations, TellsBeforeAfterAndWhyInBothLanguages) {
  v1::CalibratedChange change;
  change.set_session("agencies/a/calibrationSessions/1");
  *change.mutable_before() = PairOf(RatedEvaluation());
  *change.mutable_after() = PairOf(RatedEvaluation());
  change.mutable_after()->set_behavior_rating(v1::ABOVE_EXPECTATION);
  change.mutable_after()->set_predicate(v1::VERY_GOOD);
  change.set_reason("Setara dengan rekan");
  v1::ScoreReceipt receipt;
  ASSERT_THAT(WriteCalibrations({&change, 1}, receipt), IsOk());
  EXPECT_THAT(receipt.text_id(), HasSubstr("Semula: Baik"));
  EXPECT_THAT(receipt.text_id(), HasSubstr("Menjadi: Sangat Baik"));
  EXPECT_THAT(receipt.text_en(), HasSubstr("Reason: Setara dengan rekan"));
  EXPECT_EQ(receipt.calibrations_size(), 1);
  EXPECT_EQ(receipt.steps(0).operation(), "calibration");
  change.mutable_before()->clear_predicate();
  EXPECT_FALSE(WriteCalibrations({&change, 1}, receipt).ok());
}

}  // namespace
}  // namespace teraju::evaluation::domain
