// The training service: needs, courses, budgets, plans, mentorships.
#include "common/service/run.h"
#include "services/training/api/long_work.h"
#include "services/training/api/services.h"
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
    ServeAll(host, host.database(), identity, evaluation);
    for (auto& [kind, handler] : LongWork(host.database(), identity, evaluation, feedback))
      host.Execute(kind, handler);
  });
}
