#include "services/evaluation/clients/grpc_identity_client.h"

#include <string>
#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/clients/peer_errors.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

namespace identity = ::teraju::identity::v1;

v1::Snapshot ToSnapshot(const identity::Segment& segment) {
  v1::Snapshot snapshot;
  snapshot.set_employee(segment.employee());
  snapshot.set_unit(segment.unit());
  *snapshot.mutable_unit_path() = segment.unit_path();
  snapshot.set_position_title(segment.position_title());
  snapshot.set_position_kind(identity::Employee::PositionKind_Name(segment.position_kind()));
  snapshot.set_leads_unit(segment.leads_unit());
  *snapshot.mutable_start_date() = segment.start_date();
  *snapshot.mutable_end_date() = segment.end_date();
  snapshot.set_appraiser(segment.appraiser());
  snapshot.set_next_appraiser(segment.next_appraiser());
  snapshot.set_explanation_id(segment.explanation_id());
  snapshot.set_explanation_en(segment.explanation_en());
  return snapshot;
}

}  // namespace

absl::StatusOr<SegmentPage> GrpcIdentityClient::ListSegments(const CallContext& call,
                                                             const SegmentQuery& query) {
  identity::ListSegmentsRequest request;
  request.set_parent("agencies/" + query.agency);
  *request.mutable_start_date() = query.start_date;
  *request.mutable_end_date() = query.end_date;
  request.set_unit(query.unit);
  request.mutable_employees()->Assign(query.employees.begin(), query.employees.end());
  request.set_page_size(500);
  request.set_page_token(query.page_token);
  const auto response = reporting_lines_.CallAsService(call, &Client::Stub::ListSegments, request);
  if (!response.ok()) {
    if (MayPass(response.status())) return Passed(response.status(), "identity");
    return errors::FailedPrecondition(v1::IDENTITY_UNAVAILABLE,
                                      "Identity has refused to list segments.");
  }
  SegmentPage page;
  page.segments.reserve(static_cast<std::size_t>(response->segments_size()));
  for (const identity::Segment& segment : response->segments())
    page.segments.push_back(ToSnapshot(segment));
  page.next_page_token = response->next_page_token();
  return page;
}

}  // namespace teraju::evaluation
