// Rules of courses, offerings and budgets.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

// FIELD_INVALID for a type that is none of SIASN's `jenisDiklatId` (1 to 25).
absl::Status CheckCourse(const v1::Course& course);

// A published course stays as it is. FAILED_PRECONDITION (COURSE_NOT_PUBLISHED) for a retired one.
absl::Status PublishCourse(v1::Course& course);

// FAILED_PRECONDITION (COURSE_NOT_PUBLISHED); INVALID_ARGUMENT: OFFERING_DATES_INVALID,
// MINIMUM_ABOVE_SEATS, and what is wrong with an amount.
absl::Status CheckOffering(const v1::Offering& offering, const v1::Course& course);

// OPEN to CANCELLED. FAILED_PRECONDITION (OFFERING_WRONG_STATE).
absl::Status CancelOffering(v1::Offering& offering, const std::string& comment);

// INVALID_ARGUMENT (FIELD_INVALID) unless both are periods of the agency, and not the same.
absl::Status CheckEffectPeriods(const std::string& before,
                                const std::string& after,
                                std::string_view agency);

// INVALID_ARGUMENT for what is wrong with the amount.
absl::Status CheckBudget(const v1::Budget& budget);

}  // namespace teraju::training::domain
