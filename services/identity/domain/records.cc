#include "services/identity/domain/records.h"

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "fmt/format.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/nip.h"
#include "services/identity/domain/text.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

void RequireDate(errors::FieldViolations& violations,
                 const google::type::Date& date,
                 std::string_view field) {
  if (!FromDate(date)) {
    violations.Add(field,
                   "DATE_INVALID",
                   "Harus tanggal kalender yang lengkap.",
                   "Must be a full calendar date.");
  }
}

void RequireText(errors::FieldViolations& violations,
                 std::string_view text,
                 std::string_view field) {
  if (Trim(text).empty()) violations.Add(field, "REQUIRED", "Wajib diisi.", "Is required.");
}

absl::Status CheckInterval(const google::type::Date& first,
                           const google::type::Date& last,
                           std::string_view field) {
  if (*FromDate(first) <= *FromDate(last)) return absl::OkStatus();
  return errors::InvalidArgument(v1::INTERVAL_INVALID, "The last day lies before the first.")
      .With("field", field);
}

}  // namespace

absl::Status PrepareEmployee(v1::Employee& employee) {
  ASSIGN_OR_RETURN(const Nip nip, Nip::Parse(employee.nip()));
  employee.set_nip(nip.value());
  if (employee.kind() == v1::Employee::KIND_UNSPECIFIED) {
    employee.set_kind(nip.pppk() ? v1::Employee::PPPK : v1::Employee::PNS);
  }
  errors::FieldViolations violations;
  RequireText(violations, employee.full_name(), "employee.fullName");
  RequireText(violations, employee.position_title(), "employee.positionTitle");
  RequireText(violations, employee.unit(), "employee.unit");
  RequireDate(violations, employee.birth_date(), "employee.birthDate");
  if (employee.has_position_start_date()) {
    RequireDate(violations, employee.position_start_date(), "employee.positionStartDate");
  }
  if (!v1::Employee::Kind_IsValid(employee.kind())) {
    violations.Add(
        "employee.kind", "ENUM_UNKNOWN", "Nilai tidak dikenal.", "Is not a known value.");
  }
  if (!v1::Employee::PositionKind_IsValid(employee.position_kind()) ||
      employee.position_kind() == 0) {
    violations.Add("employee.positionKind",
                   "ENUM_UNKNOWN",
                   "Pilih STRUCTURAL, FUNCTIONAL, atau GENERAL.",
                   "Choose STRUCTURAL, FUNCTIONAL or GENERAL.");
  }
  return violations.ToStatus();
}

v1::EmployeeTraits TraitsOf(const v1::Employee& employee) {
  v1::EmployeeTraits traits;
  traits.set_employee(employee.name());
  traits.set_grade(employee.grade());
  Nip nip;
  NipFault fault;
  if (Nip::TryParse(employee.nip(), nip, fault))
    traits.set_gender(nip.male() ? v1::EmployeeTraits::MALE : v1::EmployeeTraits::FEMALE);
  return traits;
}

absl::Status CheckAssignment(const v1::Assignment& assignment) {
  errors::FieldViolations violations;
  RequireDate(violations, assignment.start_date(), "assignment.startDate");
  if (assignment.has_end_date())
    RequireDate(violations, assignment.end_date(), "assignment.endDate");
  if (!v1::Assignment::Kind_IsValid(assignment.kind()) || assignment.kind() == 0) {
    violations.Add("assignment.kind",
                   "ENUM_UNKNOWN",
                   "Pilih jenis penugasan yang dikenal.",
                   "Choose a known kind of assignment.");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (!assignment.has_end_date()) return absl::OkStatus();
  return CheckInterval(assignment.start_date(), assignment.end_date(), "assignment.endDate");
}

absl::Status CheckOfficial(const v1::Official& official) {
  errors::FieldViolations violations;
  RequireDate(violations, official.start_date(), "official.startDate");
  if (official.has_end_date()) RequireDate(violations, official.end_date(), "official.endDate");
  RETURN_IF_ERROR(violations.ToStatus());
  if (!official.has_end_date()) return absl::OkStatus();
  return CheckInterval(official.start_date(), official.end_date(), "official.endDate");
}

absl::Status CheckDelegation(const v1::Delegation& delegation) {
  errors::FieldViolations violations;
  RequireDate(violations, delegation.start_date(), "delegation.startDate");
  RequireDate(violations, delegation.end_date(), "delegation.endDate");
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(
      CheckInterval(delegation.start_date(), delegation.end_date(), "delegation.endDate"));
  if (delegation.delegator() != delegation.delegate()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::DELEGATE_EXCLUDED, "Nobody delegates to himself.")
      .With("person", delegation.delegate());
}

absl::Status EndAssignment(v1::Assignment& assignment, const google::type::Date& last_day) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDate(last_day, "endDate"));
  if (assignment.has_end_date()) {
    const absl::CivilDay ended = *FromDate(assignment.end_date());
    if (ended == day) return absl::OkStatus();
    return errors::FailedPrecondition(v1::ASSIGNMENT_ENDED,
                                      "The assignment has ended already on another day.")
        .With("end_date", FormatDay(ended));
  }
  RETURN_IF_ERROR(CheckInterval(assignment.start_date(), last_day, "endDate"));
  *assignment.mutable_end_date() = last_day;
  return absl::OkStatus();
}

absl::Status CheckCorrection(const v1::Assignment& before,
                             v1::Assignment& after,
                             bool leads_known) {
  const bool same = before.kind() == after.kind() && before.unit() == after.unit() &&
                    before.position_title() == after.position_title();
  if (!same && !leads_known) after.clear_leads_unit();
  return CheckAssignment(after);
}

absl::StatusOr<absl::CivilDay> ParseDate(const google::type::Date& date, std::string_view field) {
  errors::FieldViolations violations;
  RequireDate(violations, date, field);
  RETURN_IF_ERROR(violations.ToStatus());
  return *FromDate(date);
}

absl::StatusOr<Days> ParseDays(const google::type::Date& first,
                               const google::type::Date& last,
                               int max_days) {
  errors::FieldViolations violations;
  RequireDate(violations, first, "startDate");
  RequireDate(violations, last, "endDate");
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckInterval(first, last, "endDate"));
  const Days days{*FromDate(first), *FromDate(last)};
  if (days.last - days.first >= max_days) {
    violations.Add("endDate",
                   "TOO_FAR",
                   fmt::format("Paling lama {} hari.", max_days),
                   fmt::format("At most {} days.", max_days));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return days;
}

}  // namespace teraju::identity::domain
