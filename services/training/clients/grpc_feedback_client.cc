#include "services/training/clients/grpc_feedback_client.h"

#include <map>

#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"
#include "common/errors/status_macros.h"
#include "services/training/clients/peer_error.h"

namespace teraju::training {
namespace {

namespace peer = feedback::v1;

constexpr int kPageSize = 1000;
// Enough for what is shown with one or two digits.
constexpr int kDigits = 4;

struct Sum {
  Rational weighted = 0;
  int answers = 0;
};

// Adds what one report says; withheld groups have no items.
void AddTopics(const peer::Report& report,
               const peer::Questionnaire& questionnaire,
               std::vector<domain::TopicFeedback>& topics) {
  std::map<std::string, Sum> sums;
  for (const peer::GroupResult& group : report.groups()) {
    if (group.withheld() || group.group() == peer::SELF || group.answers() == 0) continue;
    for (const peer::ItemResult& item : group.items()) {
      const auto mean = FromProto(item.mean());
      if (item.topic().empty() || !item.has_mean() || !mean.ok()) continue;
      Sum& sum = sums[item.topic()];
      sum.weighted += ToRational(*mean) * group.answers();
      sum.answers += group.answers();
    }
  }
  for (const auto& [topic, sum] : sums) {
    topics.push_back({.employee = report.ratee(),
                      .topic = topic,
                      .mean = Round(sum.weighted / sum.answers, kDigits, Rounding::kHalfUp),
                      .scale_minimum = questionnaire.scale_minimum(),
                      .scale_maximum = questionnaire.scale_maximum()});
  }
}

}  // namespace

absl::StatusOr<peer::Questionnaire> GrpcFeedbackClient::QuestionnaireOf(
    const CallContext& call, const std::string& campaign) {
  peer::GetCampaignRequest get_campaign;
  get_campaign.set_name(campaign);
  const auto found =
      campaigns_.CallAsService(call, &peer::Campaigns::StubInterface::GetCampaign, get_campaign);
  if (!found.ok()) return PeerError(found.status(), "feedback");
  peer::GetQuestionnaireRequest get_questionnaire;
  get_questionnaire.set_name(found->questionnaire());
  auto questionnaire = questionnaires_.CallAsService(
      call, &peer::Questionnaires::StubInterface::GetQuestionnaire, get_questionnaire);
  if (!questionnaire.ok()) return PeerError(questionnaire.status(), "feedback");
  return questionnaire;
}

absl::StatusOr<std::vector<domain::TopicFeedback>> GrpcFeedbackClient::ListTopics(
    const CallContext& call, const std::string& campaign) {
  ASSIGN_OR_RETURN(const peer::Questionnaire questionnaire, QuestionnaireOf(call, campaign));
  std::vector<domain::TopicFeedback> topics;
  peer::ListReportsRequest request;
  request.set_parent(campaign);
  request.set_page_size(kPageSize);
  do {
    const auto page =
        reports_.CallAsService(call, &peer::Reports::StubInterface::ListReports, request);
    if (!page.ok()) return PeerError(page.status(), "feedback");
    for (const peer::Report& report : page->reports()) AddTopics(report, questionnaire, topics);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return topics;
}

}  // namespace teraju::training
