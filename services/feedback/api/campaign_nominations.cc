// The methods of nominations; see campaigns_service.h.
#include <map>
#include <utility>

#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "services/feedback/api/campaigns_service.h"
#include "services/feedback/api/nomination_suggestion.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/nomination_store.h"

namespace teraju::feedback {
namespace {

// As many as BatchCreateNominations takes.
constexpr int kMostProposed = 1000;

using Pair = std::pair<std::string, std::string>;  // names of ratee and rater

absl::StatusOr<std::vector<domain::RaterChoice>> ReadChoices(
    const AgencyId& agency, const v1::BatchCreateNominationsRequest& request) {
  std::vector<domain::RaterChoice> choices;
  for (const v1::Nomination& nomination : request.nominations()) {
    domain::RaterChoice& choice = choices.emplace_back();
    ASSIGN_OR_RETURN(choice.ratee, ParseEmployee(agency, nomination.ratee(), "nominations.ratee"));
    ASSIGN_OR_RETURN(choice.rater, ParsePerson(agency, nomination.rater(), "nominations.rater"));
    choice.group = nomination.group();
    RETURN_IF_ERROR(domain::CheckRater(choice));
  }
  RETURN_IF_ERROR(domain::RequireDistinct(choices));
  return choices;
}

// In the order of the request. ALREADY_EXISTS when somebody is nominated in another group.
absl::StatusOr<v1::BatchCreateNominationsResponse> InOrder(
    const v1::BatchCreateNominationsRequest& request, std::vector<v1::Nomination> standing) {
  std::map<Pair, v1::Nomination> by_pair;
  for (v1::Nomination& nomination : standing) {
    const Pair pair(nomination.ratee(), nomination.rater());
    by_pair[pair] = std::move(nomination);
  }
  v1::BatchCreateNominationsResponse response;
  for (const v1::Nomination& wanted : request.nominations()) {
    const auto found = by_pair.find({wanted.ratee(), wanted.rater()});
    if (found == by_pair.end()) return errors::ResourceExists(request.parent() + "/nominations");
    *response.add_nominations() = found->second;
  }
  return response;
}

}  // namespace

absl::StatusOr<v1::BatchCreateNominationsResponse> CampaignsService::Nominate(
    const CallContext& call, const v1::BatchCreateNominationsRequest& request) {
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  ASSIGN_OR_RETURN(const auto choices, ReadChoices(key.agency, request));
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::BatchCreateNominationsResponse> {
        ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).GetForShare(key));
        RETURN_IF_ERROR(domain::RequireState(campaign, v1::Campaign::DRAFT));
        RecordChange(tx, key.Name(), "campaign.nominated");
        return InOrder(request, NominationStore(tx).Upsert(key, choices, request.approve()));
      });
}

grpc::ServerUnaryReactor* CampaignsService::BatchCreateNominations(
    grpc::CallbackServerContext* context,
    const v1::BatchCreateNominationsRequest* request,
    v1::BatchCreateNominationsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Nominate(call, *request);
  });
}

grpc::ServerUnaryReactor* CampaignsService::SuggestNominations(
    grpc::CallbackServerContext* context,
    const v1::SuggestNominationsRequest* request,
    google::longrunning::Operation* response) {
  const auto suggest =
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
    ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request->parent(), "parent"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    if (!request->unit().empty()) {
      RETURN_IF_ERROR(CheckUnitName(key.agency, request->unit(), "unit"));
    }
    return database_.Write(
        call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
          ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).GetForShare(key));
          RETURN_IF_ERROR(domain::RequireState(campaign, v1::Campaign::DRAFT));
          return operations::Start(
              tx, "feedback", kSuggestNominations, key.agency.value(), key.Name(), *request);
        });
  };
  return pipeline_.Unary(context, request, response, suggest);
}

absl::StatusOr<v1::ListNominationsResponse> CampaignsService::List(
    const CallContext& call, const v1::ListNominationsRequest& request) {
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  std::vector<v1::Nomination> found;
  RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(key));
    RETURN_IF_ERROR(domain::RequireState(campaign, v1::Campaign::DRAFT));
    found = NominationStore(tx).List(key, page.after_or_empty(0), page.limit());
    return absl::OkStatus();
  }));
  v1::ListNominationsResponse list;
  api::FinishListPage(
      request,
      page,
      std::move(found),
      list.mutable_nominations(),
      list,
      [](const v1::Nomination& last) { return std::vector<std::string>{api::IdOf(last.name())}; });
  return list;
}

grpc::ServerUnaryReactor* CampaignsService::ListNominations(
    grpc::CallbackServerContext* context,
    const v1::ListNominationsRequest* request,
    v1::ListNominationsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

grpc::ServerUnaryReactor* CampaignsService::CheckRaters(grpc::CallbackServerContext* context,
                                                        const v1::CheckRatersRequest* request,
                                                        v1::CheckRatersResponse* response) {
  const auto check = [this,
                      request](const CallContext& call) -> absl::StatusOr<v1::CheckRatersResponse> {
    ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    std::vector<domain::RaterChoice> choices;
    RETURN_IF_ERROR(database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::Campaign campaign, CampaignStore(tx).Get(key));
      RETURN_IF_ERROR(domain::RequireState(campaign, v1::Campaign::DRAFT));
      choices = NominationStore(tx).ListChoices(key);
      return absl::OkStatus();
    }));
    const domain::Connections connections = domain::ConnectChoices(choices);
    v1::CheckRatersResponse checked;
    checked.set_ratees(connections.ratees);
    checked.set_raters(connections.raters);
    checked.set_components(connections.components);
    for (const domain::RaterChoice& choice : connections.connecting) {
      if (checked.connecting_size() == kMostProposed) break;
      v1::Nomination& nomination = *checked.add_connecting();
      nomination.set_ratee(PersonName(key.agency, choice.ratee));
      nomination.set_rater(PersonName(key.agency, choice.rater));
      nomination.set_group(choice.group);
    }
    return checked;
  };
  return pipeline_.Unary(context, request, response, check);
}

}  // namespace teraju::feedback
