#include "services/evaluation/clients/grpc_feedback_client.h"

#include "common/errors/error.h"
#include "services/evaluation/clients/peer_errors.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

namespace feedback = ::teraju::feedback::v1;

FeedbackReport ToReport(const feedback::Report& report) {
  FeedbackReport found{
      .name = report.name(), .employee = report.ratee(), .overall_mean = report.overall_mean()};
  for (const feedback::GroupResult& group : report.groups()) {
    if (group.withheld()) continue;
    if (group.group() == feedback::SUPERIOR) found.superior_mean = group.mean();
    if (group.group() == feedback::PEER) found.peers_mean = group.mean();
    if (group.group() == feedback::SUBORDINATE) found.subordinates_mean = group.mean();
  }
  return found;
}

}  // namespace

absl::StatusOr<FeedbackPage> GrpcFeedbackClient::ListReports(const CallContext& call,
                                                             const std::string& campaign,
                                                             const std::string& page_token) {
  feedback::ListReportsRequest request;
  request.set_parent(campaign);
  request.set_page_size(500);
  request.set_page_token(page_token);
  const auto response = reports_.CallAsService(call, &Client::Stub::ListReports, request);
  if (!response.ok()) {
    if (MayPass(response.status())) return Passed(response.status(), "feedback");
    return errors::FailedPrecondition(v1::FEEDBACK_UNKNOWN, "Feedback does not know the campaign.")
        .With("campaign", campaign);
  }
  FeedbackPage page;
  for (const feedback::Report& report : response->reports()) {
    page.reports.push_back(ToReport(report));
  }
  page.next_page_token = response->next_page_token();
  return page;
}

absl::StatusOr<std::vector<domain::SurveyIndex>> GrpcFeedbackClient::ListSurveyResults(
    const CallContext& call, const std::string& survey) {
  std::vector<domain::SurveyIndex> indices;
  feedback::ListSurveyResultsRequest request;
  request.set_parent(survey);
  request.set_page_size(1000);
  do {
    const auto page =
        surveys_.CallAsService(call, &SurveysClient::Stub::ListSurveyResults, request);
    if (!page.ok()) {
      if (MayPass(page.status())) return Passed(page.status(), "feedback");
      return errors::FailedPrecondition(v1::FEEDBACK_UNKNOWN,
                                        "Feedback has no results of the survey.")
          .With("campaign", survey);
    }
    for (const feedback::SurveyResult& result : page->results()) {
      if (result.withheld()) continue;
      indices.push_back({.unit = result.unit(),
                         .index = result.index().value(),
                         .grade = result.grade(),
                         .answers = result.answers(),
                         .sample_size = result.sample_size()});
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return indices;
}

}  // namespace teraju::evaluation
