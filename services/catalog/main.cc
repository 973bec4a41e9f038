#include "catalog_migrations.h"
#include "common/service/run.h"
#include "services/catalog/api/behaviors_service.h"
#include "services/catalog/api/competencies_service.h"
#include "services/catalog/api/goals_service.h"
#include "services/catalog/api/indicators_service.h"
#include "services/catalog/api/methods_service.h"
#include "services/catalog/api/policy_packs_service.h"
#include "services/catalog/clients/grpc_identity_client.h"

int main(int argc, char** argv) {
  using namespace teraju::catalog;  // NOLINT(google-build-using-namespace): one screen of names
  return teraju::service::Run(argc, argv, "catalog", kMigrations, [](teraju::service::Host& host) {
    auto& identity = host.Own<GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
    host.Serve<GoalsService>(host.pipeline(), host.database(), identity);
    host.Serve<IndicatorsService>(host.pipeline(), host.database(), identity);
    host.Serve<BehaviorsService>(host.pipeline(), host.database());
    host.Serve<CompetenciesService>(host.pipeline(), host.database());
    host.Serve<MethodsService>(host.pipeline(), host.database());
    host.Serve<PolicyPacksService>(host.pipeline(), host.database());
  });
}
