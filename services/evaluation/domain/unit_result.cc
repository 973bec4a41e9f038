#include "services/evaluation/domain/unit_result.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/distribution.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

absl::Status Move(v1::UnitResult& result, UnitResultAction action) {
  const auto next =
      Next(std::span<const UnitResultTransition>(kUnitResultTransitions), result.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_CONFIRMED, "The unit's result is confirmed.");
  }
  result.set_state(*next);
  return absl::OkStatus();
}

}  // namespace

std::string_view ActionName(UnitResultAction action) {
  switch (action) {
    case UnitResultAction::kUpdate:
      return "update";
    case UnitResultAction::kConfirm:
      return "confirm";
    case UnitResultAction::kPublish:
      return "publish";
  }
  return "";
}

void CheckDistribution(v1::UnitResult& result) {
  const auto unit = rules::UnitPredicateOf(result.predicate());
  if (result.state() != v1::UnitResult::DRAFT || !unit.ok()) return;
  v1::DistributionCheck& check = *result.mutable_distribution();
  const rules::Counts counts(
      check.very_good(), check.good(), check.needs_improvement(), check.poor(), check.very_poor());
  const rules::Distribution distribution = rules::CheckDistribution(*unit, counts);
  check.set_conforms(distribution.conforms);
  check.set_too_small(distribution.too_small);
  check.clear_violations();
  for (const rules::ConstraintResult& constraint : distribution.constraints) {
    if (constraint.holds()) continue;
    v1::DistributionViolation& violation = *check.add_violations();
    violation.set_constraint(constraint.code);
    violation.set_have(constraint.have);
    violation.set_allowed(constraint.limit);
    violation.set_by(constraint.by);
    violation.set_text_id(constraint.text.id);
    violation.set_text_en(constraint.text.en);
  }
}

absl::Status UpdateUnitResult(v1::UnitResult& result) {
  return Move(result, UnitResultAction::kUpdate);
}

absl::Status ConfirmUnitResult(v1::UnitResult& result, std::string_view justification) {
  CheckDistribution(result);
  const v1::DistributionCheck& check = result.distribution();
  RETURN_IF_ERROR(Move(result, UnitResultAction::kConfirm));
  if (check.rated() < check.population()) {
    return errors::FailedPrecondition(v1::EVALUATIONS_OPEN, "Somebody of the unit is not rated.")
        .With("open_count", absl::StrCat(check.population() - check.rated()));
  }
  if (!check.conforms() && justification.empty()) {
    std::string violations;
    for (const v1::DistributionViolation& violation : check.violations()) {
      absl::StrAppend(&violations, violations.empty() ? "" : ", ", violation.constraint());
    }
    return errors::FailedPrecondition(v1::JUSTIFICATION_MISSING,
                                      "The distribution does not conform.")
        .With("violations", violations);
  }
  result.set_justification(std::string(justification));
  return absl::OkStatus();
}

std::string_view ActionName(AwardAction action) {
  switch (action) {
    case AwardAction::kConfirm:
      return "confirm";
    case AwardAction::kDecline:
      return "decline";
  }
  return "";
}

absl::Status DecideAward(v1::Award& award,
                         bool confirmed,
                         std::string_view decided_by,
                         std::string_view comment) {
  const auto next = Next(std::span<const AwardTransition>(kAwardTransitions),
                         award.state(),
                         confirmed ? AwardAction::kConfirm : AwardAction::kDecline);
  if (!next.has_value())
    return errors::FailedPrecondition(v1::AWARD_DECIDED, "The nomination has been decided.");
  award.set_state(*next);
  award.set_decided_by(std::string(decided_by));
  award.set_comment(std::string(comment));
  return absl::OkStatus();
}

void ExplainAward(v1::Award& award, const AwardGround& ground) {
  std::string id = absl::StrCat("Predikat tahunan Sangat Baik, urutan ",
                                ground.place,
                                " dari ",
                                ground.people,
                                " orang di unitnya menurut rata-rata capaian");
  std::string en = absl::StrCat("Annual predicate Very Good, place ",
                                ground.place,
                                " of ",
                                ground.people,
                                " people of the unit by mean achievement");
  if (!ground.mean_achievement.empty()) {
    absl::StrAppend(&id, " (", ground.mean_achievement, "%)");
    absl::StrAppend(&en, " (", ground.mean_achievement, "%)");
  }
  if (!ground.feedback_mean.empty()) {
    absl::StrAppend(&id, "; rata-rata umpan balik ", ground.feedback_mean);
    absl::StrAppend(&en, "; mean of the feedback ", ground.feedback_mean);
  }
  award.set_reason_id(id + ".");
  award.set_reason_en(en + ".");
}

}  // namespace teraju::evaluation::domain
