// Every service of this process, for main and for tests alike.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/api/annual_results_service.h"
#include "services/evaluation/api/awards_service.h"
#include "services/evaluation/api/calibration_sessions_service.h"
#include "services/evaluation/api/cascades_service.h"
#include "services/evaluation/api/competency_assessments_service.h"
#include "services/evaluation/api/competency_profiles_service.h"
#include "services/evaluation/api/cycles_service.h"
#include "services/evaluation/api/deadlines_service.h"
#include "services/evaluation/api/development_programmes_service.h"
#include "services/evaluation/api/dialogues_service.h"
#include "services/evaluation/api/evaluations_service.h"
#include "services/evaluation/api/evidence_files_service.h"
#include "services/evaluation/api/fairness_reports_service.h"
#include "services/evaluation/api/feedback_notes_service.h"
#include "services/evaluation/api/measurements_service.h"
#include "services/evaluation/api/meetings_service.h"
#include "services/evaluation/api/objections_service.h"
#include "services/evaluation/api/overviews_service.h"
#include "services/evaluation/api/plan_amendments_service.h"
#include "services/evaluation/api/plan_templates_service.h"
#include "services/evaluation/api/progress_entries_service.h"
#include "services/evaluation/api/project_teams_service.h"
#include "services/evaluation/api/public_reports_service.h"
#include "services/evaluation/api/rating_practices_service.h"
#include "services/evaluation/api/recomputations_service.h"
#include "services/evaluation/api/rehearsals_service.h"
#include "services/evaluation/api/sharing_service.h"
#include "services/evaluation/api/support_requests_service.h"
#include "services/evaluation/api/talent_placements_service.h"
#include "services/evaluation/api/unit_results_service.h"
#include "services/evaluation/api/vacancies_service.h"
#include "services/evaluation/api/weakness_accesses_service.h"
#include "services/evaluation/api/work_plans_service.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/clients/feedback_client.h"
#include "services/evaluation/clients/people_client.h"

namespace teraju::evaluation {

// `host` is service::Host or what stands for it in a test.
template <typename Host>
void ServeAll(Host& host,
              postgres::Database& database,
              CatalogClient& catalog,
              PeopleClient& people,
              FeedbackClient& feedback) {
  rpc::Pipeline& pipeline = host.pipeline();
  host.template Serve<AnnualResultsService>(pipeline, database);
  host.template Serve<AwardsService>(pipeline, database);
  host.template Serve<CalibrationSessionsService>(pipeline, database);
  host.template Serve<CascadesService>(pipeline, database, catalog);
  host.template Serve<CompetencyAssessmentsService>(pipeline, database, catalog, people);
  host.template Serve<CompetencyProfilesService>(pipeline, database);
  host.template Serve<CyclesService>(pipeline, database, catalog, people);
  host.template Serve<DeadlinesService>(pipeline, database);
  host.template Serve<DevelopmentProgrammesService>(pipeline, database);
  host.template Serve<DialoguesService>(pipeline, database);
  host.template Serve<EvaluationsService>(pipeline, database);
  host.template Serve<EvidenceFilesService>(pipeline, database);
  host.template Serve<FairnessReportsService>(pipeline, database, people);
  host.template Serve<FeedbackNotesService>(pipeline, database);
  host.template Serve<MeasurementsService>(pipeline, database, people);
  host.template Serve<MeetingsService>(pipeline, database);
  host.template Serve<ObjectionsService>(pipeline, database);
  host.template Serve<OverviewsService>(pipeline, database);
  host.template Serve<PlanAmendmentsService>(pipeline, database, catalog);
  host.template Serve<PlanTemplatesService>(pipeline, database);
  host.template Serve<ProgressEntriesService>(pipeline, database);
  host.template Serve<ProjectTeamsService>(pipeline, database);
  host.template Serve<PublicReportsService>(pipeline, database);
  host.template Serve<RatingPracticesService>(pipeline, database);
  host.template Serve<RecomputationsService>(pipeline, database);
  host.template Serve<RehearsalsService>(pipeline, database);
  host.template Serve<SharingAgreementsService>(pipeline, database, people);
  host.template Serve<SharingConsentsService>(pipeline, database);
  host.template Serve<SupportRequestsService>(pipeline, database);
  host.template Serve<TalentPlacementsService>(pipeline, database);
  host.template Serve<UnitResultsService>(pipeline, database);
  host.template Serve<VacanciesService>(pipeline, database, people, feedback);
  host.template Serve<WeaknessAccessesService>(pipeline, database);
  host.template Serve<WorkPlansService>(pipeline, database, catalog, people);
}

}  // namespace teraju::evaluation
