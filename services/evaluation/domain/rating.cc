#include "services/evaluation/domain/rating.h"

#include <algorithm>
#include <cstdlib>

#include "common/engines/rules/predicate.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/scoring.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr std::string_view kFar = "RATING_FAR_FROM_EVIDENCE";

std::optional<v1::Evaluation::State> NextState(const v1::Evaluation& evaluation,
                                               EvaluationAction action) {
  return Next(
      std::span<const EvaluationTransition>(kEvaluationTransitions), evaluation.state(), action);
}

absl::Status Final() {
  return errors::FailedPrecondition(v1::EVALUATION_FINAL, "The result is final.");
}

absl::Status NotScored(const v1::Evaluation& evaluation) {
  return errors::FailedPrecondition(v1::EVALUATION_NOT_SCORED,
                                    "The evaluation has not been scored.")
      .With("evaluation", evaluation.name());
}

absl::Status ReasonMissing(const Ratings& ratings, std::string_view field) {
  return errors::FailedPrecondition(v1::RATING_REASON_MISSING, "The rating needs a reason.")
      .With("field", ratings.path + std::string(field));
}

// Without a suggestion there is no evidence, and only the middle speaks for itself.
bool NeedsResultReason(const v1::ComputedEvidence& evidence, v1::Rating results) {
  const v1::Rating suggested = evidence.suggested_result_rating();
  return results != (suggested == v1::RATING_UNSPECIFIED ? v1::AS_EXPECTED : suggested);
}

absl::Status SetPredicate(v1::Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const rules::Rating results, rules::RatingOf(evaluation.result_rating()));
  ASSIGN_OR_RETURN(const rules::Rating behavior, rules::RatingOf(evaluation.behavior_rating()));
  evaluation.set_predicate(static_cast<v1::Predicate>(rules::Combine(results, behavior)));
  return absl::OkStatus();
}

// The rating of results that is to be stored: what the unit's result says, or what the appraiser
// has set with a reason.
absl::StatusOr<v1::Rating> ResultsOf(const v1::Evaluation& evaluation,
                                     const Ratings& ratings,
                                     const UnitContext& units) {
  if (units.own_unit.has_value()) {
    const v1::Rating expected = RatingOfHead(*units.own_unit);
    if (ratings.results == v1::RATING_UNSPECIFIED || ratings.results == expected) return expected;
    return errors::FailedPrecondition(v1::UNIT_RESULT_BINDS,
                                      "The unit's predicate is the rating of its head.")
        .With("expected", v1::Rating_Name(expected));
  }
  if (ratings.results == v1::RATING_UNSPECIFIED) {
    errors::FieldViolations violations;
    violations.Add(ratings.path + "resultRating",
                   "REQUIRED",
                   "Pilih rating hasil kerja.",
                   "Choose the rating of results.");
    return violations.ToStatus();
  }
  if (ratings.result_reason.empty() && NeedsResultReason(evaluation.computed(), ratings.results)) {
    return ReasonMissing(ratings, "resultReason");
  }
  return ratings.results;
}

}  // namespace

std::string_view ActionName(EvaluationAction action) {
  switch (action) {
    case EvaluationAction::kSubmitSelf:
      return "submitSelf";
    case EvaluationAction::kSetFigures:
      return "setFigures";
    case EvaluationAction::kRate:
      return "rate";
    case EvaluationAction::kFinalise:
      return "publish";
    case EvaluationAction::kAcknowledge:
      return "acknowledge";
    case EvaluationAction::kChangeByObjection:
      return "changeByObjection";
  }
  return "";
}

absl::Status SubmitSelf(v1::Evaluation& evaluation, std::string_view note) {
  if (!NextState(evaluation, EvaluationAction::kSubmitSelf).has_value()) {
    if (evaluation.state() != v1::Evaluation::RATED) return Final();
    return errors::FailedPrecondition(v1::EVALUATION_RATED, "The appraiser has rated.");
  }
  evaluation.set_self_note(std::string(note));
  return absl::OkStatus();
}

