#include "services/feedback/api/feedback_requests_service.h"

#include <algorithm>

#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/measurement.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/store/answer_store.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/request_store.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

v1::FeedbackRequest ToMessage(const CampaignKey& key, const FeedbackRequestRow& row) {
  v1::FeedbackRequest request;
  request.set_name(RequestName(key, row.id.value()));
  request.set_ratee(PersonName(key.agency, row.ratee));
  request.set_group(row.group);
  request.set_state(row.state);
  return request;
}

// What only the campaign's key can tell: the tokens, and which requests the rater has answered.
void AddOpenParts(postgres::Transaction& tx,
                  const CampaignKey& key,
                  const std::vector<FeedbackRequestRow>& rows,
                  std::vector<v1::FeedbackRequest>& requests) {
  const AnswerStore answers(tx);
  const std::optional<std::string> secret = rows.empty() ? std::nullopt : answers.FindKey(key);
  if (!secret) return;
  const auto answered = answers.ListAnswered(key, domain::Pseudonym(*secret, rows.front().rater));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].state == v1::FeedbackRequest::DECLINED) continue;
    if (std::find(answered.begin(), answered.end(), rows[i].ratee) != answered.end()) {
      requests[i].set_state(v1::FeedbackRequest::ANSWERED);
    }
    requests[i].set_response_token(domain::ResponseToken(*secret, key.id, rows[i].id));
  }
}

}  // namespace

absl::StatusOr<v1::ListFeedbackRequestsResponse> FeedbackRequestsService::List(
    const CallContext& call, const v1::ListFeedbackRequestsRequest& request) {
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.parent(), "parent"));
  RETURN_IF_ERROR(call.AuthorizeList(key.agency, request.parent()).status());
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  std::vector<v1::FeedbackRequest> requests;
  RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(key));
    const auto rows = RequestStore(tx).ListOfRater(
        key, call.principal().subject, page.after_or_empty(0), page.limit());
    requests.clear();
    for (const FeedbackRequestRow& row : rows) requests.push_back(ToMessage(key, row));
    if (campaign.state() == v1::Campaign::OPEN) AddOpenParts(tx, key, rows, requests);
    return absl::OkStatus();
  }));
  v1::ListFeedbackRequestsResponse list;
  api::FinishListPage(request,
                      page,
                      std::move(requests),
                      list.mutable_requests(),
                      list,
                      [](const v1::FeedbackRequest& last) {
                        return std::vector<std::string>{api::IdOf(last.name())};
                      });
  return list;
}

grpc::ServerUnaryReactor* FeedbackRequestsService::ListFeedbackRequests(
    grpc::CallbackServerContext* context,
    const v1::ListFeedbackRequestsRequest* request,
    v1::ListFeedbackRequestsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

// Leaves neither event nor audit record: they would tell of participation.
absl::StatusOr<v1::FeedbackRequest> FeedbackRequestsService::Decline(
    const CallContext& call, const v1::DeclineFeedbackRequestRequest& request) {
  ASSIGN_OR_RETURN(const CampaignChild name, ParseRequestName(request.name(), "name"));
  const CampaignKey& key = name.campaign;
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::FeedbackRequest> {
        // The campaign first, as closing locks it.
        const auto campaign = CampaignStore(tx).GetForShare(key);
        RequestStore requests(tx);
        auto row = requests.FindForUpdate(key, name.id);
        RETURN_IF_ERROR(call.Authorize(
            {.resource = request.name(), .agency = key.agency, .person = row ? row->rater : ""}));
        RETURN_IF_ERROR(campaign.status());
        if (!row) return errors::ResourceNotFound(request.name());
        RETURN_IF_ERROR(domain::RequireState(*campaign, v1::Campaign::OPEN));
        if (row->state == v1::FeedbackRequest::PENDING) {
          AnswerStore answers(tx);
          const std::string secret = answers.FindKey(key).value_or("");
          if (!answers.Withdraw(key, domain::Pseudonym(secret, row->rater), row->ratee)) {
            return errors::FailedPrecondition(v1::REQUEST_ANSWERED, "The answer has been sent.");
          }
          requests.Decline(key, name.id, request.reason());
          row->state = v1::FeedbackRequest::DECLINED;
        }
        return ToMessage(key, *row);
      });
}

grpc::ServerUnaryReactor* FeedbackRequestsService::DeclineFeedbackRequest(
    grpc::CallbackServerContext* context,
    const v1::DeclineFeedbackRequestRequest* request,
    v1::FeedbackRequest* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Decline(call, *request);
  });
}

grpc::ServerUnaryReactor* FeedbackRequestsService::GetRaterNote(
    grpc::CallbackServerContext* context,
    const v1::GetRaterNoteRequest* request,
    v1::RaterNote* response) {
  const auto get = [this, request](const CallContext& call) -> absl::StatusOr<v1::RaterNote> {
    ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request->parent(), "parent"));
    RETURN_IF_ERROR(call.AuthorizeList(key.agency, request->parent()).status());
    return database_.ReadSnapshot(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::RaterNote> {
          ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(key));
          if (campaign.state() != v1::Campaign::CLOSED) {
            return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED,
                                              "The campaign is not closed.");
          }
          const auto severity = RequestStore(tx).FindSeverity(key, call.principal().subject);
          if (!severity) return errors::ResourceNotFound(request->parent() + "/raterNote");
          return domain::NoteOf(*severity);
        });
  };
  return pipeline_.Unary(context, request, response, get);
}

}  // namespace teraju::feedback
