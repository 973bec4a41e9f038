// Identity: who is this, where, under whom, and may they do that.
#include "common/service/run.h"
#include "identity_migrations.h"
#include "services/identity/api/installation.h"
#include "services/identity/api/services.h"

int main(int argc, char** argv) {
  using namespace teraju::identity;  // NOLINT(google-build-using-namespace): the whole file is
                                     // about it
  return teraju::service::Run(argc, argv, "identity", kMigrations, [](teraju::service::Host& host) {
    Installation& installation = host.Own<Installation>(host);
    AccessBarrier& barrier =
        host.Own<AccessBarrier>(host.database(), [&host] { host.RefreshAccess(); });
    ServeAll(host,
             host.database(),
             {.hasher = installation.hasher(),
              .issuer = installation.issuer(),
              .secrets = installation.secrets(),
              .providers = installation.providers(),
              .barrier = barrier,
              .logger = host.logger()});
    host.Execute(kImport, Import(host.database()));
  });
}
