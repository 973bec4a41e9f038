// Every service of this process, for main and for tests alike.
#pragma once

#include <functional>
#include <utility>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/accounts_service.h"
#include "services/identity/api/agencies_service.h"
#include "services/identity/api/api_clients_service.h"
#include "services/identity/api/assignments_service.h"
#include "services/identity/api/delegations_service.h"
#include "services/identity/api/employees_service.h"
#include "services/identity/api/import_jobs_service.h"
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

// What signing in needs beside the database. `refresh_bindings` is called after a change of roles.
struct SignInParts {
  PasswordHasher& hasher;
  TokenIssuer& issuer;
  const ServiceSecrets& secrets;
  std::function<void()> refresh_bindings;
};

// `host` is service::Host or what stands for it in a test.
template <typename Host>
void ServeAll(Host& host, postgres::Database& database, SignInParts parts) {
  rpc::Pipeline& pipeline = host.pipeline();
  host.template Serve<AccountsService>(pipeline, database);
  host.template Serve<AgenciesService>(pipeline, database);
  host.template Serve<ApiClientsService>(pipeline, database);
  host.template Serve<AssignmentsService>(pipeline, database);
  host.template Serve<DelegationsService>(pipeline, database);
  host.template Serve<EmployeesService>(pipeline, database);
  host.template Serve<ImportJobsService>(pipeline, database);
  host.template Serve<OAuthService>(pipeline, database, parts.issuer, parts.secrets);
  host.template Serve<OfficialsService>(pipeline, database);
  host.template Serve<ReportingLinesService>(pipeline, database);
  host.template Serve<RevisionsService>(pipeline, database);
  host.template Serve<RoleBindingsService>(pipeline, database, std::move(parts.refresh_bindings));
  host.template Serve<SessionsService>(pipeline, database, parts.hasher, parts.issuer);
  host.template Serve<SigningKeysService>(pipeline, database, parts.issuer);
  host.template Serve<UnitsService>(pipeline, database);
}

}  // namespace teraju::identity
