// The evaluation service: cycles, work plans, progress, evaluations, unit results, awards.
#include "common/service/run.h"
#include "evaluation_migrations.h"
#include "services/evaluation/api/deadline_keeping.h"
#include "services/evaluation/api/line_following.h"
#include "services/evaluation/api/long_work.h"
#include "services/evaluation/api/reminding.h"
#include "services/evaluation/api/services.h"
#include "services/evaluation/clients/grpc_catalog_client.h"
#include "services/evaluation/clients/grpc_feedback_client.h"
#include "services/evaluation/clients/grpc_identity_client.h"
#include "services/evaluation/clients/grpc_people_client.h"

using namespace teraju::evaluation;  // NOLINT(google-build-using-namespace): the whole file is
                                     // about it

int main(int argc, char** argv) {
  return teraju::service::Run(
      argc, argv, "evaluation", kMigrations, [](teraju::service::Host& host) {
        auto& identity = host.Own<GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
        auto& people = host.Own<GrpcPeopleClient>(host.Channel("identity"), host.OwnToken());
        auto& catalog = host.Own<GrpcCatalogClient>(host.Channel("catalog"), host.OwnToken());
        auto& feedback = host.Own<GrpcFeedbackClient>(host.Channel("feedback"), host.OwnToken());
        ServeAll(host, host.database(), catalog, people, feedback);
        for (auto& [kind, handler] : LongWork(host.database(), identity, feedback))
          host.Execute(kind, handler);
        auto& lines = host.Own<LineFollowing>(
            host.database(), identity, [&] { return host.OwnCall("lines", absl::Seconds(30)); });
        host.Follow(
            "identity",
            [&](auto changes) { return lines.Read(changes); },
            [&](auto& tx, const auto& change) { return lines.Apply(tx, change); });
        RemindPeople(host, people);
        KeepDeadlines(host);
      });
}
