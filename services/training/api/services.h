// Every service of this process, for main and for tests alike.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/training/api/allocation_plans_service.h"
#include "services/training/api/budgets_service.h"
#include "services/training/api/courses_service.h"
#include "services/training/api/enrollments_service.h"
#include "services/training/api/mentoring_preferences_service.h"
#include "services/training/api/mentorships_service.h"
#include "services/training/api/needs_service.h"

namespace teraju::training {

// `host` is service::Host or what stands for it in a test.
template <typename Host>
void ServeAll(Host& host,
              postgres::Database& database,
              IdentityClient& identity,
              EvaluationClient& evaluation) {
  rpc::Pipeline& pipeline = host.pipeline();
  host.template Serve<AllocationPlansService>(pipeline, database);
  host.template Serve<BudgetsService>(pipeline, database);
  host.template Serve<CoursesService>(pipeline, database, evaluation);
  host.template Serve<EnrollmentsService>(pipeline, database);
  host.template Serve<MentoringPreferencesService>(pipeline, database);
  host.template Serve<MentorshipsService>(pipeline, database, evaluation);
  host.template Serve<NeedsService>(pipeline, database, identity, evaluation);
}

}  // namespace teraju::training
