#include "services/feedback/api/nomination_suggestion.h"

#include <fmt/format.h>

#include <set>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/nomination_store.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {
namespace {

constexpr char kStored[] = "stored";

std::vector<domain::ReportingLine> OfRatees(const std::vector<domain::ReportingLine>& lines,
                                            const std::vector<domain::RaterChoice>& choices) {
  std::set<std::string> ratees;
  for (const domain::RaterChoice& choice : choices) ratees.insert(choice.ratee);
  std::vector<domain::ReportingLine> found;
  // A person with two lines is taken at the first one, as the choice does.
  for (const domain::ReportingLine& line : lines) {
    if (ratees.erase(line.employee) == 1) found.push_back(line);
  }
  return found;
}

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> SuggestNominations(
    operations::Work& work, IdentityClient& identity) {
  v1::SuggestNominationsRequest request;
  if (!work.request().UnpackTo(&request)) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The request does not parse.");
  }
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.parent(), "parent"));
  auto campaign = std::make_unique<v1::Campaign>();
  std::vector<domain::ReportingLine> lines;
  std::vector<domain::RaterChoice> choices;
  if (work.checkpoint() != kStored) {
    ASSIGN_OR_RETURN(lines, identity.ListReportingLines(work.call(), key.agency, request.date()));
    choices = domain::SuggestRaters(lines,
                                    {.peers = request.peers(),
                                     .subordinates = request.subordinates(),
                                     .unit = request.unit(),
                                     .seed = key.id.value()});
  }
  const auto total = static_cast<std::int64_t>(choices.size());
  RETURN_IF_ERROR(work.Step(kStored, total, total, [&](postgres::Transaction& tx) -> absl::Status {
    CampaignStore campaigns(tx);
    ASSIGN_OR_RETURN(*campaign, campaigns.GetForShare(key));
    if (choices.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(domain::RequireState(*campaign, v1::Campaign::DRAFT));
    campaigns.InsertRatees(key, OfRatees(lines, choices));
    NominationStore(tx).Upsert(key, choices, request.approve());
    RecordChange(tx, key.Name(), "campaign.nominated", fmt::format(R"({{"suggested":{}}})", total));
    return absl::OkStatus();
  }));
  return campaign;
}

}  // namespace teraju::feedback