bool IsFinal(const v1::Evaluation& evaluation) {
  return !NextState(evaluation, EvaluationAction::kSetFigures).has_value();
}

absl::Status SetFigures(v1::Evaluation& evaluation,
                        const Figures& figures,
                        const Entering& entering) {
  if (IsFinal(evaluation)) return Final();
  MergeFigures(figures, entering, *evaluation.mutable_figures());
  return absl::OkStatus();
}

absl::Status RateEvaluation(v1::Evaluation& evaluation,
                            const Ratings& ratings,
                            const UnitContext& units,
                            std::string_view rated_by,
                            absl::Time now) {
  const auto next = NextState(evaluation, EvaluationAction::kRate);
  if (!next.has_value()) return Final();
  if (!evaluation.has_computed()) return NotScored(evaluation);
  if (units.confirmed) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_CONFIRMED,
                                      "The distribution of the unit has been accepted.");
  }
  ASSIGN_OR_RETURN(const v1::Rating results, ResultsOf(evaluation, ratings, units));
  if (ratings.behavior_reason.empty() && ratings.behavior != v1::AS_EXPECTED) {
    return ReasonMissing(ratings, "behaviorReason");
  }
  evaluation.set_state(*next);
  evaluation.set_result_rating(results);
  evaluation.set_behavior_rating(ratings.behavior);
  evaluation.set_result_reason(ratings.result_reason);
  evaluation.set_behavior_reason(ratings.behavior_reason);
  RETURN_IF_ERROR(SetPredicate(evaluation));
  evaluation.set_rated_by(std::string(rated_by));
  SetTime(*evaluation.mutable_rate_time(), now);
  WarnWhenFar(evaluation);
  return absl::OkStatus();
}

void WarnWhenFar(v1::Evaluation& evaluation) {
  v1::ComputedEvidence& evidence = *evaluation.mutable_computed();
  auto& warnings = *evidence.mutable_warnings();
  warnings.erase(
      std::remove_if(
          warnings.begin(), warnings.end(), [](const v1::Warning& w) { return w.code() == kFar; }),
      warnings.end());
  const v1::Rating suggested = evidence.suggested_result_rating();
  if (suggested != v1::RATING_UNSPECIFIED && evaluation.result_rating() != v1::RATING_UNSPECIFIED &&
      std::abs(suggested - evaluation.result_rating()) > 1) {
    AddWarning(evidence, kFar);
  }
}

bool FollowUnitPredicate(v1::Evaluation& evaluation, v1::UnitPredicate predicate) {
  const v1::Rating expected = RatingOfHead(predicate);
  if (evaluation.state() != v1::Evaluation::RATED || evaluation.result_rating() == expected)
    return false;
  evaluation.set_result_rating(expected);
  if (!SetPredicate(evaluation).ok()) return false;
  WarnWhenFar(evaluation);
  return true;
}

absl::Status Finalise(v1::Evaluation& evaluation, absl::Time now) {
  const auto next = NextState(evaluation, EvaluationAction::kFinalise);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::EVALUATIONS_OPEN, "An evaluation is not rated.")
        .With("open_count", "1");
  }
  if (!evaluation.has_computed()) return NotScored(evaluation);
  evaluation.set_state(*next);
  SetTime(*evaluation.mutable_final_time(), now);
  return absl::OkStatus();
}

absl::Status Acknowledge(v1::Evaluation& evaluation, absl::Time now) {
  const auto next = NextState(evaluation, EvaluationAction::kAcknowledge);
  if (!next.has_value())
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  evaluation.set_state(*next);
  if (!evaluation.has_acknowledge_time()) SetTime(*evaluation.mutable_acknowledge_time(), now);
  return absl::OkStatus();
}

v1::Rating RatingOfHead(v1::UnitPredicate predicate) {
  const auto unit = rules::UnitPredicateOf(predicate);
  return unit.ok() ? static_cast<v1::Rating>(rules::ResultsOfHead(*unit)) : v1::RATING_UNSPECIFIED;
}

}  // namespace teraju::evaluation::domain
