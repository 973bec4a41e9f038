// What must hold for a record before it is stored, beyond what its field options say.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "teraju/identity/v1/delegations_service.pb.h"
#include "teraju/identity/v1/employee.pb.h"
#include "teraju/identity/v1/organisation.pb.h"

namespace teraju::identity::domain {

// Normalises the NIP and derives the kind of employment from it where none is given.
// INVALID_ARGUMENT: NIP_INVALID, or FIELD_INVALID with every missing or impossible field.
absl::Status PrepareEmployee(v1::Employee& employee);

// Without a gender where there is no valid NIP.
v1::EmployeeTraits TraitsOf(const v1::Employee& employee);

// INVALID_ARGUMENT (FIELD_INVALID, INTERVAL_INVALID).
absl::Status CheckAssignment(const v1::Assignment& assignment);
absl::Status CheckOfficial(const v1::Official& official);

// INVALID_ARGUMENT (FIELD_INVALID, INTERVAL_INVALID); FAILED_PRECONDITION (DELEGATE_EXCLUDED).
absl::Status CheckDelegation(const v1::Delegation& delegation);

// Sets the last day in force. Ending again on the same day changes nothing. FAILED_PRECONDITION
// (ASSIGNMENT_ENDED); INVALID_ARGUMENT (INTERVAL_INVALID).
absl::Status EndAssignment(v1::Assignment& assignment, const google::type::Date& last_day);

// Whether `after` may take the place of `before`. Whether the post leads the unit is to be derived
// anew where kind, title or unit change and nobody says. INVALID_ARGUMENT as CheckAssignment.
absl::Status CheckCorrection(const v1::Assignment& before, v1::Assignment& after, bool leads_known);

// An interval of days of a request, both included, of at most `max_days`. INVALID_ARGUMENT.
struct Days {
  absl::CivilDay first;
  absl::CivilDay last;
};
absl::StatusOr<Days> ParseDays(const google::type::Date& first,
                               const google::type::Date& last,
                               int max_days);
// INVALID_ARGUMENT naming `field` when it is no calendar day.
absl::StatusOr<absl::CivilDay> ParseDate(const google::type::Date& date, std::string_view field);

}  // namespace teraju::identity::domain
