#include "services/training/clients/grpc_identity_client.h"

#include "common/errors/error.h"
#include "services/training/clients/peer_error.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training {
namespace {

namespace peer = identity::v1;

constexpr int kPageSize = 1000;

bool SaysNobody(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status) ||
         absl::IsPermissionDenied(status);
}

}  // namespace

absl::StatusOr<ReportingLine> GrpcIdentityClient::ReportingLineOf(const CallContext& call,
                                                                  const AgencyId& agency,
                                                                  const std::string& employee,
                                                                  absl::CivilDay day) {
  peer::ResolveReportingLineRequest request;
  request.set_parent("agencies/" + agency.value());
  request.set_employee(employee);
  request.mutable_date()->set_year(static_cast<int>(day.year()));
  request.mutable_date()->set_month(day.month());
  request.mutable_date()->set_day(day.day());
  const auto line = lines_.CallAsService(
      call, &peer::ReportingLines::StubInterface::ResolveReportingLine, request);
  if (SaysNobody(line.status())) {
    return errors::FailedPrecondition(v1::EMPLOYEE_UNKNOWN, "Nobody answers for this person.")
        .With("employee", employee);
  }
  if (!line.ok()) return PeerError(line.status(), "identity");
  return ReportingLine{.unit_path = {line->unit_path().begin(), line->unit_path().end()},
                       .appraiser = line->appraiser()};
}

absl::StatusOr<std::vector<domain::StaffMember>> GrpcIdentityClient::ListStaff(
    const CallContext& call, const AgencyId& agency) {
  std::vector<domain::StaffMember> staff;
  peer::ListEmployeesRequest request;
  request.set_parent("agencies/" + agency.value());
  request.set_page_size(kPageSize);
  do {
    const auto page =
        employees_.CallAsService(call, &peer::Employees::StubInterface::ListEmployees, request);
    if (!page.ok()) return PeerError(page.status(), "identity");
    for (const peer::Employee& employee : page->employees()) {
      staff.push_back({.employee = employee.name(), .grade = employee.grade()});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return staff;
}

}  // namespace teraju::training
