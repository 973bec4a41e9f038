// The rules of sharing final results with others: what is agreed, whether it is in force, what of a
// result it lets out.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/sharing_service.pb.h"

namespace teraju::evaluation::domain {

enum class SharingAction { kEnd };
inline constexpr SharingAction kSharingActions[] = {SharingAction::kEnd};
std::string_view ActionName(SharingAction action);

using SharingTransition = Transition<v1::SharingAgreement::State, SharingAction>;
inline constexpr SharingTransition kSharingTransitions[] = {
    {v1::SharingAgreement::ACTIVE, SharingAction::kEnd, v1::SharingAgreement::ENDED},
};

// Checks what was entered and completes it. INVALID_ARGUMENT.
absl::Status PrepareAgreement(v1::SharingAgreement& agreement, absl::Time now);

// FAILED_PRECONDITION (SHARING_NOT_IN_FORCE).
absl::Status CheckInForce(const v1::SharingAgreement& agreement, absl::CivilDay today);

// FAILED_PRECONDITION (SHARING_ENDED).
absl::Status EndAgreement(v1::SharingAgreement& agreement, std::string_view reason, absl::Time now);

// What the agreement lets out of a final result of `year`.
v1::SharedResult Disclose(const v1::SharingAgreement& agreement,
                          const v1::AnnualResult& result,
                          int year);

}  // namespace teraju::evaluation::domain
