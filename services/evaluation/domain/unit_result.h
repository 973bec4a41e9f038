// The rules of unit results and of the distribution of predicates in a unit.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

enum class UnitResultAction { kUpdate, kConfirm, kPublish };
inline constexpr UnitResultAction kUnitResultActions[] = {
    UnitResultAction::kUpdate, UnitResultAction::kConfirm, UnitResultAction::kPublish};
std::string_view ActionName(UnitResultAction action);

using UnitResultTransition = Transition<v1::UnitResult::State, UnitResultAction>;
inline constexpr UnitResultTransition kUnitResultTransitions[] = {
    {v1::UnitResult::DRAFT, UnitResultAction::kUpdate, v1::UnitResult::DRAFT},
    {v1::UnitResult::DRAFT, UnitResultAction::kConfirm, v1::UnitResult::CONFIRMED},
    {v1::UnitResult::CONFIRMED, UnitResultAction::kPublish, v1::UnitResult::PUBLISHED},
};

// Compares the counts of a result's distribution with the pattern of its predicate (SE MenPANRB
// 3/2023) and fills in what does not fit. A result that is confirmed keeps its check.
void CheckDistribution(v1::UnitResult& result);

// FAILED_PRECONDITION (UNIT_RESULT_CONFIRMED).
absl::Status UpdateUnitResult(v1::UnitResult& result);

// FAILED_PRECONDITION: UNIT_RESULT_CONFIRMED, EVALUATIONS_OPEN, JUSTIFICATION_MISSING.
absl::Status ConfirmUnitResult(v1::UnitResult& result, std::string_view justification);

enum class AwardAction { kConfirm, kDecline };
inline constexpr AwardAction kAwardActions[] = {AwardAction::kConfirm, AwardAction::kDecline};
std::string_view ActionName(AwardAction action);

using AwardTransition = Transition<v1::Award::State, AwardAction>;
inline constexpr AwardTransition kAwardTransitions[] = {
    {v1::Award::NOMINATED, AwardAction::kConfirm, v1::Award::CONFIRMED},
    {v1::Award::NOMINATED, AwardAction::kDecline, v1::Award::DECLINED},
};

// FAILED_PRECONDITION (AWARD_DECIDED).
absl::Status DecideAward(v1::Award& award,
                         bool confirmed,
                         std::string_view decided_by,
                         std::string_view comment);

// Why somebody is nominated, from place, size of the unit, mean achievement and feedback; the last
// two may be empty.
struct AwardGround {
  int place = 0;
  int people = 0;
  std::string mean_achievement;
  std::string feedback_mean;
};
void ExplainAward(v1::Award& award, const AwardGround& ground);

}  // namespace teraju::evaluation::domain
