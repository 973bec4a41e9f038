// The rules of development programmes: six months to improve after a low annual result, with goals,
// reviews and an outcome (PP 30/2019, art. 57).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/annual_result.pb.h"
#include "teraju/evaluation/v1/development_service.pb.h"

namespace teraju::evaluation::domain {

enum class DevelopmentAction { kAcknowledge, kReview, kExtend, kSucceed, kFail, kCancel };
inline constexpr DevelopmentAction kDevelopmentActions[] = {DevelopmentAction::kAcknowledge,
                                                            DevelopmentAction::kReview,
                                                            DevelopmentAction::kExtend,
                                                            DevelopmentAction::kSucceed,
                                                            DevelopmentAction::kFail,
                                                            DevelopmentAction::kCancel};
std::string_view ActionName(DevelopmentAction action);

using Programme = v1::DevelopmentProgramme;
using DevelopmentTransition = Transition<Programme::State, DevelopmentAction>;
inline constexpr DevelopmentTransition kDevelopmentTransitions[] = {
    {Programme::OPEN, DevelopmentAction::kAcknowledge, Programme::OPEN},
    {Programme::OPEN, DevelopmentAction::kReview, Programme::OPEN},
    {Programme::OPEN, DevelopmentAction::kExtend, Programme::EXTENDED},
    {Programme::OPEN, DevelopmentAction::kSucceed, Programme::IMPROVED},
    {Programme::OPEN, DevelopmentAction::kFail, Programme::NOT_IMPROVED},
    {Programme::OPEN, DevelopmentAction::kCancel, Programme::CANCELLED},
    {Programme::EXTENDED, DevelopmentAction::kAcknowledge, Programme::EXTENDED},
    {Programme::EXTENDED, DevelopmentAction::kReview, Programme::EXTENDED},
    {Programme::EXTENDED, DevelopmentAction::kSucceed, Programme::IMPROVED},
    {Programme::EXTENDED, DevelopmentAction::kFail, Programme::NOT_IMPROVED},
    {Programme::EXTENDED, DevelopmentAction::kCancel, Programme::CANCELLED},
};

// Moves by the table alone. FAILED_PRECONDITION (DEVELOPMENT_WRONG_STATE).
absl::Status MoveProgramme(Programme& programme, DevelopmentAction action);

// Completes a programme for `result` from its goals and first day (today without one).
// FAILED_PRECONDITION: EVALUATION_NOT_FINAL, DEVELOPMENT_NOT_NEEDED; INVALID_ARGUMENT.
absl::Status OpenProgramme(const v1::AnnualResult& result,
                           absl::CivilDay today,
                           absl::Time now,
                           Programme& programme);

// FAILED_PRECONDITION: DEVELOPMENT_ACKNOWLEDGED, DEVELOPMENT_WRONG_STATE; so below.
absl::Status AcknowledgeProgramme(Programme& programme, std::string_view comment, absl::Time now);

// `review` with date, note, reached goals and who. INVALID_ARGUMENT for a day before the programme
// or after `today`, and for an unknown goal.
absl::Status ReviewProgramme(Programme& programme,
                             const v1::DevelopmentReview& review,
                             absl::CivilDay today);

// Once. INVALID_ARGUMENT unless `end` is later than the last day, by at most six months.
absl::Status ExtendProgramme(Programme& programme,
                             const google::type::Date& end,
                             std::string_view reason);

// FAILED_PRECONDITION: DEVELOPMENT_NOT_REVIEWED, DEVELOPMENT_TOO_EARLY.
absl::Status ConcludeProgramme(Programme& programme,
                               bool improved,
                               std::string_view reason,
                               absl::CivilDay today,
                               absl::Time now);

absl::Status CancelProgramme(Programme& programme, std::string_view reason, absl::Time now);

}  // namespace teraju::evaluation::domain
