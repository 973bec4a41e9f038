#include "services/feedback/api/campaigns_service.h"

#include <algorithm>

#include "common/api/list_page.h"
#include "common/auth/random_bytes.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/time/period.h"
#include "common/time/western_day.h"
#include "services/feedback/api/campaign_closing.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/questionnaire.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/store/answer_store.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/nomination_store.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/request_store.h"

namespace teraju::feedback {
namespace {

// The places of answers to requests: from here on nothing but the key leads from one to the other.
std::vector<AnswerSlot> MakeSlots(const std::string& key,
                                  const CampaignId& campaign,
                                  const std::vector<FeedbackRequestRow>& requests) {
  std::vector<AnswerSlot> slots;
  slots.reserve(requests.size());
  for (const FeedbackRequestRow& request : requests) {
    const std::string token = domain::ResponseToken(key, campaign, request.id);
    slots.push_back({.pseudonym = domain::Pseudonym(key, request.rater),
                     .ratee = request.ratee,
                     .group = request.group,
                     .token_hash = domain::HashToken(token)});
  }
  return slots;
}

// Ratees who were nominated by hand are taken in where they stand on the day of the launch;
// somebody without a place then belongs to no unit.
void PlaceRest(CampaignStore& campaigns,
               const CampaignKey& key,
               const std::vector<domain::ReportingLine>& known) {
  campaigns.InsertRatees(key, known);
  std::vector<domain::ReportingLine> rest;
  for (const std::string& ratee : campaigns.ListUnplacedRatees(key)) rest.push_back({ratee});
  campaigns.InsertRatees(key, rest);
}

}  // namespace

grpc::ServerUnaryReactor* CampaignsService::GetCampaign(grpc::CallbackServerContext* context,
                                                        const v1::GetCampaignRequest* request,
                                                        v1::Campaign* response) {
  const auto get = [this, request](const CallContext& call) -> absl::StatusOr<v1::Campaign> {
    ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Read(call,
                          [&](postgres::Transaction& tx) { return CampaignStore(tx).Get(key); });
  };
  return pipeline_.Unary(context, request, response, get);
}

grpc::ServerUnaryReactor* CampaignsService::ListCampaigns(grpc::CallbackServerContext* context,
                                                          const v1::ListCampaignsRequest* request,
                                                          v1::ListCampaignsResponse* response) {
  const auto list_all =
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCampaignsResponse> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
    ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
    std::vector<v1::Campaign> found;
    RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
      found = CampaignStore(tx).List(agency, page.after_or_empty(0), page.limit());
      return absl::OkStatus();
    }));
    v1::ListCampaignsResponse list;
    api::FinishListPage(
        *request,
        page,
        std::move(found),
        list.mutable_campaigns(),
        list,
        [](const v1::Campaign& last) { return std::vector<std::string>{api::IdOf(last.name())}; });
    return list;
  };
  return pipeline_.Unary(context, request, response, list_all);
}

absl::StatusOr<v1::Campaign> CampaignsService::Create(const CallContext& call,
                                                      const v1::CreateCampaignRequest& request) {
  ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.parent())));
  v1::Campaign campaign = request.campaign();
  ASSIGN_OR_RETURN(const auto questionnaire_key,
                   QuestionnaireKey::Parse(campaign.questionnaire(), "campaign.questionnaire"));
  RETURN_IF_ERROR(domain::PrepareCampaign(campaign, call.time()));
  const CampaignKey key{agency, CampaignId(NewUuid7(call.time()))};
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Campaign> {
    ASSIGN_OR_RETURN(const v1::Questionnaire questionnaire,
                     QuestionnaireStore(tx).Get({agency, questionnaire_key.id}));
    RETURN_IF_ERROR(domain::RequireUsable(questionnaire, v1::Questionnaire::MULTI_RATER));
    RecordChange(tx, key.Name(), "campaign.created");
    return CampaignStore(tx).Insert(key, {agency, questionnaire_key.id}, campaign);
  });
}

grpc::ServerUnaryReactor* CampaignsService::CreateCampaign(grpc::CallbackServerContext* context,
                                                           const v1::CreateCampaignRequest* request,
                                                           v1::Campaign* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Create(call, *request);
  });
}

absl::StatusOr<v1::Campaign> CampaignsService::Launch(const CallContext& call,
                                                      const v1::LaunchCampaignRequest& request) {
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.name(), "name"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  std::vector<std::string> unplaced;
  RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
    unplaced = CampaignStore(tx).ListUnplacedRatees(key);
    return absl::OkStatus();
  }));
  std::vector<domain::ReportingLine> lines;
  if (!unplaced.empty()) {
    ASSIGN_OR_RETURN(lines,
                     identity_.ListReportingLines(
                         call, key.agency, time::ToDate(time::WesternDay(call.time()))));
    std::erase_if(lines, [&](const domain::ReportingLine& line) {
      return !std::binary_search(unplaced.begin(), unplaced.end(), line.employee);
    });
  }
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Campaign> {
    CampaignStore campaigns(tx);
    NominationStore nominations(tx);
    ASSIGN_OR_RETURN(
        v1::Campaign campaign,
        campaigns.Update(
            key, api::Precondition::FromEtag(request.etag()), [&](v1::Campaign& changed) {
              return domain::LaunchCampaign(changed, nominations.CountApproved(key), call.time());
            }));
    PlaceRest(campaigns, key, lines);
    const auto requests = RequestStore(tx).InsertFromNominations(key);
    nominations.DeleteAll(key);
    const std::string secret = auth::RandomBytes(domain::kKeyBytes);
    AnswerStore(tx).Open(key, secret, MakeSlots(secret, key.id, requests));
    RecordChange(tx, key.Name(), "campaign.launched");
    return campaign;
  });
}

grpc::ServerUnaryReactor* CampaignsService::LaunchCampaign(grpc::CallbackServerContext* context,
                                                           const v1::LaunchCampaignRequest* request,
                                                           v1::Campaign* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Launch(call, *request);
  });
}

grpc::ServerUnaryReactor* CampaignsService::CloseCampaign(
    grpc::CallbackServerContext* context,
    const v1::CloseCampaignRequest* request,
    google::longrunning::Operation* response) {
  const auto close =
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
    ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Write(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
          const absl::Status begun =
              CampaignStore(tx)
                  .Update(key,
                          api::Precondition::None(),
                          [](v1::Campaign& campaign) { return domain::BeginClosing(campaign); })
                  .status();
          RETURN_IF_ERROR(begun);
          RecordChange(tx, key.Name(), "campaign.closing");
          return operations::Start(
              tx, "feedback", kCloseCampaign, key.agency.value(), key.Name(), *request);
        });
  };
  return pipeline_.Unary(context, request, response, close);
}

}  // namespace teraju::feedback
