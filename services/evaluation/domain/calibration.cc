#include "services/evaluation/domain/calibration.h"

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using Proposal = v1::RatingProposal;
using CalibratedRating = v1::CalibratedRating;

// Names of people without a reason in one refusal.
constexpr int kNamedAtMost = 10;

bool Leads(const Proposal& proposal, const v1::RatingPair& to) {
  return proposal.state() == Proposal::ACCEPTED && proposal.result_rating() == to.result_rating() &&
         proposal.behavior_rating() == to.behavior_rating();
}

}  // namespace

std::string_view ActionName(CalibrationAction action) {
  switch (action) {
    case CalibrationAction::kUpdate:
      return "update";
    case CalibrationAction::kPropose:
      return "propose";
    case CalibrationAction::kDecide:
      return "decide";
    case CalibrationAction::kClose:
      return "close";
  }
  return "";
}

absl::Status MoveSession(Session& session, CalibrationAction action) {
  const auto next = Next(
      std::span<const CalibrationTransition>(kCalibrationTransitions), session.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::CALIBRATION_CLOSED, "The session is closed.");
  }
  session.set_state(*next);
  return absl::OkStatus();
}

absl::Status CheckCalibratable(const v1::UnitResult& result) {
  if (result.state() != v1::UnitResult::DRAFT) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_CONFIRMED, "The unit's result is confirmed.");
  }
  if (result.distribution().rated() == 0) {
    return errors::FailedPrecondition(v1::CALIBRATION_NOTHING_RATED,
                                      "Nobody of the unit has been rated.");
  }
  return absl::OkStatus();
}

v1::RatingPair PairOf(const v1::Evaluation& evaluation) {
  v1::RatingPair pair;
  pair.set_result_rating(evaluation.result_rating());
  pair.set_behavior_rating(evaluation.behavior_rating());
  pair.set_predicate(evaluation.predicate());
  return pair;
}

absl::StatusOr<Proposal> ProposeRating(CalibratedRating& rating,
                                       const v1::Evaluation& evaluation,
                                       const Proposing& proposing,
                                       absl::Time now) {
  if (proposing.by == evaluation.snapshot().employee()) {
    return errors::FailedPrecondition(v1::CALIBRATION_OWN, "Nobody proposes the own ratings.");
  }
  if (proposing.results == v1::RATING_UNSPECIFIED && proposing.behavior == v1::RATING_UNSPECIFIED) {
    errors::FieldViolations violations;
    violations.Add("resultRating",
                   "REQUIRED",
                   "Sebutkan rating hasil kerja, perilaku kerja, atau keduanya.",
                   "Name a rating of results, of behaviour, or both.");
    return violations.ToStatus();
  }
  Proposal& proposal = *rating.add_proposals();
  proposal.set_proposal_id(absl::StrCat(rating.proposals_size()));
  proposal.set_result_rating(
      proposing.results == v1::RATING_UNSPECIFIED ? evaluation.result_rating() : proposing.results);
  proposal.set_behavior_rating(proposing.behavior == v1::RATING_UNSPECIFIED
                                   ? evaluation.behavior_rating()
                                   : proposing.behavior);
  proposal.set_reason(proposing.reason);
  proposal.set_proposed_by(proposing.by);
  SetTime(*proposal.mutable_create_time(), now);
  proposal.set_state(Proposal::PENDING);
  return proposal;
}

absl::StatusOr<Proposal> DecideProposal(CalibratedRating& rating,
                                        const ProposalDecision& deciding,
                                        absl::Time now) {
  for (Proposal& proposal : *rating.mutable_proposals()) {
    if (proposal.proposal_id() != deciding.proposal_id) continue;
    if (proposal.state() != Proposal::PENDING) {
      return errors::FailedPrecondition(v1::CALIBRATION_PROPOSAL_DECIDED,
                                        "The proposal is decided.")
          .With("state", Proposal::State_Name(proposal.state()));
    }
    proposal.set_state(deciding.accept ? Proposal::ACCEPTED : Proposal::DECLINED);
    proposal.set_decided_by(deciding.by);
    SetTime(*proposal.mutable_decide_time(), now);
    proposal.set_decision_note(deciding.note);
    return proposal;
  }
  errors::FieldViolations violations;
  violations.Add("proposalId",
                 "UNKNOWN",
                 "Usulan ini tidak ada. Baca daftar usulan pada rapat.",
                 "There is no such proposal. Read the proposals of the session.");
  return violations.ToStatus();
}

Ratings RatingsBy(const Proposal& proposal, const v1::Evaluation& evaluation) {
  const auto reason = [&](v1::Rating now, v1::Rating before, const std::string& given) {
    return now != before || given.empty() ? proposal.reason() : given;
  };
  return {
      .results = proposal.result_rating(),
      .behavior = proposal.behavior_rating(),
      .result_reason =
          reason(proposal.result_rating(), evaluation.result_rating(), evaluation.result_reason()),
      .behavior_reason = reason(
          proposal.behavior_rating(), evaluation.behavior_rating(), evaluation.behavior_reason()),
      .path = ""};
}

bool IsChanged(const CalibratedRating& rating) {
  return rating.after().result_rating() != rating.before().result_rating() ||
         rating.after().behavior_rating() != rating.before().behavior_rating();
}

void ExplainChange(CalibratedRating& rating) {
  rating.clear_reason();
  if (!IsChanged(rating)) return;
  for (const Proposal& proposal : rating.proposals()) {
    if (Leads(proposal, rating.after())) rating.set_reason(proposal.reason());
  }
}

absl::Status CloseSession(Session& session,
                          std::span<CalibratedRating> ratings,
                          std::string_view by,
                          absl::Time now) {
  RETURN_IF_ERROR(MoveSession(session, CalibrationAction::kClose));
  std::string missing;
  int unexplained = 0;
  int changed = 0;
  for (CalibratedRating& rating : ratings) {
    ExplainChange(rating);
    for (Proposal& proposal : *rating.mutable_proposals()) {
      if (proposal.state() == Proposal::PENDING) proposal.set_state(Proposal::LAPSED);
    }
    if (!IsChanged(rating)) continue;
    ++changed;
    if (rating.reason().empty() && ++unexplained <= kNamedAtMost) {
      absl::StrAppend(&missing, missing.empty() ? "" : ", ", rating.evaluation());
    }
  }
  if (unexplained > 0) {
    if (unexplained > kNamedAtMost) absl::StrAppend(&missing, ", +", unexplained - kNamedAtMost);
    return errors::FailedPrecondition(v1::CALIBRATION_REASON_MISSING,
                                      "A rating was changed without a reason.")
        .With("evaluations", missing);
  }
  session.set_changed(changed);
  session.set_closed_by(std::string(by));
  SetTime(*session.mutable_close_time(), now);
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
