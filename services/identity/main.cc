// Identity: who is this, where, under whom, and may they do that.
#include "common/service/run.h"
#include "identity_migrations.h"
#include "services/identity/api/accounts_service.h"
#include "services/identity/api/agencies_service.h"
#include "services/identity/api/api_clients_service.h"
#include "services/identity/api/assignments_service.h"
#include "services/identity/api/delegations_service.h"
#include "services/identity/api/employees_service.h"
#include "services/identity/api/import_jobs_service.h"
#include "services/identity/api/installation.h"
#include "services/identity/api/oauth_service.h"
#include "services/identity/api/officials_service.h"
#include "services/identity/api/reporting_lines_service.h"
#include "services/identity/api/revisions_service.h"
#include "services/identity/api/role_bindings_service.h"
#include "services/identity/api/sessions_service.h"
#include "services/identity/api/signing_keys_service.h"
#include "services/identity/api/units_service.h"

int main(int argc, char** argv) {
  using namespace teraju::identity;  // NOLINT(google-build-using-namespace): the list below is read
                                     // as words
  return teraju::service::Run(argc, argv, "identity", kMigrations, [](teraju::service::Host& host) {
    auto& pipeline = host.pipeline();
    auto& database = host.database();
    Installation& installation = host.Own<Installation>(host);
    host.Serve<AgenciesService>(pipeline, database);
    host.Serve<UnitsService>(pipeline, database);
    host.Serve<OfficialsService>(pipeline, database);
    host.Serve<EmployeesService>(pipeline, database);
    host.Serve<AssignmentsService>(pipeline, database);
    host.Serve<DelegationsService>(pipeline, database);
    host.Serve<ReportingLinesService>(pipeline, database);
    host.Serve<RevisionsService>(pipeline, database);
    host.Serve<SessionsService>(pipeline, database, installation.hasher(), installation.issuer());
    host.Serve<OAuthService>(pipeline, database, installation.issuer(), installation.secrets());
    host.Serve<SigningKeysService>(pipeline, database, installation.issuer());
    host.Serve<AccountsService>(pipeline, database);
    host.Serve<RoleBindingsService>(pipeline, database, [&host] { host.RefreshBindings(); });
    host.Serve<ApiClientsService>(pipeline, database);
    host.Serve<ImportJobsService>(pipeline, database);
    host.Execute(kImport, Import(database));
  });
}
