#include "common/service/run.h"
#include "services/training/api/allocation_plans_service.h"
#include "services/training/api/budgets_service.h"
#include "services/training/api/course_effects.h"
#include "services/training/api/courses_service.h"
#include "services/training/api/enrollments_service.h"
#include "services/training/api/mentor_matcher.h"
#include "services/training/api/mentorships_service.h"
#include "services/training/api/needs_derivation.h"
#include "services/training/api/needs_service.h"
#include "services/training/api/plan_simulation.h"
#include "services/training/api/plan_solver.h"
#include "services/training/clients/grpc_evaluation_client.h"
#include "services/training/clients/grpc_feedback_client.h"
#include "services/training/clients/grpc_identity_client.h"
#include "training_migrations.h"

int main(int argc, char** argv) {
  using namespace teraju::training;  // NOLINT(google-build-using-namespace): one screen of names
  return teraju::service::Run(argc, argv, "training", kMigrations, [](teraju::service::Host& host) {
    auto& identity = host.Own<GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
    auto& evaluation = host.Own<GrpcEvaluationClient>(host.Channel("evaluation"), host.OwnToken());
    auto& feedback = host.Own<GrpcFeedbackClient>(host.Channel("feedback"), host.OwnToken());
    host.Serve<CoursesService>(host.pipeline(), host.database(), evaluation);
    host.Serve<BudgetsService>(host.pipeline(), host.database());
    host.Serve<NeedsService>(host.pipeline(), host.database(), identity, evaluation);
    host.Serve<AllocationPlansService>(host.pipeline(), host.database());
    host.Serve<EnrollmentsService>(host.pipeline(), host.database());
    host.Serve<MentorshipsService>(host.pipeline(), host.database(), evaluation);
    auto& derivation = host.Own<NeedsDerivation>(evaluation, feedback);
    auto& solver = host.Own<PlanSolver>(host.database());
    auto& simulation = host.Own<PlanSimulation>(host.database());
    auto& effects = host.Own<CourseEffects>(host.database(), evaluation);
    auto& matcher = host.Own<MentorMatcher>(host.database(), evaluation, identity);
    host.Execute(derivation.kKind, [&](auto& work) { return derivation.Run(work); });
    host.Execute(solver.kKind, [&](auto& work) { return solver.Run(work); });
    host.Execute(simulation.kKind, [&](auto& work) { return simulation.Run(work); });
    host.Execute(effects.kKind, [&](auto& work) { return effects.Run(work); });
    host.Execute(matcher.kKind, [&](auto& work) { return matcher.Run(work); });
  });
}
