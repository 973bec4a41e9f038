// The rules of calibration sessions: leaders compare ratings before these become final, appraisers
// set them, every change has a reason. Nothing is moved by itself.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/calibration_service.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

enum class CalibrationAction { kUpdate, kPropose, kDecide, kClose };
inline constexpr CalibrationAction kCalibrationActions[] = {CalibrationAction::kUpdate,
                                                            CalibrationAction::kPropose,
                                                            CalibrationAction::kDecide,
                                                            CalibrationAction::kClose};
std::string_view ActionName(CalibrationAction action);

using Session = v1::CalibrationSession;
using CalibrationTransition = Transition<Session::State, CalibrationAction>;
inline constexpr CalibrationTransition kCalibrationTransitions[] = {
    {Session::OPEN, CalibrationAction::kUpdate, Session::OPEN},
    {Session::OPEN, CalibrationAction::kPropose, Session::OPEN},
    {Session::OPEN, CalibrationAction::kDecide, Session::OPEN},
    {Session::OPEN, CalibrationAction::kClose, Session::CLOSED},
};

// Moves by the table alone. FAILED_PRECONDITION (CALIBRATION_CLOSED).
absl::Status MoveSession(Session& session, CalibrationAction action);

// FAILED_PRECONDITION: UNIT_RESULT_CONFIRMED, CALIBRATION_NOTHING_RATED.
absl::Status CheckCalibratable(const v1::UnitResult& result);

v1::RatingPair PairOf(const v1::Evaluation& evaluation);

// What somebody proposes for the person of an evaluation; ratings that are unspecified stay.
struct Proposing {
  v1::Rating results = v1::RATING_UNSPECIFIED;
  v1::Rating behavior = v1::RATING_UNSPECIFIED;
  std::string reason;
  std::string by;  // name
};

// Adds a pending proposal and returns it. INVALID_ARGUMENT where no rating is named;
// FAILED_PRECONDITION (CALIBRATION_OWN).
absl::StatusOr<v1::RatingProposal> ProposeRating(v1::CalibratedRating& rating,
                                                 const v1::Evaluation& evaluation,
                                                 const Proposing& proposing,
                                                 absl::Time now);

// Accepts or declines. INVALID_ARGUMENT for an unknown proposal; FAILED_PRECONDITION
// (CALIBRATION_PROPOSAL_DECIDED).
struct ProposalDecision {
  std::string proposal_id;
  bool accept = false;
  std::string note;
  std::string by;  // name
};
absl::StatusOr<v1::RatingProposal> DecideProposal(v1::CalibratedRating& rating,
                                                  const ProposalDecision& deciding,
                                                  absl::Time now);

// What the appraiser sets by accepting: a rating that changes has the proposal's reason, one that
// stays keeps its own.
Ratings RatingsBy(const v1::RatingProposal& proposal, const v1::Evaluation& evaluation);

bool IsChanged(const v1::CalibratedRating& rating);

// Fills in why `after` is another than `before`: what the accepted proposal says that led there.
void ExplainChange(v1::CalibratedRating& rating);

// Ends the session over all its people, whose `after` says how they are rated now: proposals
// lapse. FAILED_PRECONDITION: CALIBRATION_CLOSED, CALIBRATION_REASON_MISSING.
absl::Status CloseSession(Session& session,
                          std::span<v1::CalibratedRating> ratings,
                          std::string_view by,
                          absl::Time now);

}  // namespace teraju::evaluation::domain
