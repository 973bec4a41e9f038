#include "services/feedback/api/campaign_closing.h"

#include "common/auth/random_bytes.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/publication.h"
#include "services/feedback/store/answer_store.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/questionnaire_store.h"
#include "services/feedback/store/report_store.h"
#include "services/feedback/store/request_store.h"
#include "teraju/feedback/v1/feedback_service.pb.h"

namespace teraju::feedback {
namespace {

constexpr char kFrozen[] = "frozen";
constexpr char kClosed[] = "closed";

std::vector<domain::Participation> ListParticipations(postgres::Transaction& tx,
                                                      const CampaignKey& key) {
  std::vector<domain::Participation> participations;
  for (FeedbackRequestRow& request : RequestStore(tx).ListAll(key)) {
    participations.push_back({.request = request.id.value(),
                              .ratee = std::move(request.ratee),
                              .rater = std::move(request.rater),
                              .group = request.group,
                              .declined = request.state == v1::FeedbackRequest::DECLINED});
  }
  return participations;
}

absl::StatusOr<domain::Publication> Compute(postgres::Transaction& tx,
                                            const CampaignKey& key,
                                            const v1::Campaign& campaign) {
  ASSIGN_OR_RETURN(const auto questionnaire_key,
                   QuestionnaireKey::Parse(campaign.questionnaire(), "questionnaire"));
  ASSIGN_OR_RETURN(const v1::Questionnaire questionnaire,
                   QuestionnaireStore(tx).Get(questionnaire_key));
  AnswerStore answers(tx);
  const std::optional<std::string> secret = answers.FindKey(key);
  if (!secret) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The campaign has no key.");
  }
  return domain::Publish(questionnaire,
                         campaign,
                         *secret,
                         ListParticipations(tx, key),
                         answers.ListOpen(key),
                         auth::RandomSeed());
}

// Everything at once: what is published, what is kept, and that nothing else is left.
absl::StatusOr<v1::Campaign> PublishAndForget(postgres::Transaction& tx, const CampaignKey& key) {
  CampaignStore campaigns(tx);
  domain::Publication publication;
  ASSIGN_OR_RETURN(
      v1::Campaign campaign,
      campaigns.Update(key, api::Precondition::None(), [&](v1::Campaign& changed) -> absl::Status {
        ASSIGN_OR_RETURN(publication, Compute(tx, key, changed));
        return domain::FinishClosing(
            changed, publication.counts, publication.quality, tx.call().time());
      }));
  ReportStore(tx).InsertAll(key, publication.reports);
  RequestStore(tx).MarkAnswered(key, publication.answered);
  RequestStore(tx).KeepSeverity(key, publication.severity);
  AnswerStore answers(tx);
  answers.Keep(key, publication.kept);
  answers.Drop(key);
  RecordChange(tx, key.Name(), "campaign.closed");
  return campaign;
}

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CloseCampaign(operations::Work& work) {
  v1::CloseCampaignRequest request;
  if (!work.request().UnpackTo(&request)) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The request does not parse.");
  }
  ASSIGN_OR_RETURN(const auto key, CampaignKey::Parse(request.name(), "name"));
  auto campaign = std::make_unique<v1::Campaign>();
  if (work.checkpoint() == kClosed) {
    RETURN_IF_ERROR(work.Step(kClosed, 2, 2, [&](postgres::Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(*campaign, CampaignStore(tx).Get(key));
      return absl::OkStatus();
    }));
    return campaign;
  }
  RETURN_IF_ERROR(work.Step(kFrozen, 1, 2, [&](postgres::Transaction& tx) {
    AnswerStore(tx).AwaitRunning();
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(work.Step(kClosed, 2, 2, [&](postgres::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(*campaign, PublishAndForget(tx, key));
    return absl::OkStatus();
  }));
  return campaign;
}

}  // namespace teraju::feedback
