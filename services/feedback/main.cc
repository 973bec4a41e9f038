// The feedback service: what others say, without saying who.
#include "common/service/run.h"
#include "feedback_migrations.h"
#include "services/feedback/api/campaign_closing.h"
#include "services/feedback/api/campaigns_service.h"
#include "services/feedback/api/citizen_surveys_service.h"
#include "services/feedback/api/feedback_requests_service.h"
#include "services/feedback/api/improvements_service.h"
#include "services/feedback/api/nomination_suggestion.h"
#include "services/feedback/api/questionnaires_service.h"
#include "services/feedback/api/reports_service.h"
#include "services/feedback/api/responses_service.h"
#include "services/feedback/api/survey_address.h"
#include "services/feedback/api/survey_closing.h"
#include "services/feedback/clients/grpc_identity_client.h"

namespace feedback = teraju::feedback;

int main(int argc, char** argv) {
  return teraju::service::Run(
      argc, argv, "feedback", feedback::kMigrations, [](teraju::service::Host& host) {
        auto& identity =
            host.Own<feedback::GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
        host.Serve<feedback::QuestionnairesService>(host.pipeline(), host.database());
        host.Serve<feedback::CampaignsService>(host.pipeline(), host.database(), identity);
        host.Serve<feedback::FeedbackRequestsService>(host.pipeline(), host.database());
        host.Serve<feedback::ResponsesService>(host.pipeline(), host.database());
        host.Serve<feedback::ReportsService>(host.pipeline(), host.database());
        host.Serve<feedback::CitizenSurveysService>(
            host.pipeline(), host.database(), identity, feedback::SurveyAddress(host.settings()));
        host.Serve<feedback::ImprovementActionsService>(host.pipeline(), host.database());
        host.Execute(feedback::kSuggestNominations, [&identity](auto& work) {
          return feedback::SuggestNominations(work, identity);
        });
        host.Execute(feedback::kCloseCampaign, feedback::CloseCampaign);
        host.Execute(feedback::kCloseCitizenSurvey, feedback::CloseCitizenSurvey);
      });
}
