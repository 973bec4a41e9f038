// The rules of a person's evaluation: its states, what an appraiser may set, what follows from it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

enum class EvaluationAction {
  kSubmitSelf,
  kSetFigures,
  kRate,
  kFinalise,
  kAcknowledge,
  kChangeByObjection
};
inline constexpr EvaluationAction kEvaluationActions[] = {EvaluationAction::kSubmitSelf,
                                                          EvaluationAction::kSetFigures,
                                                          EvaluationAction::kRate,
                                                          EvaluationAction::kFinalise,
                                                          EvaluationAction::kAcknowledge,
                                                          EvaluationAction::kChangeByObjection};
std::string_view ActionName(EvaluationAction action);

using EvaluationTransition = Transition<v1::Evaluation::State, EvaluationAction>;
inline constexpr EvaluationTransition kEvaluationTransitions[] = {
    {v1::Evaluation::OPEN, EvaluationAction::kSubmitSelf, v1::Evaluation::OPEN},
    {v1::Evaluation::OPEN, EvaluationAction::kSetFigures, v1::Evaluation::OPEN},
    {v1::Evaluation::OPEN, EvaluationAction::kRate, v1::Evaluation::RATED},
    {v1::Evaluation::RATED, EvaluationAction::kSetFigures, v1::Evaluation::RATED},
    {v1::Evaluation::RATED, EvaluationAction::kRate, v1::Evaluation::RATED},
    {v1::Evaluation::RATED, EvaluationAction::kFinalise, v1::Evaluation::FINAL},
    {v1::Evaluation::FINAL, EvaluationAction::kAcknowledge, v1::Evaluation::ACKNOWLEDGED},
    {v1::Evaluation::FINAL, EvaluationAction::kChangeByObjection, v1::Evaluation::FINAL},
    {v1::Evaluation::ACKNOWLEDGED, EvaluationAction::kAcknowledge, v1::Evaluation::ACKNOWLEDGED},
    {v1::Evaluation::ACKNOWLEDGED, EvaluationAction::kChangeByObjection, v1::Evaluation::FINAL},
};

// FAILED_PRECONDITION: EVALUATION_RATED or EVALUATION_FINAL.
absl::Status SubmitSelf(v1::Evaluation& evaluation, std::string_view note);

// Nothing of it changes any more but that the person takes note.
bool IsFinal(const v1::Evaluation& evaluation);

// Enters figures for the agency's own policy pack. FAILED_PRECONDITION (EVALUATION_FINAL).
absl::Status SetFigures(v1::Evaluation& evaluation,
                        const Figures& figures,
                        const Entering& entering);

// What an appraiser sets.
struct Ratings {
  v1::Rating results = v1::RATING_UNSPECIFIED;  // may be left out where `unit_result` binds
  v1::Rating behavior = v1::RATING_UNSPECIFIED;
  std::string result_reason;
  std::string behavior_reason;
  std::string path;  // of these fields within the request, before their names
};

// What the results of units mean for one evaluation.
struct UnitContext {
  // Of the unit that the person leads.
  std::optional<v1::UnitPredicate> own_unit;
  // Whether a unit that counts the person in its distribution has confirmed it.
  bool confirmed = false;
};

// FAILED_PRECONDITION: EVALUATION_FINAL, EVALUATION_NOT_SCORED, UNIT_RESULT_CONFIRMED,
// UNIT_RESULT_BINDS, RATING_REASON_MISSING; INVALID_ARGUMENT (FIELD_INVALID).
absl::Status RateEvaluation(v1::Evaluation& evaluation,
                            const Ratings& ratings,
                            const UnitContext& units,
                            std::string_view rated_by,
                            absl::Time now);

// The head's rating of results follows from the unit's predicate, also where the head has been
// rated before. Returns whether something changed.
bool FollowUnitPredicate(v1::Evaluation& evaluation, v1::UnitPredicate predicate);

// Adds or removes the warning that the rating of results is two steps away from what the figures
// suggest.
void WarnWhenFar(v1::Evaluation& evaluation);

// FAILED_PRECONDITION (EVALUATIONS_OPEN, EVALUATION_NOT_SCORED).
absl::Status Finalise(v1::Evaluation& evaluation, absl::Time now);

// FAILED_PRECONDITION (EVALUATION_NOT_FINAL). The first time stays.
absl::Status Acknowledge(v1::Evaluation& evaluation, absl::Time now);

// The rating of results of a unit's head, by SE MenPANRB 3/2023.
v1::Rating RatingOfHead(v1::UnitPredicate predicate);

}  // namespace teraju::evaluation::domain
