// Every service of this process, for main and for tests alike.
#pragma once

#include <utility>
#include <vector>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "services/identity/api/accounts_service.h"
#include "services/identity/api/agencies_service.h"
#include "services/identity/api/api_clients_service.h"
#include "services/identity/api/assignments_service.h"
#include "services/identity/api/delegations_service.h"
#include "services/identity/api/employees_service.h"
#include "services/identity/api/external_sign_ins_service.h"
#include "services/identity/api/import_jobs_service.h"
#include "services/identity/api/mandates_service.h"
#include "services/identity/api/oauth_service.h"
#include "services/identity/api/officials_service.h"
#include "services/identity/api/password_hasher.h"
#include "services/identity/api/reporting_lines_service.h"
#include "services/identity/api/revisions_service.h"
#include "services/identity/api/role_bindings_service.h"
#include "services/identity/api/sessions_service.h"
#include "services/identity/api/signing_keys_service.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/api/units_service.h"

namespace teraju::identity {

// What signing in needs beside the database.
struct SignInParts {
  PasswordHasher& hasher;
  TokenIssuer& issuer;
  const ServiceSecrets& secrets;
  std::vector<OidcSettings> providers;
  AccessBarrier& barrier;
  logging::Logger& logger;
};

// `host` is service::Host or what stands for it in a test.
template <typename Host>
void ServeAll(Host& host, postgres::Database& database, SignInParts parts) {
  rpc::Pipeline& pipeline = host.pipeline();
  host.template Serve<AccessFeedService>(pipeline, database);
  host.template Serve<AccountsService>(pipeline, database, parts.barrier);
  host.template Serve<AgenciesService>(pipeline, database);
  host.template Serve<ApiClientsService>(pipeline, database, parts.barrier);
  host.template Serve<AssignmentsService>(pipeline, database);
  host.template Serve<DelegationsService>(pipeline, database);
  host.template Serve<EmployeesService>(pipeline, database);
  host.template Serve<ExternalSignInsService>(
      pipeline, database, parts.issuer, std::move(parts.providers), parts.logger);
  host.template Serve<ImportJobsService>(pipeline, database);
  host.template Serve<MandatesService>(pipeline, database, parts.barrier);
  host.template Serve<OAuthService>(pipeline, database, parts.issuer, parts.secrets);
  host.template Serve<OfficialsService>(pipeline, database);
  host.template Serve<ReportingLinesService>(pipeline, database);
  host.template Serve<RevisionsService>(pipeline, database);
  host.template Serve<RoleBindingsService>(pipeline, database, parts.barrier);
  host.template Serve<SessionsService>(
      pipeline, database, parts.hasher, parts.issuer, parts.barrier);
  host.template Serve<SigningKeysService>(pipeline, database, parts.issuer, parts.barrier);
  host.template Serve<UnitsService>(pipeline, database);
}

}  // namespace teraju::identity
