#include "services/feedback/clients/grpc_identity_client.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "common/errors/error.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

constexpr int kPageSize = 1000;

absl::Status Translate(const absl::Status& status) {
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) return status;
  return errors::FailedPrecondition(v1::IDENTITY_UNAVAILABLE, "Identity refused.");
}

// `employees/{id}` of `agencies/{agency}/employees/{id}`.
std::string Relative(const std::string& name, std::string_view parent) {
  return name.starts_with(parent) ? name.substr(parent.size() + 1) : name;
}

domain::ReportingLine ToLine(const identity::v1::Segment& segment, std::string_view parent) {
  return {.employee = Relative(segment.employee(), parent),
          .appraiser = Relative(segment.appraiser(), parent),
          .unit = segment.unit(),
          .unit_path = {segment.unit_path().begin(), segment.unit_path().end()}};
}

}  // namespace

absl::StatusOr<std::vector<domain::ReportingLine>> GrpcIdentityClient::ListReportingLines(
    const CallContext& call, const AgencyId& agency, const google::type::Date& date) {
  identity::v1::ListSegmentsRequest request;
  request.set_parent(fmt::format("agencies/{}", agency.value()));
  *request.mutable_start_date() = date;
  *request.mutable_end_date() = date;
  request.set_page_size(kPageSize);
  std::vector<domain::ReportingLine> lines;
  do {
    const auto page = reporting_lines_.CallAsService(
        call, &identity::v1::ReportingLines::StubInterface::ListSegments, request);
    if (!page.ok()) return Translate(page.status());
    for (const auto& segment : page->segments()) lines.push_back(ToLine(segment, request.parent()));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return lines;
}

absl::StatusOr<UnitPaths> GrpcIdentityClient::ListUnitPaths(const CallContext& call,
                                                            const AgencyId& agency) {
  identity::v1::ListUnitsRequest request;
  request.set_parent(fmt::format("agencies/{}", agency.value()));
  request.set_page_size(kPageSize);
  std::map<std::string, std::string> parents;
  do {
    const auto page =
        units_.CallAsService(call, &identity::v1::Units::StubInterface::ListUnits, request);
    if (!page.ok()) return Translate(page.status());
    for (const auto& unit : page->units()) parents[unit.name()] = unit.parent_unit();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  UnitPaths paths;
  for (const auto& [unit, parent] : parents) {
    std::vector<std::string>& path = paths[unit];
    // Identity keeps the tree free of circles; the size bounds the walk all the same.
    for (auto at = parents.find(unit); at != parents.end() && path.size() < parents.size();
         at = parents.find(at->second)) {
      path.push_back(at->first);
    }
  }
  return paths;
}

}  // namespace teraju::feedback
