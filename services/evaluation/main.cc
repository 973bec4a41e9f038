// The evaluation service: cycles, work plans, progress, evaluations, unit results, awards.
#include "common/service/run.h"
#include "evaluation_migrations.h"
#include "services/evaluation/api/awards_service.h"
#include "services/evaluation/api/cycles_service.h"
#include "services/evaluation/api/dialogues_service.h"
#include "services/evaluation/api/evaluations_service.h"
#include "services/evaluation/api/evidence_files_service.h"
#include "services/evaluation/api/feedback_notes_service.h"
#include "services/evaluation/api/long_work.h"
#include "services/evaluation/api/meetings_service.h"
#include "services/evaluation/api/objections_service.h"
#include "services/evaluation/api/progress_entries_service.h"
#include "services/evaluation/api/project_teams_service.h"
#include "services/evaluation/api/support_requests_service.h"
#include "services/evaluation/api/unit_results_service.h"
#include "services/evaluation/api/work_plans_service.h"
#include "services/evaluation/clients/grpc_catalog_client.h"
#include "services/evaluation/clients/grpc_feedback_client.h"
#include "services/evaluation/clients/grpc_identity_client.h"

using namespace teraju::evaluation;  // NOLINT(google-build-using-namespace): the whole file is
                                     // about it

int main(int argc, char** argv) {
  return teraju::service::Run(
      argc, argv, "evaluation", kMigrations, [](teraju::service::Host& host) {
        auto& identity = host.Own<GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
        auto& catalog = host.Own<GrpcCatalogClient>(host.Channel("catalog"), host.OwnToken());
        auto& feedback = host.Own<GrpcFeedbackClient>(host.Channel("feedback"), host.OwnToken());
        host.Serve<CyclesService>(host.pipeline(), host.database(), catalog);
        host.Serve<WorkPlansService>(host.pipeline(), host.database(), catalog);
        host.Serve<ProgressEntriesService>(host.pipeline(), host.database());
        host.Serve<EvidenceFilesService>(host.pipeline(), host.database());
        host.Serve<DialoguesService>(host.pipeline(), host.database());
        host.Serve<SupportRequestsService>(host.pipeline(), host.database());
        host.Serve<EvaluationsService>(host.pipeline(), host.database());
        host.Serve<UnitResultsService>(host.pipeline(), host.database());
        host.Serve<AwardsService>(host.pipeline(), host.database());
        host.Serve<ObjectionsService>(host.pipeline(), host.database());
        host.Serve<FeedbackNotesService>(host.pipeline(), host.database());
        host.Serve<MeetingsService>(host.pipeline(), host.database());
        host.Serve<ProjectTeamsService>(host.pipeline(), host.database());
        for (auto& [kind, handler] : LongWork(host.database(), identity, feedback))
          host.Execute(kind, handler);
      });
}
