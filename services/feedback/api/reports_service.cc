#include "services/feedback/api/reports_service.h"

#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/report_picture.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/report_store.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

auth::Object ToObject(const AgencyId& agency,
                      const std::string& name,
                      const std::optional<StoredReport>& stored) {
  auth::Object object{.resource = name, .agency = agency};
  if (stored) {
    object.unit_path = stored->unit_path;
    object.person = stored->ratee;
    object.appraiser = stored->appraiser;
  }
  return object;
}

// Reading about somebody else is on record, and the person sees it.
void RecordRead(postgres::Transaction& tx, const AgencyId& agency, const StoredReport& stored) {
  if (stored.ratee == tx.call().actor()) return;
  tx.Audit({.agency = agency.value(),
            .resource = stored.report.name(),
            .type = "report.read",
            .about = stored.report.ratee()});
}

absl::StatusOr<v1::Report> ReadReport(postgres::Transaction& tx,
                                      const CallContext& call,
                                      const CampaignChild& name,
                                      const std::string& resource) {
  const AgencyId& agency = name.campaign.agency;
  const auto stored = ReportStore(tx).Find(name.campaign, name.id);
  RETURN_IF_ERROR(call.Authorize(ToObject(agency, resource, stored)));
  if (!stored) return errors::ResourceNotFound(resource);
  RecordRead(tx, agency, *stored);
  return stored->report;
}

absl::StatusOr<ReportQuery> ReadQuery(const CallContext& call,
                                      const v1::ListReportsRequest& request,
                                      const api::ListPage& page) {
  ReportQuery query;
  ASSIGN_OR_RETURN(query.campaign, CampaignKey::Parse(request.parent(), "parent"));
  const AgencyId& agency = query.campaign.agency;
  ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(agency, request.parent()));
  if (!request.ratee().empty()) {
    ASSIGN_OR_RETURN(query.ratee, ParseEmployee(agency, request.ratee(), "ratee"));
  }
  if (!request.unit().empty()) {
    RETURN_IF_ERROR(CheckUnitName(agency, request.unit(), "unit"));
    query.unit = request.unit();
  }
  query.caller = call.principal().subject;
  query.after = page.after_or_empty(0);
  query.limit = page.limit();
  return query;
}

}  // namespace

absl::StatusOr<v1::Report> ReportsService::Get(const CallContext& call,
                                               const v1::GetReportRequest& request) {
  ASSIGN_OR_RETURN(const CampaignChild name, ParseReportName(request.name(), "name"));
  return database_.Write(
      call, [&](postgres::Transaction& tx) { return ReadReport(tx, call, name, request.name()); });
}

absl::StatusOr<google::api::HttpBody> ReportsService::Draw(const CallContext& call,
                                                           const v1::DrawReportRequest& request) {
  ASSIGN_OR_RETURN(const CampaignChild name, ParseReportName(request.name(), "name"));
  v1::Report report;
  v1::Questionnaire questionnaire;
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(report, ReadReport(tx, call, name, request.name()));
    ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(name.campaign));
    ASSIGN_OR_RETURN(const auto key,
                     QuestionnaireKey::Parse(campaign.questionnaire(), "questionnaire"));
    ASSIGN_OR_RETURN(questionnaire, QuestionnaireStore(tx).Get(key));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(std::string svg, DrawReportPicture(request, report, questionnaire));
  return SvgBody(std::move(svg));
}

grpc::ServerUnaryReactor* ReportsService::DrawReport(grpc::CallbackServerContext* context,
                                                     const v1::DrawReportRequest* request,
                                                     google::api::HttpBody* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Draw(call, *request);
  });
}

absl::StatusOr<google::api::HttpBody> ReportsService::DrawTrend(
    const CallContext& call, const v1::DrawReportTrendRequest& request) {
  ReportQuery query;
  ASSIGN_OR_RETURN(query.campaign.agency, api::ParseAgencyName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(query.campaign.agency, request.parent()));
  ASSIGN_OR_RETURN(query.ratee, ParseEmployee(query.campaign.agency, request.ratee(), "ratee"));
  ASSIGN_OR_RETURN(const Language language, ReadLanguage(request.language_code()));
  query.caller = call.principal().subject;
  query.limit = kPeriodsDrawn;
  std::vector<std::pair<std::string, v1::Report>> reports;
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    reports.clear();
    for (auto& [campaign, stored] : ReportStore(tx).ListAbout(query)) {
      RecordRead(tx, query.campaign.agency, stored);
      reports.emplace_back(std::move(campaign), std::move(stored.report));
    }
    return absl::OkStatus();
  }));
  if (reports.empty()) {
    return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED, "There is no report to be seen.");
  }
  return SvgBody(DrawReportTrendPicture(reports, language));
}

grpc::ServerUnaryReactor* ReportsService::DrawReportTrend(grpc::CallbackServerContext* context,
                                                          const v1::DrawReportTrendRequest* request,
                                                          google::api::HttpBody* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return DrawTrend(call, *request);
  });
}

grpc::ServerUnaryReactor* ReportsService::GetReport(grpc::CallbackServerContext* context,
                                                    const v1::GetReportRequest* request,
                                                    v1::Report* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Get(call, *request);
  });
}

absl::StatusOr<v1::ListReportsResponse> ReportsService::List(
    const CallContext& call, const v1::ListReportsRequest& request) {
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  ASSIGN_OR_RETURN(const ReportQuery query, ReadQuery(call, request, page));
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListReportsResponse> {
        ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(query.campaign));
        if (campaign.state() != v1::Campaign::CLOSED) {
          return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED,
                                            "The campaign is not closed.");
        }
        std::vector<v1::Report> reports;
        for (StoredReport& stored : ReportStore(tx).List(query)) {
          // One more than the page may be there; it is not shown.
          if (reports.size() < static_cast<std::size_t>(page.size))
            RecordRead(tx, query.campaign.agency, stored);
          reports.push_back(std::move(stored.report));
        }
        v1::ListReportsResponse list;
        api::FinishListPage(request,
                            page,
                            std::move(reports),
                            list.mutable_reports(),
                            list,
                            [](const v1::Report& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* ReportsService::ListReports(grpc::CallbackServerContext* context,
                                                      const v1::ListReportsRequest* request,
                                                      v1::ListReportsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

}  // namespace teraju::feedback
